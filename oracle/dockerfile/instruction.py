"""From a logical line to an instruction: its keyword, its flags and the text of its arguments."""

import re
from typing import Final, NamedTuple

from cmdpoint.oracle.dockerfile.flags import split_flags
from cmdpoint.oracle.dockerfile.lines import Line
from cmdpoint.oracle.dockerfile.text import SPACE, lower
from cmdpoint.oracle.trace import Scope

SEPARATOR: Final = re.compile(r"[\t\v\f\r ]+")
"""What separates the words of an instruction."""


class Instruction(NamedTuple):
    """An instruction as written.

    Attributes:
        keyword: In capitals.
        flags: The words that begin with `--`, before the arguments.
        text: The arguments, without white space around them.
        line: The physical line it starts on, from 1.
        original: The whole line, from the keyword on.
        joined: Whether it stands on several lines.
    """

    keyword: str
    flags: tuple[str, ...]
    text: str
    line: int
    original: str
    joined: bool = False

    @property
    def words(self) -> list[str]:
        """The arguments of an instruction that takes words, such as FROM."""
        return SEPARATOR.split(self.text) if self.text else []


def instruction(line: Line, escape: str, scope: Scope) -> Instruction:
    """Split a logical line (LEX-19 to LEX-21, LEX-26, LEX-28).

    Args:
        line: The line.
        escape: The escape character.
        scope: Takes the steps.

    Source: moby/buildkit, `frontend/dockerfile/parser/split_command.go`.
    """
    stripped = line.text.strip(SPACE)
    keyword, *rest = SEPARATOR.split(stripped, maxsplit=1)
    scope = scope.at(line.number)
    if not keyword.isascii() and any(char in SPACE for char in keyword):
        scope.note("LEX-20", "keyword", note="only ASCII white space ends a keyword")
    if not rest:
        return Instruction(_upper(keyword, scope), (), "", line.number, line.text, line.joined)
    if stripped[len(keyword)] in "\v\f\r":
        scope.note("LEX-20", "keyword", note="vertical tab, form feed and carriage return end a keyword too")
    flags, text = split_flags(rest[0], escape)
    if flags:
        scope.note("LEX-26", "flags", None, flags)
    elif text != rest[0]:
        scope.note("LEX-28", "text", rest[0], text, "-- ends the flags, and is gone")
    bare = text.strip(SPACE)
    if len(bare) != len(text) or len(stripped) != len(line.text.rstrip("\t ")):
        scope.note("LEX-19", "text", None, bare, "white space around it is dropped")
    return Instruction(_upper(keyword, scope), flags, bare, line.number, line.text, line.joined)


def _upper(keyword: str, scope: Scope) -> str:
    upper = lower(keyword).upper()
    if upper != keyword:
        scope.note("LEX-21", "keyword", keyword, upper, "letter case does not matter")
    return upper
