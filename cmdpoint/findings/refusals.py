"""Findings that explain a refusal: a missing blank, a here-document that is not read, a missing argument."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from cmdpoint.findings.finding import Finding, Source
from cmdpoint.oracle.outcome import Outcome, Prediction, Refusal

_NO_BLANK: Final = re.compile(r"\s*(CMD|ENTRYPOINT)\s?(=)?\s*(\[.*)", re.IGNORECASE)
_VARIABLE: Final = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")
_PLATFORM: Final = re.compile("(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT)")
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


def missing_argument(source: Source, prediction: Prediction, given: Iterable[str]) -> Iterator[Finding]:
    """Yield a finding if the name of a base is no reference because build arguments are missing.

    Args:
        source: The Dockerfile.
        prediction: What is predicted.
        given: The names of the build arguments that are given.
    """
    outcome = prediction.outcome
    if not isinstance(outcome, Refusal) or outcome.kind not in ("blank-base-name", "invalid-reference"):
        return
    line = outcome.line or 0
    command = source.commands.get(line)
    if command is None or command.instruction.keyword != "FROM":
        return
    declared = {
        name
        for at, each in source.commands.items()
        if at < line and each.instruction.keyword == "ARG"
        for name, _, default in (word.partition("=") for word in each.words)
        if default
    }
    used = dict.fromkeys(a or b for a, b in _VARIABLE.findall(command.instruction.text))
    names = [name for name in used if name not in {*declared, *given} and not _PLATFORM.fullmatch(name)]
    if names:
        few = "has no value" if len(names) == 1 else "have no value"
        yield Finding(
            weight=2,
            rule=prediction.steps[-1].rule,
            message=f"{outcome.message}: {', '.join(names)} {few}",
            line=line,
            column=source.column(line),
            advice=f"pass {' '.join(f'--build-arg {name}=...' for name in names)}, or give ARG a default",
        )
