"""The options of `docker run` and `podman run`: which of them take a value, and their one-letter names."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from cmdpoint.oracle.clients.option_values import Kind


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of a client, in all its versions.

    Attributes:
        switches: The options that are true or false.
        valued: The options that take a value.
        short: The options that have a one-letter name, by that letter.
        kinds: What an option takes, if the client reads its value itself.
    """

    switches: frozenset[str]
    valued: frozenset[str]
    short: Mapping[str, str]
    kinds: Mapping[str, Kind]


_DATA: Final = tomllib.loads(files("cmdpoint.oracle.clients").joinpath("run_options.toml").read_text("utf-8"))


def _options(data: Mapping[str, Any]) -> RunOptions:
    kinds = {option: kind for kind, options in data["kinds"].items() for option in options}
    return RunOptions(frozenset(data["switches"]), frozenset(data["valued"]), data["short"], kinds)


RUN_OPTIONS: Final = {engine: _options(data) for engine, data in _DATA.items()}
"""The options of each client, by engine."""
