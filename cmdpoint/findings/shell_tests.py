"""Tell a shell's test, such as `[ -f /x ] && serve`, from a JSON array that is malformed.

Source: POSIX, "test"; GNU Bash manual, "Bash Conditional Expressions".
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from cmdpoint.findings.shell_text import behind

_UNARY: Final = re.compile("-[a-hknoprstuvwxzGLNORS]")
_BINARY: Final = frozenset(
    {
        "=",
        "==",
        "!=",
        "=~",
        "<",
        ">",
        "\\<",
        "\\>",
        "-eq",
        "-ne",
        "-gt",
        "-ge",
        "-lt",
        "-le",
        "-ef",
        "-nt",
        "-ot",
    }
)
_JOINS: Final = frozenset({"-a", "-o", "&&", "||"})
_BRACKETS: Final = {"(": ")", "\\(": "\\)", "'('": "')'", '"("': '")"'}
_OPERATOR: Final = re.compile(r"&&|\|\||[;&|<>\n]")


def is_test(text: str) -> bool:
    """Whether a text begins with a test that a shell can evaluate.

    An operand that stands alone has to be a variable or a command: `[ "a" ]` is hardly meant as a test.

    Args:
        text: The text of a shell form.
    """
    opening = "[[" if text.startswith("[[") else "["
    found: list[str] = []
    try:
        for word in _words(text):
            if word == "]" * len(opening) and found:
                return found[0] == opening and _is_expression(found[1:])
            if opening == "[" and word in ("&&", "||", ";", "&", "|", "\n"):
                return False
            found.append(word)
    except (IndexError, ValueError):
        pass
    return False


def _words(text: str) -> Iterator[str]:
    """Yield the words and operators of a text, with their quotes.

    Raises:
        IndexError, ValueError: A quote or a bracket is not closed.
    """
    at = 0
    while at < len(text):
        if operator := _OPERATOR.match(text, at):
            yield operator[0]
            at = operator.end()
        elif text[at].isspace():
            at += 1
        else:
            start = at
            while at < len(text) and not text[at].isspace() and not _OPERATOR.match(text, at):
                at = behind(text, at)
            yield text[start:at]


def _is_expression(words: Sequence[str]) -> bool:
    if not words:
        return False
    if words[0] == "!" and len(words) > 1:
        return _is_expression(words[1:])
    if words[0] in _BRACKETS and words[-1] == _BRACKETS[words[0]] and _is_expression(words[1:-1]):
        return True
    if len(words) == 1:
        return not words[0].startswith("'") and re.search(r"[$`]", words[0]) is not None
    if len(words) == 2:
        return _UNARY.fullmatch(words[0]) is not None
    if len(words) == 3 and words[1] in _BINARY:
        return True
    return any(
        _is_expression(words[:at]) and _is_expression(words[at + 1 :])
        for at, word in enumerate(words)
        if word in _JOINS
    )
