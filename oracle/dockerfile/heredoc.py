"""Here-documents: the lines below an instruction that are data."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cmdpoint.oracle.dockerfile.go_strings import SPACE

_OPERATOR = re.compile(r"(\d*)<<(-?)([ \t\n\f\r]*)([^<]*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heredoc:
    """The announcement of a here-document.

    Attributes:
        name: The line that ends it.
        chomp: Whether tabs may stand before that line.
    """

    name: str
    chomp: bool


def heredocs(line: str) -> Iterator[Heredoc]:
    """The here-documents that the line of an instruction announces, in order.

    Args:
        line: The logical line.

    Source: moby/buildkit, `parser/parser.go:heredocsFromLine`, `heredocFromMatch`.
    """
    for word in _words(line) or ():
        match = _OPERATOR.fullmatch(word)
        if match is None or not match[4] or match[3]:
            continue
        names = _words(match[4], keep_quotes=False)
        if names is not None and len(names) == 1:
            yield Heredoc(names[0], chomp=bool(match[2]))


def _words(text: str, *, keep_quotes: bool = True) -> list[str] | None:
    """The words of a text as a shell splits it, with or without quotes; None where a quote is not closed."""
    words: list[str] = []
    word = ""
    begun = False
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char in SPACE:
            if begun:
                words.append(word)
            word, begun = "", False
            continue
        begun = True
        if char == "\\":
            word += (char if keep_quotes else "") + text[at : at + 1]
            at += 1
        elif char in "'\"":
            end = _closing(text, at, char)
            if end is None:
                return None
            inside = text[at:end]
            word += f"{char}{inside}{char}" if keep_quotes else inside
            at = end + 1
        else:
            word += char
    return [*words, word] if begun else words


def _closing(text: str, at: int, quote: str) -> int | None:
    """The index of the closing quote; in double quotes a backslash escapes the next character."""
    while at < len(text):
        if text[at] == quote:
            return at
        at += 2 if text[at] == "\\" and quote == '"' else 1
    return None
