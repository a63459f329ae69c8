"""Here-documents: the lines below an instruction that are data."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.heredoc_words import words_of_line

_OPERATOR = re.compile(r"\d*<<(-?)[ \t\n\f\r]*([^<]*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heredoc:
    """The announcement of a here-document.

    Attributes:
        name: The line that ends it.
        chomp: Whether tabs may stand before that line.
        is_quoted: Whether the variables in its lines remain as they are.
    """

    name: str
    chomp: bool
    is_quoted: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A here-document with its lines.

    Attributes:
        heredoc: What announces it.
        text: Its lines, each with its end.
    """

    heredoc: Heredoc
    text: str


def heredocs(line: str, dialect: Dialect) -> Iterator[Heredoc]:
    """The here-documents that the line of an instruction announces, in order.

    Args:
        line: The logical line.
        dialect: Decides which variables can be read. Another one hides all here-documents of the line.

    Source: moby/buildkit, `parser/parser.go:heredocsFromLine`, `heredocFromMatch`.
    """
    for word in words_of_line(line, dialect) or ():
        match = _OPERATOR.fullmatch(word)
        if match is None or not match[2]:
            continue
        names = words_of_line(match[2], dialect, keep_quotes=False)
        if names is not None and len(names) == 1:
            quoted = "'" in match[2] or '"' in match[2]
            yield Heredoc(names[0], chomp=bool(match[1]), is_quoted=quoted)
