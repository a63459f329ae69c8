"""The options of `docker run` and `podman run`: which take a value, and which have a name of one letter."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of a client, of any version.

    Attributes:
        switches: Those that are on or off.
        valued: Those that take a value.
        short: Those of one letter, by it.
    """

    switches: frozenset[str]
    valued: frozenset[str]
    short: Mapping[str, str]


_DATA: Final = tomllib.loads(files("cmdpoint.oracle.clients").joinpath("run_options.toml").read_text("utf-8"))

RUN_OPTIONS: Final = {
    engine: RunOptions(frozenset(data["switches"]), frozenset(data["valued"]), data["short"])
    for engine, data in _DATA.items()
}
"""The options of each engine's client."""
