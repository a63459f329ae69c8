"""Look up base images that are not given with `--base`: in the settings, a daemon, a registry, a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from cmdpoint.bases.given import NamedConfigs
from cmdpoint.bases.names import reference
from cmdpoint.oracle.case import ImageConfig


@dataclass(frozen=True, slots=True)
class Found:
    """The config of an image, and where it comes from.

    Attributes:
        config: The config.
        origin: Where it comes from, as a noun with an article or a name.
        date: For a source that may be out of date, its date; otherwise empty.
    """

    config: ImageConfig
    origin: str
    date: str = ""


class Source(Protocol):
    """Something that knows the configs of images."""

    def find(self, name: str) -> Found | None:
        """The config of an image by its name in FROM; None if the source does not know it.

        Raises:
            Fault: The source cannot be read.
        """


class FoundConfigs(NamedConfigs):
    """The configs that are given, and those that sources find. Each name is looked up once.

    Iterating gives the names of the configs that are given.
    """

    def __init__(self, given: Mapping[str, ImageConfig], sources: Iterable[Source]) -> None:
        """Prepare the look-up.

        Args:
            given: The configs that are given, which come before every source.
            sources: The sources; the first that finds a name counts.
        """
        super().__init__(given)
        self._sources = tuple(sources)
        self._found: dict[str, Found | None] = {}

    def __getitem__(self, name: str) -> ImageConfig:
        if super().__contains__(name):
            return super().__getitem__(name)
        found = self._find(name)
        if found is None:
            raise KeyError(name)
        return found.config

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (super().__contains__(name) or self._find(name) is not None)

    def written(self, name: str) -> str:
        """How the image of a name was written where its config was given, or else the name."""
        return super().written(name) if super().__contains__(name) else name

    def found(self, name: str) -> Found | None:
        """What a source found of an image; None if its config is given, or not found."""
        return None if super().__contains__(name) else self._find(name)

    @property
    def looked_up(self) -> dict[str, Found]:
        """What sources found so far, by name."""
        return {name: found for name, found in self._found.items() if found is not None}

    def then(self, source: Source) -> "FoundConfigs":
        """The same, and one more source."""
        return FoundConfigs({name: self[name] for name in self}, [*self._sources, source])

    def _find(self, name: str) -> Found | None:
        if reference(name) is None:
            return None
        if name not in self._found:
            answers = (source.find(name) for source in self._sources)
            self._found[name] = next((each for each in answers if each is not None), None)
        return self._found[name]


@dataclass(frozen=True, slots=True)
class Given:
    """The configs of a file of the project, as a source.

    Attributes:
        configs: The configs.
        file: The name of the file.
    """

    configs: NamedConfigs
    file: str

    def find(self, name: str) -> Found | None:
        """The config that the file gives for an image, if any."""
        return Found(self.configs[name], self.file) if name in self.configs else None


def looked_up(configs: Mapping[str, ImageConfig]) -> Mapping[str, Found]:
    """What sources found so far, by the name of the image."""
    return configs.looked_up if isinstance(configs, FoundConfigs) else {}


def as_data(found: Mapping[str, Found]) -> list[dict[str, str | None]]:
    """Where the configs of base images come from, for JSON.

    Args:
        found: What sources found, by the name of the image.
    """
    return [{"name": name, "origin": each.origin, "date": each.date or None} for name, each in found.items()]
