"""Variables in a word, such as the name in a FROM: `$NAME`, `${NAME}`, `${NAME:-other}` (STATE-16)."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

_SPECIAL: Final = "@*#?-$!"
"""The names of one character that a shell has variables for; here they are never set."""


class _BadSubstitution(Exception):
    """A word cannot be read, or asks for a variable that must be set; `expand` turns it into None."""


def expand(
    word: str, values: Mapping[str, str], operators: Collection[str], escape: str = "\\"
) -> str | None:
    """Replace the variables of a word, and drop its quotes, as a shell does.

    Args:
        word: Without white space.
        values: What is known; a variable that is not is empty.
        operators: What may stand between the name and the rest inside of braces.
        escape: The character that takes the meaning from the next.

    Returns:
        The word, or None where it is refused.

    Source: moby/buildkit, `frontend/dockerfile/shell/lex.go:shellWord`.
    """
    try:
        return _Word(word, values, operators, escape).until("")
    except _BadSubstitution:
        return None


class _Word:
    """A word while it is read, from left to right."""

    def __init__(self, word: str, values: Mapping[str, str], operators: Collection[str], escape: str) -> None:
        self._word = word
        self._values = values
        self._operators = operators
        self._escape = escape
        self._at = 0

    def until(self, stop: str, *, raw: bool = False) -> str:
        """Read up to a character, or with an empty `stop` to the end; `raw` keeps the escape characters."""
        result = ""
        special: dict[str, Callable[[], str]] = {
            "$": self._variable,
            "'": self._single_quoted,
            '"': lambda: self._double_quoted(raw=raw),
        }
        while char := self._peek():
            if char == stop:
                self._next()
                return result
            if char in special:
                result += special[char]()
            elif char == self._escape:
                self._next()
                result += (char if raw else "") + self._next()
            else:
                result += self._next()
        if stop:
            raise _BadSubstitution
        return result

    def _single_quoted(self) -> str:
        end = self._word.find("'", self._at + 1)
        if end < 0:
            raise _BadSubstitution
        quoted = self._word[self._at + 1 : end]
        self._at = end + 1
        return quoted

    def _double_quoted(self, *, raw: bool) -> str:
        self._next()
        result = ""
        while char := self._peek():
            if char == '"':
                self._next()
                return result
            if char == "$":
                result += self._variable()
                continue
            self._next()
            if char == self._escape:
                escaped = self._peek() in ('"', "$", self._escape)
                char = (char if raw or not escaped else "") + (self._next() if escaped else "")
            result += char
        raise _BadSubstitution

    def _variable(self) -> str:
        self._next()
        if self._peek() != "{":
            name = self._name()
            return self._values.get(name, "") if name else "$"
        self._next()
        if self._peek() in ("", "{", "}", ":"):
            raise _BadSubstitution
        name = self._name()
        operator = self._next()
        if operator == "}":
            return self._values.get(name, "")
        if operator == ":":
            operator += self._next()
        if operator not in self._operators:
            raise _BadSubstitution
        return self._replaced(self._values.get(name), operator)

    def _name(self) -> str:
        """Letters, digits and _; or a number; or one of the characters that a shell keeps for itself."""
        if self._peek() and self._peek() in _SPECIAL:
            return self._next()
        number = self._peek().isdecimal()
        name = ""
        while char := self._peek():
            if not (char.isdecimal() or (not number and (char.isalpha() or char == "_"))):
                break
            name += self._next()
        return name

    def _replaced(self, value: str | None, operator: str) -> str:
        """What a variable in braces comes to, by the operator behind its name."""
        if operator == "/":
            return self._substituted(value or "")
        kind = operator[-1]
        word = self.until("}", raw=kind in "#%")
        absent = value is None or (operator[0] == ":" and not value)
        if kind == "-":
            return word if absent else value or ""
        if kind == "+":
            return "" if absent else word
        if kind == "?":
            if absent:
                raise _BadSubstitution
            return value or ""
        return _trimmed(value or "", word, kind)

    def _substituted(self, value: str) -> str:
        """The variable with another text for the first match of a pattern, or for all."""
        everywhere = self._peek() == "/"
        if everywhere:
            self._next()
        pattern = _pattern(self.until("/", raw=True))
        replacement = self.until("}", raw=True)
        return re.sub(pattern, lambda _: replacement, value, count=0 if everywhere else 1)

    def _peek(self) -> str:
        return self._word[self._at : self._at + 1]

    def _next(self) -> str:
        char = self._peek()
        self._at += 1
        return char


def _trimmed(value: str, pattern: str, kind: str) -> str:
    """A value without what matches a pattern at its beginning (#) or end (%); doubled, the longest match."""
    longest = pattern.startswith(kind)
    pattern = pattern[1:] if longest else pattern
    matches = re.compile(_pattern(pattern))
    places = range(len(value) + 1)
    if kind == "#":
        ends = reversed(places) if longest else places
        return value[next((end for end in ends if matches.fullmatch(value, 0, end)), 0) :]
    starts = places if longest else reversed(places)
    return value[: next((start for start in starts if matches.fullmatch(value, start)), None)]


def _pattern(text: str) -> str:
    r"""The regular expression for a shell's pattern of `*`, `?` and `\`; square brackets mean themselves."""
    pattern = ""
    characters = iter(text)
    for char in characters:
        if char == "\\":
            escaped = next(characters, "")
            if escaped not in ("*", "?", "\\", "}", "/"):
                raise _BadSubstitution
            pattern += re.escape(escaped)
        else:
            pattern += {"*": ".*", "?": "."}.get(char, re.escape(char))
    return pattern
