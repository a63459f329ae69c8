"""From a logical line to an instruction: its keyword, its flags and the text of its arguments."""

import re
from dataclasses import dataclass

from oracle.dockerfile.lines import Line
from oracle.dockerfile.text import SPACE

_SEPARATOR = re.compile(r"[\t\v\f\r ]+")


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction as written.

    Attributes:
        keyword: In capitals.
        flags: The words that begin with `--`, before the arguments.
        text: The arguments, without white space around them.
        line: The physical line it starts on, from 1.
    """

    keyword: str
    flags: tuple[str, ...]
    text: str
    line: int

    @property
    def words(self) -> list[str]:
        """The arguments of an instruction that takes words, such as FROM."""
        return _SEPARATOR.split(self.text) if self.text else []


def instruction(line: Line) -> Instruction:
    """Split a logical line.

    Source: moby/buildkit, `frontend/dockerfile/parser/split_command.go`.
    """
    keyword, *rest = _SEPARATOR.split(line.text.strip(SPACE), maxsplit=1)
    flags, text = _flags(rest[0] if rest else "")
    return Instruction(keyword.upper(), flags, text.strip(SPACE), line.number)


def _flags(text: str) -> tuple[tuple[str, ...], str]:
    """The flags at the start of the arguments, and what follows them; the word `--` ends them."""
    flags: list[str] = []
    while (text := text.lstrip(SPACE)).startswith("--"):
        word, text = (*_SEPARATOR.split(text, maxsplit=1), "")[:2]
        if word == "--":
            break
        flags.append(word)
    return tuple(flags), text
