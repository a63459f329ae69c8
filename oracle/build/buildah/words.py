"""Variables in a word, as openshift/imagebuilder puts them in: with other operators than Docker's."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from cmdpoint.oracle.dialect.dialect import Dialect

_END: Final = ""


class _BadWord(Exception):
    """A word cannot be read; `expand` turns it into None."""


def expand(word: str, values: Mapping[str, str], dialect: Dialect) -> str | None:
    """Replace the variables of a word, and drop its quotes.

    The backslash takes the meaning from the next character, whatever the file's escape character is.

    Args:
        word: Without white space, as a rule.
        values: What is known; a variable that is not is empty.
        dialect: Knows what may stand in braces, and what comes of quotes and braces that are never closed.

    Returns:
        The word, or None where it is refused.

    Source: openshift/imagebuilder, `shell_parser.go:ProcessWord`.
    """
    try:
        return _Word(word, values, dialect).until(())[0]
    except _BadWord:
        return None


class _Word:
    """A word while it is read, from left to right."""

    def __init__(self, word: str, values: Mapping[str, str], dialect: Dialect) -> None:
        self._word = word.removeprefix("\ufeff")
        self._values = values
        self._operators = dialect.substitutions
        self._open = dialect.open_word == "closed by the end"
        self._at = 0

    def until(self, stops: Collection[str]) -> tuple[str, str]:
        """Read up to one of some characters, or without any to the end; what was read, and the character."""
        result = ""
        while char := self._peek():
            if char in stops:
                return result, self._next()
            if char == "'":
                result += self._single_quoted()
            elif char == '"':
                result += self._double_quoted()
            elif char == "$":
                result += self._variable()
            else:
                self._next()
                result += self._next() if char == "\\" else char
        if stops and not self._open:
            raise _BadWord
        return result, _END

    def _single_quoted(self) -> str:
        self._next()
        quoted = ""
        while (char := self._next()) != "'":
            if not char:
                return self._unclosed(quoted)
            quoted += char
        return quoted

    def _double_quoted(self) -> str:
        self._next()
        result = ""
        while (char := self._peek()) != '"':
            if not char:
                return self._unclosed(result)
            if char == "$":
                result += self._variable()
                continue
            self._next()
            if char == "\\":
                if not self._peek():
                    continue
                char = self._next() if self._peek() in ('"', "$", "\\") else char
            result += char
        self._next()
        return result

    def _unclosed(self, quoted: str) -> str:
        """What comes of a quote that is never closed."""
        if not self._open:
            raise _BadWord
        return quoted

    def _variable(self) -> str:
        self._next()
        if self._peek() != "{":
            name = self._name()
            return self._values.get(name, "") if name else "$"
        self._next()
        name = self._name()
        value = self._values.get(name, "")
        operator = self._next()
        if operator == "}":
            return value
        if operator == ":":
            return self._replaced(value, ":" + self._next())
        if not operator or operator not in self._operators:
            raise _BadWord
        return self._substituted(value) if operator == "/" else self._trimmed(value, operator)

    def _name(self) -> str:
        """Letters, digits and _; a digit at the beginning is a name by itself."""
        if self._peek().isdecimal():
            return self._next()
        name = ""
        while (char := self._peek()) and (char.isalpha() or char.isdecimal() or char == "_"):
            name += self._next()
        return name

    def _replaced(self, value: str, operator: str) -> str:
        """What `:-`, `:+` and `:?` make of a value; behind the last stands a default too, and no message."""
        word, _ = self.until("}")
        if operator not in self._operators:
            raise _BadWord
        if operator == ":+":
            return word if value else ""
        if operator == ":?" and not value and not word:
            raise _BadWord
        return value or word

    def _trimmed(self, value: str, kind: str) -> str:
        """A value without what matches a pattern at its beginning (#) or end (%); doubled, the longest match.

        The whole value is never taken away by the longest match, nor all but its last letter by the shortest.
        """
        longest = self._peek() == kind
        if longest:
            self._next()
        pattern, _ = self.until("}")
        if not pattern:
            raise _BadWord
        upwards: Iterable[int] = range(len(value) - 1)
        downwards: Iterable[int] = reversed(range(len(value)))
        if kind == "#":
            ends = downwards if longest else upwards
            return next((value[end:] for end in ends if _matches(pattern, value[:end])), value)
        starts = upwards if longest else downwards
        return next((value[:start] for start in starts if _matches(pattern, value[start:])), value)

    def _substituted(self, value: str) -> str:
        """The variable with another text for the first match of a pattern, or for all."""
        where = self._next() if self._peek() in ("/", "#", "%") and self._peek() else ""
        pattern, stop = self.until("/}")
        if not pattern:
            raise _BadWord
        replacement = self.until("}")[0] if stop == "/" else ""
        at = 0
        while at < len(value):
            for end in range(len(value), at, -1):
                if (where == "#" and at) or (where == "%" and end != len(value)):
                    continue
                if _matches(pattern, value[at:end]):
                    value = value[:at] + replacement + value[end:]
                    if where != "/":
                        return value
                    at += len(replacement) - 1
                    break
            at += 1
        return value

    def _peek(self) -> str:
        return self._word[self._at : self._at + 1]

    def _next(self) -> str:
        char = self._peek()
        self._at += 1
        return char


_TOKEN = re.compile(r"\*|\?|\\(.)|\[(\^?)((?:\\.|[^\]\\])+)\]|([^\\\[])", re.DOTALL)


def _matches(pattern: str, text: str) -> bool:
    r"""Whether a pattern of Go's `path.Match` is one of a whole text: `*` and `?` pass over no slash."""
    regex = ""
    at = 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            return False
        at = token.end()
        escaped, negated, members, plain = token.groups()
        if members is not None:
            regex += f"[{negated}{members}]"
        elif token[0] in "*?":
            regex += "[^/]*" if token[0] == "*" else "[^/]"
        else:
            regex += re.escape(escaped if escaped is not None else plain)
    return re.fullmatch(regex, text, re.DOTALL) is not None
