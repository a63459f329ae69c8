"""From physical lines to logical ones: comments and blank lines go, continued lines are joined."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oracle.dockerfile.text import SPACE

# One escape character ends a continued line; blanks may follow it, another one may not stand before it.
_CONTINUED = re.compile(r"(^|[^\\])\\[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line.

    Attributes:
        number: The physical line it starts on, from 1.
        text: Its text, without leading white space.
    """

    number: int
    text: str


def logical_lines(dockerfile: str) -> Iterator[Line]:
    """The logical lines of a Dockerfile that are neither blank nor comments.

    Source: moby/buildkit, `frontend/dockerfile/parser/parser.go:Parse`.
    """
    physical = enumerate((line.rstrip("\r") for line in dockerfile.split("\n")), start=1)
    for number, line in physical:
        text, continued = _unescape("" if _is_comment(line) else line.lstrip(SPACE))
        if not text and not continued:
            continue
        while continued:
            _, more = next(physical, (0, None))
            if more is None:
                break
            if _is_comment(more) or not more.strip(SPACE):
                continue
            more, continued = _unescape(more)
            text += more
        yield Line(number, text)


def _is_comment(line: str) -> bool:
    return line.lstrip(SPACE).startswith("#")


def _unescape(line: str) -> tuple[str, bool]:
    """The line without the escape character that continues it, and whether there was one."""
    match = _CONTINUED.search(line)
    return (line[: match.end(1)], True) if match else (line, False)
