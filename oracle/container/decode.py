"""Decode the JSON body of a create request as an engine does: which keys and types it accepts."""

from typing import Any, Final

from cmdpoint.oracle.case import ABSENT, BODY_KEYS, RawRequest, Request, Words
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
    decoder = _Decoder(dialect, scope)
    try:
        for written, value in raw.body().items():
            decoder.read(written, value)
    except _WrongTypeError as wrong:
        scope.note("MERGE-11", "request", None, "refused", str(wrong))
        codes = Codes(dialect.wrong_json_status, run=125)
        return Refusal("create", "bad-request", str(wrong), codes=codes)
    return decoder.request()


class _Decoder:
    """What an engine has read of a body so far.

    A key may occur again in other letter case. Its value is then decoded into what the earlier one has left.
    """

    def __init__(self, dialect: Dialect, scope: Scope) -> None:
        self._dialect = dialect
        self._scope = scope
        self._values: dict[str, Any] = {}
        # The words in the memory of a list, also those behind its end: a longer list uses them again.
        self._memory: dict[str, Words] = {}

    def read(self, written: str, value: object) -> None:
        """Decode the value of a key, as it is written.

        Raises:
            _WrongTypeError: The value has a wrong type.
        """
        key = _KEYS.get(self._compared(written))
        if key is None:
            return
        if key != written:
            self._scope.note("MERGE-12", key, written, key, "letter case does not matter in a key")
        if key == "HostConfig":
            self._values["Init"] = self._init(value)
        elif key in ("WorkingDir", "User"):
            self._values[key] = self._values.get(key, "") if value is None else _string(key, value)
        else:
            self._values[key] = self._words(key, value)

    def request(self) -> Request:
        """The request that the values make."""
        values = self._values
        return Request(
            values.get("Entrypoint", ABSENT),
            values.get("Cmd", ABSENT),
            values.get("Env") or (),
            values.get("WorkingDir", ""),
            values.get("User", ""),
            init=values.get("Init") or False,
        )

    def _compared(self, key: str) -> str:
        """A key as it is compared with the known ones, in lower case."""
        return fold(key) if self._dialect.json_decoder == "encoding/json" else lower(key)

    def _words(self, key: str, value: object) -> Words | None:
        """Decode a list of words; null is None."""
        if value is None:
            self._memory.pop(key, None)
            return None
        # Until Docker 29, the type of Entrypoint and Cmd has its own decoder, which begins with a new list.
        has_decoder = key != "Env" and self._dialect.request_string == "one word"
        if isinstance(value, str) and has_decoder:
            self._scope.note("MERGE-11", key, value, (readable(value),), "a string is a list of one word")
            return (readable(value),)
        if not isinstance(value, list):
            raise _WrongTypeError(f"{key} is not a list")
        memory = self._memory.get(key, ())
        words = tuple(
            _string(f"a word of {key}", word) if word is not None else self._null(key, memory[at : at + 1])
            for at, word in enumerate(value)
        )
        if self._dialect.json_decoder == "encoding/json" and not has_decoder:
            self._memory[key] = words and words + memory[len(words) :]
        return words

    def _null(self, key: str, earlier: Words) -> str:
        """The word that null in a list stands for: the one that the memory holds at its position, if any."""
        word = earlier[0] if earlier else ""
        note = (
            "null in a list keeps the earlier list's word" if earlier else "null in a list is an empty word"
        )
        self._scope.note("MERGE-12", key, None, word, note)
        return word

    def _init(self, host_config: object) -> bool | None:
        """Decode `Init` in a HostConfig; None if it is null or absent."""
        init: bool | None = self._values.get("Init")
        if host_config is None:
            return None if self._dialect.null_host_config == "resets" else init
        if not isinstance(host_config, dict):
            raise _WrongTypeError("HostConfig is not an object")
        for written, value in host_config.items():
            if self._compared(written) == "init":
                if not isinstance(value, bool | None):
                    raise _WrongTypeError("HostConfig.Init is neither true nor false")
                init = value
        return init


def _string(what: str, value: object) -> str:
    if not isinstance(value, str):
        raise _WrongTypeError(f"{what} is not a string")
    return readable(value)
