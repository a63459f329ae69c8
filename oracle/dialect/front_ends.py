"""The front ends that a `# syntax=` line names, and the behaviours that each has (LEX-34)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from cmdpoint.oracle.dialect.data import version_number
from cmdpoint.oracle.dialect.dialect import Dialect

BEHAVIOURS: Final = (
    "trailing_text",
    "directives",
    "check_options",
    "line_end",
    "heredocs",
    "heredoc_substitutions",
    "heredoc_blanks",
    "text_before_operator",
    "stage_names",
    "substitutions",
    "predefined_arguments",
    "argument_without_value",
    "wrong_default",
    "argument_names",
    "in_file_triggers",
    "string_for_list",
    "flags",
    "health_numbers",
    "chmod_values",
    "exposed_ports",
    "later_stages",
    "capital_hosts",
    "mount_fields",
)
"""The behaviours of BuildKit that its front end decides, and that differ between releases."""

_NAME: Final = re.compile(
    r"(?:(?:index\.)?docker\.io/)?docker/dockerfile(?::(?P<tag>[\w.-]+))?(?P<digest>@.*)?", re.ASCII
)
_VERSION: Final = re.compile(r"1\.\d+(?:\.\d+)?")
_MOVING: Final = (None, "1", "latest")


@dataclass(frozen=True, slots=True)
class FrontEnd:
    """What reads a Dockerfile instead of the builder's own front end.

    Attributes:
        name: The image, as written.
        releases: The described releases of docker/dockerfile that it can be: one of a version, all of a tag
            that moves, none of another image.
    """

    name: str
    releases: tuple[str, ...]

    @property
    def moves(self) -> bool:
        """Whether the tag is moved to each new release."""
        return len(self.releases) > 1


def front_end(name: str) -> FrontEnd:
    """The front end that an image reference means.

    Args:
        name: Such as `docker/dockerfile:1.7`, which stands for the newest 1.7.x.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return FrontEnd(name, ())
    releases = tuple(row["since"] for row in _rows())
    if match["tag"] in _MOVING and not match["digest"]:
        return FrontEnd(name, releases)
    if match["digest"] or not _VERSION.fullmatch(match["tag"]):
        return FrontEnd(name, ())
    wanted = version_number(match["tag"])
    if len(wanted) == 2:
        wanted = (*wanted, 10**6)
    older = [release for release in releases if version_number(release) <= wanted]
    return FrontEnd(name, tuple(older[-1:]))


def with_front_end(dialect: Dialect, release: str) -> Dialect:
    """A dialect of BuildKit, with the behaviours of a release of docker/dockerfile.

    Args:
        dialect: The dialect of the engine.
        release: One of `FrontEnd.releases`.
    """
    return dialect.with_values(_values(release))


@cache
def _rows() -> tuple[Mapping[str, Any], ...]:
    text = files("cmdpoint.oracle.dialect").joinpath("front_ends.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["front_end"])


@cache
def _values(release: str) -> Mapping[str, Any]:
    (row,) = (row for row in _rows() if row["since"] == release)
    like = Dialect.of("docker", row["like"], "buildkit")
    own = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return {name: own.get(name, getattr(like, name)) for name in BEHAVIOURS}
