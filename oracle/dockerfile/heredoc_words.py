"""The words of a line that may announce here-documents, as BuildKit's shell lexer reads them (LEX-25)."""

import re
from typing import Final

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import SPACE

_NAME: Final = re.compile(r"\d+|[@*#?$!-]|\w*")
"""The name of a variable: a number, one special character, or letters, digits and `_`."""

_BLANKS: Final = re.compile(r"[\t\r ]*")


class _UnreadableError(Exception):
    """A quote or a variable cannot be read; `words_of_line` turns it into None."""


def words_of_line(text: str, dialect: Dialect, *, keep_quotes: bool = True) -> list[str] | None:
    """The words of a text as a shell splits it; variables remain as written.

    Args:
        text: The logical line, or the name of a here-document.
        dialect: Decides which variables can be read.
        keep_quotes: Whether quotes and escape characters remain.

    Returns:
        The words, or None where a quote or a brace is not closed, or a variable has an unknown operator.

    Source: moby/buildkit, `frontend/dockerfile/shell/lex.go:ProcessWords`, with `SkipUnsetEnv`.
    """
    try:
        return _Line(text, dialect).words(keep_quotes=keep_quotes)
    except _UnreadableError:
        return None


class _Line:
    """A line that is read from left to right."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self._text = text
        self._operators = dialect.heredoc_substitutions
        self._skips_blanks = dialect.heredoc_blanks == "skipped"
        self._loses_text = dialect.text_before_operator != "kept"
        self._at = 0
        self._word = ""

    def words(self, *, keep_quotes: bool) -> list[str]:
        """All words up to the end."""
        words: list[str] = []
        while char := self._next():
            begin = self._at
            if char == "\\":
                self._word += (char if keep_quotes else "") + self._next()
            elif char in "'\"":
                self._quoted(char)
                inside = self._text[begin : self._at - 1]
                self._word += f"{char}{inside}{char}" if keep_quotes else inside
            elif char == "<" and self._text.startswith("<", begin):
                self._next()
                self._word += f"<<{self._blanks()}"
            else:
                if char == "$":
                    self._variable()
                first, *others = _SPACES.split(char + self._text[begin : self._at])
                words += (each for each in (self._word + first, *others)[:-1] if each)
                self._word = others[-1] if others else self._word + first
        return [*words, self._word] if self._word else words

    def _blanks(self) -> str:
        """Read the white space behind `<<`, where it belongs to the word."""
        blanks = _BLANKS.match(self._text, self._at) if self._skips_blanks else None
        self._at = blanks.end() if blanks else self._at
        return blanks[0] if blanks else ""

    def _quoted(self, quote: str) -> None:
        """Read to the end of a quoted text. In double quotes, a backslash escapes, and variables are read."""
        while (char := self._next()) != quote:
            if not char:
                raise _UnreadableError
            if quote == '"' and char == "\\":
                self._next()
            elif quote == '"' and char == "$":
                self._variable()

    def _variable(self) -> None:
        """Read a variable whose `$` has been read."""
        if not self._text.startswith("{", self._at):
            self._name()
            return
        self._next()
        if self._text[self._at : self._at + 1] in ("", "{", "}", ":"):
            raise _UnreadableError
        self._name()
        operator = self._next()
        if operator == "}":
            return
        if operator == ":":
            operator += self._next()
        any_other = ":" in self._operators and operator[:1] == ":" and operator not in (":#", ":%")
        if operator not in self._operators and not any_other:
            raise _UnreadableError
        if self._loses_text:
            self._word = ""
        if operator == "/":
            self._at += self._text.startswith("/", self._at)
            self._until("/")
        self._until("}")

    def _name(self) -> None:
        name = _NAME.match(self._text, self._at)
        self._at = name.end() if name else self._at

    def _until(self, stop: str) -> None:
        """Read to the end of what stands behind an operator."""
        while (char := self._next()) != stop:
            if not char:
                raise _UnreadableError
            if char == "\\":
                self._next()
            elif char in "'\"":
                self._quoted(char)
            elif char == "$":
                self._variable()

    def _next(self) -> str:
        char = self._text[self._at : self._at + 1]
        self._at += 1
        return char


_SPACES: Final = re.compile(f"[{SPACE}]")
