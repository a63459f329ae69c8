"""A Dockerfile without the instruction that is refused, to find what else is surprising about it."""

import re
from difflib import get_close_matches
from typing import Final

from cmdpoint.findings.finding import Source
from cmdpoint.findings.refusals import here_document

BASE: Final = "cmdpoint.invalid/this-base"
"""The name of the image in place of one that FROM cannot name."""

_DECIDES_NOTHING: Final = frozenset(
    {
        "ADD",
        "ARG",
        "COPY",
        "ENV",
        "EXPOSE",
        "HEALTHCHECK",
        "LABEL",
        "MAINTAINER",
        "ONBUILD",
        "RUN",
        "STOPSIGNAL",
    }
    | {"FROM", "USER", "VOLUME", "WORKDIR"}
)
"""The instructions without which, or with another base, the others mean what they meant."""

_STAGE: Final = re.compile(r"\s+(AS\s+\S+)\s*$", re.IGNORECASE)


def without(source: Source, line: int) -> tuple[str, bool]:
    """The text without an instruction, whose lines are blank; FROM has another base.

    A here-document that is read as instructions is blank as a whole.

    Args:
        source: The Dockerfile.
        line: The line on which the instruction starts.

    Returns:
        The text, and whether the other instructions still decide what runs.
    """
    lines = source.text.split("\n")
    words = lines[line - 1].split(maxsplit=1)
    keyword = words[0].upper() if words else ""
    stage = _STAGE.search(lines[line - 1])
    instead = "" if keyword != "FROM" else f"FROM {BASE} {stage[1] if stage else ''}".rstrip()
    if (here := here_document(lines, line)) is not None:
        blank = [""] * (here.last - line + 1)
        return "\n".join((*lines[: line - 1], *blank, *lines[here.last :])), True
    may_be_meant = get_close_matches(keyword, ("CMD", "ENTRYPOINT", "SHELL"), cutoff=0.5)
    return source.replaced(line, instead), keyword in _DECIDES_NOTHING or not may_be_meant


def shown(text: str) -> str:
    """A message in which the other base is called by no name."""
    return text.replace(BASE, "this base")
