"""Findings about text that no shell can read, so that nothing in it runs (EXEC-20).

Source: POSIX, "Shell Command Language", 2.10 "Shell Grammar".
"""

import posixpath
import re
import shlex
from collections.abc import Iterator
from typing import Final

from cmdpoint.findings.finding import Finding, Source
from cmdpoint.findings.script_text import scripts_of
from cmdpoint.findings.shell_text import Piece, first_word, is_compound, pieces_of
from cmdpoint.oracle.outcome import Prediction

_CONTINUES: Final = frozenset({"&&", "||", "|", "|&"})
"""Operators that need a command behind them."""

_OTHER_SYNTAX: Final = re.compile("fish|t?csh")


def syntax_errors(source: Source, effective: dict[str, int], prediction: Prediction) -> Iterator[Finding]:
    """Yield a finding for each text of what runs that its shell cannot read.

    Args:
        source: The Dockerfile.
        effective: The lines of the ENTRYPOINT and the CMD that are part of what runs, by field.
        prediction: What is predicted.
    """
    for script in scripts_of(source, effective, prediction):
        if any(_OTHER_SYNTAX.fullmatch(posixpath.basename(word)) for word in script.shell):
            continue
        if (wrong := syntax_error(script.text)) is not None:
            yield Finding(
                weight=0,
                rule="EXEC-20",
                message=f"the shell cannot read this text, and ends with a syntax error: {wrong[0]}",
                line=script.line,
                column=script.column,
                advice=wrong[1],
            )


def syntax_error(text: str) -> tuple[str, str] | None:
    """Why no shell can read a text, and what to do; None if no fault is certain.

    Args:
        text: The text.
    """
    pieces: list[Piece] = []
    try:
        pieces.extend(pieces_of(text))
    except (IndexError, ValueError):
        return _unclosed(text)
    return _incomplete(text, pieces)


def _unclosed(text: str) -> tuple[str, str] | None:
    try:
        shlex.split(text)
    except ValueError as error:
        if "quotation" in str(error) and "<<" not in text:
            return "a quote is not closed", "close the quote, or put a backslash in front of it"
    return None


def _incomplete(text: str, pieces: list[Piece]) -> tuple[str, str] | None:
    """Why a text is no sequence of commands."""
    is_blank = [not text[each.start : each.end].strip() for each in pieces]
    operators = [each.operator for each, blank in zip(pieces, is_blank, strict=True) if not blank]
    if operators and operators[-1] in _CONTINUES:
        last = operators[-1]
        return f"no command follows {last!r}", f"remove {last!r} at the end, or write the command behind it"
    if any(is_compound(text, *first_word(text, each)) for each in pieces):
        return None
    for each, blank in zip(pieces, is_blank, strict=True):
        if (blank and each.operator not in ("", "\n")) or each.operator == ";;":
            return f"no command stands in front of {each.operator!r}", "remove one of the two operators"
    return None
