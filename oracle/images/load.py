"""Load a saved image (`docker load`): its config is what its JSON says."""

import json
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
_ALSO_ONE_WORD: Final = ONE_WORD["one word"]
"""The lists that may also be saved as one string, which becomes their only word."""


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
    given: dict[str, Any] = {}
    for key, value in json.loads(origin.config).items():
        name = next((known for known in (*_LISTS, *_WORDS) if fold(known) == fold(key)), None)
        if name is not None and value is not None:
            given[name] = value
    try:
        one_word = ONE_WORD[dialect.saved_string]
        lists = {name: _words(given.get(name, []), string=name in one_word) for name in _LISTS}
        working_dir, user = (_word(given.get(name, "")) for name in _WORDS)
    except _WrongTypeError:
        if dialect.wrong_type == "stored":
            scope.note(
                "LOAD-4", "config", None, "kept", "a value has the wrong type: the config cannot be read"
            )
            return ImageConfig(unreadable=True)
        scope.note("LOAD-4", "config", None, "refused", "a value has the wrong type")
        return Refusal("build", "bad-config", "a value of the config has the wrong type")
    env = tuple((name, value) for name, _, value in (word.partition("=") for word in lists["Env"]))
    setting = Setting(env, working_dir, user)
    entrypoint, cmd, shell, on_build, _ = lists.values()
    strings = tuple(name for name in _ALSO_ONE_WORD if isinstance(given.get(name), str))
    config = ImageConfig(
        entrypoint, cmd, shell, on_build, setting, strings_for_lists=strings, files=probe.FILES
    )
    scope.note("LOAD-1", "config", None, config, "as it was saved")
    return config


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
