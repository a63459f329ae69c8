"""A finding, and the instruction that it is about."""

from dataclasses import dataclass

from cmdpoint.bases.names import is_windows
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.commands import Command, Reader
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope


@dataclass(frozen=True, slots=True)
class Fix:
    """Another text for an instruction.

    Attributes:
        text: The instruction.
        words: What the instruction then stands for; the fix is shown only if a prediction confirms it.
    """

    text: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something surprising.

    Attributes:
        weight: How much it matters: findings with smaller numbers are shown first.
        rule: The id of the rule.
        message: What happens, and why, in a sentence or two.
        line: The line on which the instruction starts; None if it is about the command line.
        column: The column, from 1.
        fix: Another text for the instruction, if one is known.
        advice: What else to do.
        at: The line that the column is about, if it is another line of the instruction.
    """

    weight: int
    rule: str
    message: str
    line: int | None = None
    column: int = 1
    fix: Fix | None = None
    advice: str = ""
    at: int | None = None

    @property
    def shown_line(self) -> int | None:
        """The line that is shown with the column."""
        return self.line if self.at is None else self.at


@dataclass(frozen=True, slots=True)
class Source:
    """The Dockerfile's text and its commands.

    Attributes:
        text: The text.
        commands: The commands by the line they start on.
    """

    text: str
    commands: dict[int, Command]

    @classmethod
    def read(cls, text: str, dialect: Dialect) -> "Source":
        """Read a Dockerfile; one that is refused has no commands."""
        commands = Reader(dialect, Scope.after()).commands(text)
        found = () if isinstance(commands, Refusal) else commands
        return cls(text, {command.instruction.line: command for command in found})

    @property
    def windows_base(self) -> str | None:
        """The first base image that is for Windows, whose rules are others; None if there is none."""
        froms = (each.instruction for each in self.commands.values() if each.instruction.keyword == "FROM")
        return next((each.words[0] for each in froms if each.words and is_windows(each.words[0])), None)

    def position(self, line: int, part: str) -> tuple[int, int]:
        """The line and column of a text in the instruction that starts on a line."""
        lines = self.text.split("\n")
        for number in range(line, self.last_line(line) + 1):
            if part and (at := lines[number - 1].find(part)) >= 0:
                return number, at + 1
        return line, self.column(line)

    def column(self, line: int) -> int:
        """The column of the arguments of the instruction that starts on a line; its own if it has none."""
        lines = self.text.split("\n")
        content = lines[line - 1] if line <= len(lines) else ""
        stripped = content.lstrip()
        keyword = stripped.split(maxsplit=1)[0] if stripped else ""
        return len(content) - len(stripped[len(keyword) :].lstrip() or stripped) + 1

    def last_line(self, line: int) -> int:
        """The last line of the instruction that starts on a line; comments behind it do not count."""
        lines = self.text.split("\n")
        last = min((start for start in self.commands if start > line), default=len(lines) + 1) - 1
        while last > line and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
            last -= 1
        return last

    def replaced(self, line: int, text: str) -> str:
        """The Dockerfile with another text for the instruction that starts on a line."""
        lines = self.text.split("\n")
        end = self.last_line(line)
        tail = [""] * (end - line)
        return "\n".join([*lines[: line - 1], text, *tail, *lines[end:]])
