"""The images a Dockerfile builds on: configs that were given, and for all others the assumption of none."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from cmdpoint.cli.faults import BadBase
from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.interchange.outcome import KEYS

_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    r"(?:[^/@\s]*[.:][^/@\s]*/|localhost/)?"
    rf"{_PART}(?:/{_PART})*(?::\w[\w.-]{{0,127}})?(?:@[a-z0-9+._-]+:[0-9a-fA-F]+)?"
)


class Bases(Mapping[str, ImageConfig]):
    """Every image somebody may name: what was not given has no Entrypoint and no Cmd.

    Attributes:
        assumed: The names that were asked for and not given, in order.
        used: The names that were asked for and given.
    """

    def __init__(self, given: Mapping[str, ImageConfig]) -> None:
        self._given = given
        self.assumed: list[str] = []
        self.used: list[str] = []

    def __getitem__(self, name: str) -> ImageConfig:
        if name in self._given:
            self.used.append(name)
            return self._given[name]
        # A name with a variable in it may become anything; any other must be one that an image can have.
        if "$" not in name and not _REFERENCE.fullmatch(name):
            raise KeyError(name)
        if name not in self.assumed:
            self.assumed.append(name)
        return ImageConfig()

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    @property
    def unused(self) -> list[str]:
        """The names that were given, but that nothing was built on."""
        return [name for name in self._given if name not in self.used]


def given(options: Iterable[str]) -> dict[str, ImageConfig]:
    """The configs that `--base` options give.

    Args:
        options: Each is `NAME={"Entrypoint": [...], "Cmd": [...]}`.

    Raises:
        BadBase: One is not of that form.
    """
    return dict(map(_one, options))


def _one(option: str) -> tuple[str, ImageConfig]:
    name, equals, text = option.partition("=")
    if not name or not equals:
        raise _bad(option, "it has no NAME= before the config")
    try:
        config = json.loads(text)
    except ValueError as error:
        raise _bad(option, f"the config is no JSON: {error}") from error
    except RecursionError as error:
        raise _bad(option, "the config is nested too deep") from error
    if not isinstance(config, dict):
        raise _bad(option, "the config is no JSON object")
    entrypoint, cmd, shell, on_build = (_words(option, config, key) for key in KEYS)
    return name, ImageConfig(entrypoint, cmd, shell, on_build)


def _words(option: str, config: Mapping[str, object], key: str) -> tuple[str, ...]:
    words = config.get(key)
    if words is None:
        return ()
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise _bad(option, f"{key} is neither null nor a list of strings")
    return tuple(words)


def _bad(option: str, why: str) -> BadBase:
    remedy = "give NAME= and what `docker image inspect --format '{{json .Config}}' NAME` prints"
    return BadBase(f"--base {option} cannot be used", why, remedy)
