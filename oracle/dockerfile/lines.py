"""From physical lines to logical ones: comments and blank lines are dropped, continued lines joined."""

from collections.abc import Iterator
from itertools import compress
from typing import Final, NamedTuple

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import SPACE
from cmdpoint.oracle.trace import Scope

_NEVER_TOO_LONG: Final = 4096
"""The length up to which no builder refuses a line, so that the dialect's limit need not be read."""


class Line(NamedTuple):
    """A logical line.

    Attributes:
        number: The physical line it starts on, from 1.
        text: Its text, without leading white space.
        joined: Whether it was continued on further lines.
        comments: The comments between the line before and this one, as written.
    """

    number: int
    text: str
    joined: bool = False
    comments: tuple[str, ...] = ()


class Lines:
    """The lines of a Dockerfile, read one after the other.

    Source: moby/buildkit, `frontend/dockerfile/parser/parser.go:Parse`.

    Attributes:
        physical: The physical lines that the builder reads, without their ends.
        escape: The character that continues a line.
        directives: How many of the first physical lines are parser directives.
        too_long: The number of the first line that is too long, at which reading ends; or None.
    """

    def __init__(self, dockerfile: str, dialect: Dialect, scope: Scope) -> None:
        self._scope = scope
        self._dialect = dialect
        if dockerfile.startswith("\ufeff"):
            scope.note("LEX-1", "text", "\ufeff", "", "a byte-order mark is dropped")
            dockerfile = dockerfile[1:]
        self.physical = dockerfile.split("\n")
        if self.physical[-1] == "":
            self.physical.pop()
        self._returns: dict[int, str] = {}
        if "\r" in dockerfile:
            self._drop_returns(dialect)
        self.too_long: int | None = None
        # Without its line ends, because a large file may consist of blank lines.
        length = len(dockerfile) - len(self.physical)
        if length > _NEVER_TOO_LONG and length > dialect.longest_line // 4:
            self._cut_at_long_line(dialect.longest_line)
        self.escape = "\\"
        self.directives = 0
        self._at = 0
        # Large files may have tens of thousands of empty lines, which a loop in Python skips too slowly.
        self._filled = compress(range(len(self.physical)), self.physical)

    def __iter__(self) -> Iterator[Line]:
        """The logical lines that are neither blank nor comments."""
        comments: tuple[str, ...] = ()
        while (first := self._next_after_empty()) is not None:
            number = self._at
            line = first.lstrip(SPACE)
            if not line:
                continue
            if line[0] == "#":
                self._note(number, "LEX-11", "a comment")
                if number > self.directives:
                    comments += (first,)
                continue
            text, continued = self._unescaped(line, number)
            read = self._continued(number, text) if continued else Line(number, text)
            yield read._replace(comments=comments) if comments else read
            comments = ()

    def body(self, terminator: str, *, chomp: bool) -> str | None:
        """Read a here-document that begins below the last line read.

        Args:
            terminator: The line that ends it.
            chomp: Whether tabs may stand before the terminator.

        Returns:
            Its lines, each with its end, carriage returns included; None where the file ends first.
        """
        body = ""
        while (line := self._next()) is not None:
            if (line.lstrip("\t") if chomp else line).rstrip("\r") == terminator:
                return body
            body += f"{line}{self._returns.get(self._at - 1, '')}\n"
        return None

    def _next_after_empty(self) -> str | None:
        """The next line that is not empty."""
        for at in self._filled:
            if at >= self._at:
                self._at = at
                return self._next()
        self._at = len(self.physical)
        return None

    def _next(self) -> str | None:
        if self._at == len(self.physical):
            return None
        self._at += 1
        return self.physical[self._at - 1]

    def _continued(self, number: int, text: str) -> Line:
        """The logical line that begins with a text and continues in the next physical line."""
        if not text:
            self._note(number, "LEX-18", "a line of the escape character alone begins a logical line")
        continued = True
        while continued:
            more = self._next()
            if more is None:
                self._note(number, "LEX-17", "the escape character at the end of the file is dropped")
                break
            blankless = more.lstrip(SPACE)
            if not blankless:
                self._note(self._at, "LEX-13", "a blank line between continued ones is dropped")
                continue
            if blankless[0] == "#":
                self._note(self._at, "LEX-12", "a comment between continued lines is dropped")
                continue
            more, continued = self._unescaped(more, self._at)
            self._note(number, "LEX-14", "joined with nothing between")
            text += more
        return Line(number, text, joined=True)

    def _unescaped(self, line: str, number: int) -> tuple[str, bool]:
        """The line without the escape character that continues it, and whether there was one."""
        body = line.rstrip(" \t")
        if not body or body[-1] != self.escape:
            return line, False
        if len(body) > 1 and body[-2] == self.escape:
            doubled = self._dialect.doubled_escape
            self._note(number, "LEX-16", f"a doubled escape character {doubled}")
            if doubled == "continues nothing":
                return line, False
        if len(body) < len(line):
            self._note(number, "LEX-15", "white space behind the escape character is ignored")
        return body[:-1], True

    def _drop_returns(self, dialect: Dialect) -> None:
        for at, line in enumerate(self.physical):
            if not line.endswith("\r"):
                continue
            self._note(at + 1, "LEX-2", "the carriage return is part of the line end")
            self.physical[at] = line[:-1] if dialect.line_end == "one CR" else line.rstrip("\r")
            self._returns[at] = line[len(self.physical[at]) :]

    def _cut_at_long_line(self, longest: int) -> None:
        for at, line in enumerate(self.physical):
            if len(line) > longest // 4 and len(line.encode("utf-8", "surrogateescape")) > longest:
                self.too_long = at + 1
                del self.physical[at:]
                return

    def _note(self, number: int, rule: str, note: str) -> None:
        self._scope.at(number).note(rule, "line", note=note)
