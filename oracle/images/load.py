"""Load a saved image (`docker load`): its config is what its JSON says."""

import json
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any, Final

from cmdpoint.oracle.build.stage import ONE_WORD
from cmdpoint.oracle.case import ImageConfig, Load, Setting, Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import fold, readable
from cmdpoint.oracle.images import probe
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope

_LISTS: Final = ("Entrypoint", "Cmd", "Shell", "OnBuild", "Env")
_WORDS: Final = ("WorkingDir", "User")


class _WrongTypeError(Exception):
    """A value has a type that its key cannot have."""


def load(origin: Load, dialect: Dialect, scope: Scope) -> ImageConfig | Refusal:
    """Load an image with the probe's files.

    Args:
        origin: Its config.
        dialect: How the engine behaves.
        scope: Takes the steps.

    Returns:
        The image's config, or the refusal of one with a value of the wrong type. An engine that loads such an
        image all the same cannot read its config: it is empty and `unreadable`.

    Source: Go, `encoding/json`; moby/moby, `image/image.go:NewFromJSON`, `api/types/strslice`.
    """
    try:
        given = _decoded(json.loads(origin.config), ONE_WORD[dialect.saved_string])
    except _WrongTypeError:
        if dialect.wrong_type == "stored":
            scope.note(
                "LOAD-4", "config", None, "kept", "a value has the wrong type: the config cannot be read"
            )
            return ImageConfig(unreadable=True)
        scope.note("LOAD-4", "config", None, "refused", "a value has the wrong type")
        return Refusal("build", "bad-config", "a value of the config has the wrong type")
    setting = Setting.with_variables(given.lists["Env"], given.words["WorkingDir"], given.words["User"])
    entrypoint, cmd, shell, on_build, _ = given.lists.values()
    config = ImageConfig(
        entrypoint, cmd, shell, on_build, setting, strings_for_lists=given.strings, files=probe.FILES
    )
    scope.note("LOAD-1", "config", None, config, "as it was saved")
    return config


@dataclass(slots=True)
class _Config:
    """The values of a config.

    Attributes:
        lists: The lists by their names.
        words: The words by their names.
        strings: The names of the lists that are saved as one string.
    """

    lists: dict[str, Words] = field(default_factory=lambda: dict.fromkeys(_LISTS, ()))
    words: dict[str, str] = field(default_factory=lambda: dict.fromkeys(_WORDS, ""))
    strings: Words = ()


def _decoded(config: dict[str, Any], one_word: Container[str]) -> _Config:
    """Decode the values in their order: of two keys that differ in letter case, the later one counts.

    Raises:
        _WrongTypeError: A value has a type that its key cannot have.
    """
    decoded = _Config()
    for key, value in config.items():
        name = next((known for known in (*_LISTS, *_WORDS) if fold(known) == fold(key)), None)
        if name in _LISTS:
            decoded.lists[name] = () if value is None else _words(value, string=name in one_word)
            decoded.strings += (name,) if isinstance(value, str) else ()
        elif name is not None and value is not None:
            decoded.words[name] = _word(value)
    return decoded


def _words(value: object, *, string: bool) -> Words:
    if isinstance(value, str) and string:
        return (readable(value),)
    if not isinstance(value, list):
        raise _WrongTypeError
    # Where the list has null, Go leaves the word empty.
    return tuple("" if word is None else _word(word) for word in value)


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise _WrongTypeError
    return readable(value)
