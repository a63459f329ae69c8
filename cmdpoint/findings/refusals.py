"""Findings that explain a refusal: a missing blank, a here-document that is not read, a missing argument."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cmdpoint.findings.finding import Finding, Source
from cmdpoint.oracle.outcome import Outcome, Prediction, Refusal

_NO_BLANK: Final = re.compile(r"\s*(CMD|ENTRYPOINT)\s?(=)?\s*(\[.*)", re.IGNORECASE)
_VARIABLE: Final = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")
_PLATFORM: Final = re.compile("(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT)")
_HERE_DOCUMENT: Final = re.compile(
    r"\s*(?:ONBUILD\s+)?(CMD|ENTRYPOINT|RUN|COPY|ADD)\s.*<<-?(['\"]?)(\w+)\2", re.IGNORECASE
)


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
    elif here := here_document(lines, outcome.line):
        message = f"{here.keyword} reads no here-document, so this line is read as an instruction"
        advice = f"write the text to a script with COPY <<EOF, and run it with {here.keyword}"
        if here.keyword in ("RUN", "COPY", "ADD"):
            message = f"this builder reads no here-document behind {here.keyword}, but instructions"
            advice = (
                "build with BuildKit and a front end from 1.4 on, or write the text to a file of the context"
            )
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


@dataclass(frozen=True, slots=True)
class HereDocument:
    """A text behind an instruction that is read as instructions.

    Attributes:
        keyword: The keyword of the instruction.
        last: The line that ends it; its first if none does.
    """

    keyword: str
    last: int


def here_document(lines: Sequence[str], first: int) -> HereDocument | None:
    """The here-document that begins on a line, according to the line above it; None if none does.

    Args:
        lines: The lines of the Dockerfile.
        first: The line.
    """
    found = _HERE_DOCUMENT.match(lines[first - 2]) if first > 1 else None
    if found is None:
        return None
    ends = (at for at in range(first, len(lines) + 1) if lines[at - 1].strip() == found[3])
    last = next(ends, None)
    keyword = found[1].upper()
    if last is None and keyword not in ("CMD", "ENTRYPOINT"):
        return None  # such as `1<<2` in a RUN
    return HereDocument(keyword, last or first)


def missing_argument(
    source: Source, prediction: Prediction, given: Iterable[str], predefined: Iterable[str]
) -> Iterator[Finding]:
    """Yield a finding if the name of a base is no reference because build arguments are missing.

    Only an ARG above the first FROM counts (STATE-16). A value that is meant for `--build-arg` is less
    serious than one that no `--build-arg` can give.

    Args:
        source: The Dockerfile.
        prediction: What is predicted.
        given: The names of the build arguments that are given.
        predefined: The names of the build arguments that need no ARG.
    """
    outcome = prediction.outcome
    if not isinstance(outcome, Refusal) or outcome.kind not in ("blank-base-name", "invalid-reference"):
        return
    line = outcome.line or 0
    command = source.commands.get(line)
    if command is None or command.instruction.keyword != "FROM":
        return
    has_default = dict.fromkeys(predefined, False) | _global_arguments(source)
    given = set(given)
    used = dict.fromkeys(a or b for a, b in _VARIABLE.findall(command.instruction.text))
    known = {name for name, default in has_default.items() if default or name in given}
    names = [name for name in used if name not in known and not _PLATFORM.fullmatch(name)]
    if names:
        undeclared = [name for name in names if name not in has_default]
        few = "has no value" if len(names) == 1 else "have no value"
        why = f"; no ARG {', '.join(undeclared)} stands above the first FROM" if undeclared else ""
        yield Finding(
            weight=1 if undeclared else 2,
            rule=prediction.steps[-1].rule,
            message=f"{outcome.message}: {', '.join(names)} {few}{why}",
            line=line,
            column=source.column(line),
            advice=_declare(undeclared, [name for name in names if name not in given]),
        )


def _declare(undeclared: Sequence[str], missing: Sequence[str]) -> str:
    """What to do about build arguments that are not declared, and about those without a value."""
    declare = f"write ARG {' '.join(undeclared)} above the first FROM" if undeclared else ""
    passed = " ".join(f"--build-arg {name}=..." for name in missing)
    give = f"pass {passed}, or give ARG a default" if missing else ""
    return ", and ".join(filter(None, (declare, give)))


def _global_arguments(source: Source) -> dict[str, bool]:
    """The names that every FROM may use, and whether they have a default."""
    found: dict[str, bool] = {}
    for _, command in sorted(source.commands.items()):
        if command.instruction.keyword == "FROM":
            break
        for word in command.words if command.instruction.keyword == "ARG" else ():
            name, _, default = word.partition("=")
            found[name] = bool(default)
    return found
