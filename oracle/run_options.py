"""The options of `docker run`: which take a value, and which have a name of one letter."""

import tomllib
from importlib.resources import files
from typing import Final

_DATA: Final = tomllib.loads(files("oracle").joinpath("run_options.toml").read_text("utf-8"))

SWITCHES: Final = frozenset[str](_DATA["switches"])
"""The options that are on or off."""

VALUED: Final = frozenset[str](_DATA["valued"])
"""The options that take a value."""

SHORT: Final[dict[str, str]] = _DATA["short"]
"""The options of one letter, by it."""
