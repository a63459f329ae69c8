"""Replace the variables of a word: `$NAME`, `${NAME}`, `${NAME:-other}` (STATE-16).

All builders read words with one algorithm. imagebuilder's copy of it differs in a few behaviours of the
dialect, such as `patterns` and `open_word`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from cmdpoint.oracle.build.patterns import BadPatternError, substituted, trimmed
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import SPACE
from cmdpoint.oracle.dockerfile.heredoc_words import words_of_line

_SPECIAL: Final = "@*#?-$!"
"""The special parameters of a shell, which a builder never sets."""

_BYTE_ORDER_MARK: Final = "\ufeff"

_SPACES: Final = re.compile(f"[{SPACE}]")

CHANGED: Final = frozenset("$\"'\\`")
"""The characters without which a word has no variables, quotes or escapes."""


class _BadWordError(Exception):
    """A word cannot be read, or needs a variable that is not set; `expand` turns it into None."""


def expand(word: str, values: Mapping[str, str], dialect: Dialect, escape: str = "\\") -> str | None:
    """Replace the variables of a word and remove its quotes.

    Args:
        word: The word, usually without white space.
        values: The variables that are set; any other is empty.
        dialect: Decides which operators exist and how the word is read in detail.
        escape: The escape character of the file.

    Returns:
        The word, or None if the builder refuses it.

    Source: moby/buildkit, `frontend/dockerfile/shell/lex.go:shellWord`; openshift/imagebuilder,
    `shell_parser.go:ProcessWord`.
    """
    if CHANGED.isdisjoint(word):
        return word.removeprefix(_BYTE_ORDER_MARK)
    try:
        return _Word(word, values, dialect, escape).until("")[0]
    except (_BadWordError, BadPatternError):
        return None


def expand_to_words(
    word: str, values: Mapping[str, str], dialect: Dialect, escape: str = "\\"
) -> list[str] | None:
    """Replace the variables of a word, and split it at the white space that is not quoted.

    Args:
        word: The word.
        values: The variables that are set; any other is empty.
        dialect: Decides as for `expand`, and what is lost before an operator.
        escape: The escape character of the file.

    Returns:
        The words, or None if the builder refuses it.

    Source: moby/buildkit, `frontend/dockerfile/shell/lex.go:ProcessWords`; openshift/imagebuilder,
    `shell_parser.go:ProcessWords`.
    """
    try:
        return _Word(word, values, dialect, escape).words()
    except (_BadWordError, BadPatternError):
        return None


@dataclass(frozen=True, slots=True)
class Expanded:
    """Replaces the variables of words.

    Attributes:
        variables: The variables that are set.
        escape: The file's escape character.
        dialect: How the builder behaves.
    """

    variables: Mapping[str, str]
    escape: str
    dialect: Dialect

    def __call__(self, word: str) -> str | None:
        """The word with its variables replaced; None where that is not possible."""
        if CHANGED.isdisjoint(word):
            return word
        return expand(word, self.variables, self.dialect, self.escape)

    def reads(self, document: str) -> bool:
        """Whether the lines of a here-document can be read, in which Docker gives quotes no meaning.

        Args:
            document: The lines, in which variables are to be replaced.

        Source: moby/buildkit, `dockerfile2llb/convert.go:dispatch`; openshift/imagebuilder,
        `dispatchers.go:processHereDocs`.
        """
        if self.dialect.front_end == "imagebuilder":
            return words_of_line(document, self.dialect) is not None
        try:
            _Word(document, self.variables, self.dialect, self.escape, has_quotes=False).until("")
        except (_BadWordError, BadPatternError):
            return False
        return True

    def words(self, word: str) -> list[str] | None:
        """What the word comes to, split at white space; None where that is not possible."""
        return expand_to_words(word, self.variables, self.dialect, self.escape)


class _Word:
    """A word that is read from left to right."""

    def __init__(
        self,
        word: str,
        values: Mapping[str, str],
        dialect: Dialect,
        escape: str,
        *,
        has_quotes: bool = True,
    ) -> None:
        self._word = word.removeprefix(_BYTE_ORDER_MARK)
        self._values = values
        self._dialect = dialect
        self._file_escape = escape
        self._quotes = "'\"" if has_quotes else ""
        self._at = 0
        self._begun = ""

    def words(self) -> list[str]:
        """Read to the end, and return what is read, split at the white space that is not quoted."""
        words: list[str] = []
        while char := self._peek():
            piece = self._piece(raw=False)
            if char in ("'", '"', self._escape):
                self._begun += piece
                continue
            first, *others = _SPACES.split(piece)
            words += (each for each in (self._begun + first, *others)[:-1] if each)
            self._begun = others[-1] if others else self._begun + first
        return [*words, self._begun] if self._begun else words

    def until(self, stops: Collection[str], *, raw: bool = False) -> tuple[str, str]:
        """Read up to one of some characters, or to the end if there are none.

        Args:
            stops: The characters.
            raw: Whether to keep the escape characters.

        Returns:
            What was read, and the character it ended with; empty at the end of the word.
        """
        result = ""
        while char := self._peek():
            if char in stops:
                return result, self._next()
            result += self._piece(raw=raw)
        return (self._unclosed(result) if stops else result), ""

    def _piece(self, *, raw: bool) -> str:
        """Read a quoted text, a variable, an escaped character or another one."""
        char = self._peek()
        if char in self._quotes:
            return self._single_quoted() if char == "'" else self._double_quoted(raw=raw)
        if char == "$":
            return self._variable()
        self._next()
        return (char if raw else "") + self._next() if char == self._escape else char

    @property
    def _escape(self) -> str:
        if self._file_escape == "\\" or self._dialect.word_escape == "backslash":
            return "\\"
        return self._file_escape

    def _unclosed(self, text: str) -> str:
        """What a quote or a brace that is never closed comes to."""
        if self._dialect.open_word == "refused":
            raise _BadWordError
        return text

    def _single_quoted(self) -> str:
        self._next()
        quoted, quote, rest = self._word[self._at :].partition("'")
        self._at = len(self._word) - len(rest)
        return quoted if quote else self._unclosed(quoted)

    def _double_quoted(self, *, raw: bool) -> str:
        self._next()
        result = ""
        while (char := self._peek()) != '"':
            if not char:
                return self._unclosed(result)
            if char == "$":
                result += self._variable()
                continue
            self._next()
            if char == self._escape:
                escaped = self._peek() in ("", '"', "$", self._escape)
                char = (char if raw or not escaped else "") + (self._next() if escaped else "")
            result += char
        self._next()
        return result

    def _variable(self) -> str:
        self._next()
        if self._peek() != "{":
            name = self._name()
            return self._values.get(name, "") if name else "$"
        self._next()
        if self._peek() in ("}", ":") and self._dialect.nameless_variable == "refused":
            raise _BadWordError
        name = self._name()
        operator = self._next()
        if operator == "}":
            return self._values.get(name, "")
        if operator == ":":
            operator += self._next()
        if operator not in self._dialect.substitutions:
            raise _BadWordError
        return self._replaced(self._values.get(name), operator)

    def _name(self) -> str:
        """Read a name: letters, digits and `_`; or a number; or, as in a shell, one special character."""
        first = self._peek()
        if first and first in _SPECIAL:
            return self._next() if self._dialect.special_variables == "unset" else ""
        number = first.isdecimal()
        if number and self._dialect.numbered_variables == "one digit":
            return self._next()
        name = ""
        while char := self._peek():
            if not (char.isdecimal() or (not number and (char.isalpha() or char == "_"))):
                break
            name += self._next()
        return name

    def _replaced(self, value: str | None, operator: str) -> str:
        """What a variable in braces comes to, by the operator behind its name."""
        if self._dialect.text_before_operator == "lost":
            self._begun = ""  # the lexer fills one buffer, also with what stands behind an operator
        kind = operator[-1]
        if kind == "/":
            return self._substituted(value or "")
        if kind in "#%":
            return self._trimmed(value or "", kind)
        word, _ = self.until("}")
        absent = value is None or (operator[0] == ":" and not value)
        if kind == "+":
            return "" if absent else word
        if kind == "?" and absent and (self._dialect.error_word == "message" or not word):
            raise _BadWordError
        return word if absent else value or ""

    def _trimmed(self, value: str, kind: str) -> str:
        """The value without what matches a pattern at its beginning or end."""
        if self._dialect.patterns == "shell":
            pattern, _ = self.until("}", raw=True)
            longest = pattern.startswith(kind)
            return trimmed(value, pattern[longest:], kind, "shell", longest=longest)
        longest = self._skip(kind) != ""
        return trimmed(value, self.until("}")[0], kind, "path", longest=longest)

    def _substituted(self, value: str) -> str:
        """The value with another text for the first match of a pattern, or for every match."""
        patterns = self._dialect.patterns
        if patterns == "shell":
            where = self._skip("/")
            pattern, _ = self.until("/", raw=True)
            text, _ = self.until("}", raw=True)
        else:
            where = self._skip("/#%")
            pattern, stop = self.until("/}")
            text = self.until("}")[0] if stop == "/" else ""
        return substituted(value, pattern, text, where, patterns)

    def _skip(self, characters: str) -> str:
        """Read the next character if it is one of some."""
        return self._next() if self._peek() and self._peek() in characters else ""

    def _peek(self) -> str:
        return self._word[self._at : self._at + 1]

    def _next(self) -> str:
        char = self._peek()
        self._at += 1
        return char
