"""The base images of Dockerfiles: the configs that are given, and a config that stands for each other one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from cmdpoint.bases.faults import BadBase
from cmdpoint.bases.formats import UnreadableConfig, config_of, read_path, read_text
from cmdpoint.bases.names import canonical
from cmdpoint.oracle.case import ImageConfig, Words
from cmdpoint.oracle.dockerfile.reference import is_reference
from cmdpoint.oracle.interchange.outcome import KEYS

INSPECTED: Final = "what `docker image inspect NAME` or `skopeo inspect --config --raw docker://NAME` prints"
"""Where the config of an image comes from."""


class NamedConfigs(Mapping[str, ImageConfig]):
    """Configs by the name of their image. Names of the same image find the same config.

    Iterating gives the names as they were written.
    """

    def __init__(self, configs: Mapping[str, ImageConfig]) -> None:
        """Take configs by name; of two names of one image, the last counts."""
        self._configs = dict(configs)
        self._written = {canonical(name): name for name in configs}

    def __getitem__(self, name: str) -> ImageConfig:
        return self._configs[self._written[canonical(name)]]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and canonical(name) in self._written

    def __iter__(self) -> Iterator[str]:
        return iter(self._written.values())

    def __len__(self) -> int:
        return len(self._written)

    def written(self, name: str) -> str:
        """How the image of a name was written where its config was given."""
        return self._written[canonical(name)]


def _empty(_: str) -> ImageConfig:
    return ImageConfig()


class Bases(Mapping[str, ImageConfig]):
    """Every image that a FROM can name.

    Attributes:
        given: The configs that are given, or that a source finds.
        unknown: The names that were looked up and are not given, in order.
        used: The names that were looked up and are given, as they were given.
    """

    def __init__(
        self, given: Mapping[str, ImageConfig], stand_in: Callable[[str], ImageConfig] = _empty
    ) -> None:
        """Prepare the look-up.

        Args:
            given: The configs that are given.
            stand_in: Makes a config for a name that is not given.
        """
        self.given = given if isinstance(given, NamedConfigs) else NamedConfigs(given)
        self._stand_in = stand_in
        self.unknown: list[str] = []
        self.used: list[str] = []

    def __getitem__(self, name: str) -> ImageConfig:
        if name in self.given:
            self.used.append(self.given.written(name))
            return self.given[name]
        if not _can_exist(name):
            raise KeyError(name)
        if name not in self.unknown:
            self.unknown.append(name)
        return self._stand_in(name)

    def __contains__(self, name: object) -> bool:
        """Whether an image can have this name. This does not count as a look-up."""
        return isinstance(name, str) and (name in self.given or _can_exist(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self.given)

    def __len__(self) -> int:
        return len(self.given)

    @property
    def unused(self) -> list[str]:
        """The names that are given, but that no build looked up."""
        return [name for name in self.given if name not in self.used]


def _can_exist(name: str) -> bool:
    """Whether an image can have a name; a variable in it can become anything."""
    return "$" in name or is_reference(name)


def given(options: Iterable[str]) -> NamedConfigs:
    """The configs that `--base` options give.

    Args:
        options: Each is `NAME=JSON` or `NAME=@PATH`.

    Raises:
        BadBase: One is not of that form.
    """
    configs: dict[str, ImageConfig] = {}
    for option in options:
        name, config = _one(option)
        if canonical(name) in map(canonical, configs):
            what, why = f"--base {option} cannot be used", f"an earlier --base gives {name} too"
            raise BadBase(what, why, "give each name once")
        configs[name] = config
    return NamedConfigs(configs)


def _one(option: str) -> tuple[str, ImageConfig]:
    name, equals, text = option.partition("=")
    if not name or not equals:
        raise _bad(option, "it has no NAME= before the config")
    if not is_reference(name):
        raise _bad(option, f"no image can be called {name}")
    try:
        config = read_path(Path(text[1:])) if text.startswith("@") else read_text(text)
    except UnreadableConfig as error:
        raise _bad(option, str(error)) from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _bad(option, f"{text[1:]} cannot be read: {why}") from error
    return name, read_config(config, f"--base {option}", f"NAME= and {INSPECTED}")


def read_config(config: object, source: str, wanted: str = INSPECTED) -> ImageConfig:
    """The keys of an image's config that decide what runs.

    Args:
        config: The decoded JSON object, with keys such as `Entrypoint` and `Cmd`; others are ignored.
        source: What to call it in an error.
        wanted: What an error says to give instead.

    Raises:
        BadBase: It is not an object, or a key is neither null nor a list of strings.
    """
    if not isinstance(config, Mapping):
        raise BadBase(f"{source} cannot be used", "the config is not a JSON object", f"give {wanted}")
    lists: list[Words] = []
    for key in KEYS:
        words = config.get(key)
        if words is not None and not (
            isinstance(words, list | tuple) and all(isinstance(w, str) for w in words)
        ):
            why = f"{key} is neither null nor a list of strings"
            raise BadBase(f"{source} cannot be used", why, f"give {wanted}")
        lists.append(tuple(words or ()))
    entrypoint, cmd, shell, on_build = lists
    return ImageConfig(entrypoint, cmd, shell, on_build)


def given_config(data: object, source: str) -> ImageConfig:
    """A config that is given as decoded JSON, in any form that a tool prints.

    Args:
        data: The JSON; see `config_of`.
        source: What to call it in an error.

    Raises:
        BadBase: It holds no config; or see `read_config`.
    """
    try:
        return read_config(config_of(data, exact=False), source)
    except UnreadableConfig as error:
        raise BadBase(f"{source} cannot be used", str(error), f"give {INSPECTED}") from error


def _bad(option: str, why: str) -> BadBase:
    return BadBase(f"--base {option} cannot be used", why, f"give NAME= and {INSPECTED}, or NAME=@FILE")
