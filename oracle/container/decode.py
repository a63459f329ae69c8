"""Decode the JSON body of a create request as an engine does: which keys and types it accepts."""

from typing import Any, Final

from cmdpoint.oracle.case import ABSENT, BODY_KEYS, Absent, RawRequest, Request, Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import fold, lower, readable
from cmdpoint.oracle.outcome import Codes, Refusal
from cmdpoint.oracle.trace import Scope

_KEYS: Final = {key.lower(): key for key in BODY_KEYS}


class _WrongTypeError(Exception):
    """A value has a type that the engine does not accept under its key."""


def decode(raw: RawRequest, dialect: Dialect, scope: Scope) -> Request | Refusal:
    """Decode a body.

    Args:
        raw: The body.
        dialect: The dialect of the engine.
        scope: Receives the steps.

    Returns:
        The request; or the refusal, in phase `create`, if a value has a wrong type.

    Source: moby/moby, `runconfig/config.go:decodeContainerConfig`, `api/types/strslice`; containers/podman,
    `pkg/api/handlers/compat/containers_create.go`; Go, `encoding/json`.
    """
    scope = scope.in_phase("create")
    values: dict[str, Any] = {}
    try:
        for written, value in raw.body().items():
            key = _KEYS.get(_compared(written, dialect))
            if key is None:
                continue
            if key != written:
                scope.note("MERGE-12", key, written, key, "letter case does not matter in a key")
            read = _value(key, value, dialect, scope)
            # null leaves what an earlier key of this name has set, unless it is a list.
            if read is not None or key in ("Entrypoint", "Cmd", "Env"):
                values[key] = read
    except _WrongTypeError as wrong:
        scope.note("MERGE-11", "request", None, "refused", str(wrong))
        codes = Codes(dialect.wrong_json_status, run=125)
        return Refusal("create", "bad-request", str(wrong), codes=codes)
    return Request(
        _given(values, "Entrypoint"),
        _given(values, "Cmd"),
        values.get("Env") or (),
        values.get("WorkingDir", ""),
        values.get("User", ""),
        init=values.get("HostConfig", False),
    )


def _compared(key: str, dialect: Dialect) -> str:
    """A key as it is compared with the known ones, in lower case."""
    return fold(key) if dialect.json_keys == "folded" else lower(key)


def _given(values: dict[str, Any], key: str) -> Words | Absent | None:
    words: Words | None = values.get(key)
    return words if key in values else ABSENT


def _value(key: str, value: object, dialect: Dialect, scope: Scope) -> object:
    """Decode the value of a key; null is None.

    Raises:
        _WrongTypeError: It has a wrong type.
    """
    if value is None:
        return None
    if key in ("WorkingDir", "User"):
        return _string(key, value)
    if key == "HostConfig":
        return _init(value, dialect)
    if isinstance(value, str) and key != "Env" and dialect.request_string == "one word":
        scope.note("MERGE-11", key, value, (readable(value),), "a string is a list of one word")
        return (readable(value),)
    if not isinstance(value, list):
        raise _WrongTypeError(f"{key} is not a list")
    if None in value:
        scope.note("MERGE-12", key, None, "", "null in a list is an empty word")
    return tuple("" if word is None else _string(f"a word of {key}", word) for word in value)


def _string(what: str, value: object) -> str:
    if not isinstance(value, str):
        raise _WrongTypeError(f"{what} is not a string")
    return readable(value)


def _init(host_config: object, dialect: Dialect) -> bool | None:
    """Decode `Init` in a HostConfig; None if it is null or absent."""
    if not isinstance(host_config, dict):
        raise _WrongTypeError("HostConfig is not an object")
    init: bool | None = None
    for written, value in host_config.items():
        if _compared(written, dialect) == "init":
            if not isinstance(value, bool | None):
                raise _WrongTypeError("HostConfig.Init is neither true nor false")
            init = value
    return init
