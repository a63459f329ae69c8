"""Findings that explain why a line is no instruction: a blank is missing, or a here-document is not read."""

import re
from collections.abc import Iterator
from typing import Final

from cmdpoint.findings.finding import Finding, Source
from cmdpoint.oracle.outcome import Outcome, Refusal

_NO_BLANK: Final = re.compile(r"\s*(CMD|ENTRYPOINT)\s?(=)?\s*(\[.*)", re.IGNORECASE)
_HERE_DOCUMENT: Final = re.compile(r"\s*(CMD|ENTRYPOINT)\s.*<<-?['\"]?\w", re.IGNORECASE)


def unknown_instruction(source: Source, outcome: Outcome | None) -> Iterator[Finding]:
    """Yield a finding if an unknown instruction comes from a mistake at a CMD or ENTRYPOINT.

    Args:
        source: The Dockerfile.
        outcome: What is predicted.
    """
    if not isinstance(outcome, Refusal) or outcome.kind != "unknown-instruction" or outcome.line is None:
        return
    lines = source.text.split("\n")
    if match := _NO_BLANK.fullmatch(lines[outcome.line - 1].rstrip()):
        keyword, equals, array = match.groups()
        message = f"a blank has to stand behind {keyword}" + (", not '='" if equals else "")
        advice = f"write {keyword} {array}"
    elif outcome.line > 1 and (match := _HERE_DOCUMENT.match(lines[outcome.line - 2])):
        message = f"{match[1]} reads no here-document, so this line is read as an instruction"
        advice = f"write the text to a script with COPY <<EOF, and run it with {match[1]}"
    else:
        return
    yield Finding(
        weight=0,
        rule="LEX-22",
        message=message,
        line=outcome.line,
        column=source.column(outcome.line),
        advice=advice,
    )
