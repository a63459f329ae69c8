"""Comments that ignore problems of the next instruction: `# cmdpoint: ignore[RULE] reason`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cmdpoint.checks.problem import COMMENT, Ignored, Problem

_COMMENT: Final = re.compile(r"\s*#\s*cmdpoint\s*:\s*(.*)", re.IGNORECASE)
_IGNORE: Final = re.compile(r"ignore\s*\[([^\]]*)\]\s*[:-]?\s*(.*)", re.IGNORECASE)
_FORM: Final = "write # cmdpoint: ignore[RULE] REASON on a line of its own above the instruction"


@dataclass(frozen=True, slots=True)
class IgnoreComment:
    """A comment that ignores problems.

    Attributes:
        line: Its line.
        applies_to: The line of the instruction that it belongs to; 0 if none follows.
        rules: The ids of the rules that it ignores.
        reason: The reason.
    """

    line: int
    applies_to: int
    rules: frozenset[str]
    reason: str


def ignore_comments(
    text: str, instructions: Mapping[int, object]
) -> Iterator[IgnoreComment | tuple[int, str]]:
    """Read the comments of a Dockerfile.

    Args:
        text: The Dockerfile.
        instructions: Its instructions by the line that they start on. A comment between the lines of an
            instruction belongs to that one, any other to the next.

    Returns:
        Each comment; or its line, and what is wrong with it.
    """
    starts = sorted(instructions)
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        found = _COMMENT.match(line)
        if found is None:
            continue
        ignore = _IGNORE.match(found[1].strip())
        rules = frozenset(filter(None, re.split(r"[\s,]+", ignore[1].upper()))) if ignore else frozenset()
        if ignore is None or not rules:
            yield number, "this comment is not understood"
        elif not ignore[2].strip():
            yield number, f"the comment gives no reason to ignore {', '.join(sorted(rules))}"
        else:
            yield IgnoreComment(number, _instruction_of(number, starts, lines), rules, ignore[2].strip())


def _instruction_of(number: int, starts: list[int], lines: list[str]) -> int:
    before = max((start for start in starts if start < number), default=0)
    # Only comments and blank lines may stand between a continued line and what follows it.
    at = number - 1
    while at > before and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith("#")):
        at -= 1
    if before and at >= before and lines[at - 1].rstrip().endswith(("\\", "`")):
        return before
    return min((start for start in starts if start > number), default=0)


def apply_comments(
    file: str, text: str, instructions: Mapping[int, object], problems: list[Problem]
) -> tuple[list[Problem], list[Ignored]]:
    """Divide problems into those that remain and those that comments ignore.

    A comment that is malformed, gives no reason or ignores nothing is a problem too.

    Args:
        file: The path of the Dockerfile.
        text: Its text.
        instructions: Its instructions by the line that they start on.
        problems: Its problems.
    """
    remaining, ignored = list(problems), list[Ignored]()
    for each in ignore_comments(text, instructions):
        if not isinstance(each, IgnoreComment):
            remaining.append(_bad_comment(file, *each))
            continue
        matching = [p for p in remaining if p.instruction == each.applies_to and p.rule in each.rules]
        remaining = [p for p in remaining if p not in matching]
        ignored += [Ignored(p, each.reason, "comment") for p in matching]
        unused = each.rules - {p.rule for p in matching}
        if unused:
            what = f"the next instruction has no problem of rule {', '.join(sorted(unused))} to ignore"
            remaining.append(_bad_comment(file, each.line, what, "remove the rule from the comment"))
    return remaining, ignored


def _bad_comment(file: str, line: int, message: str, advice: str = _FORM) -> Problem:
    return Problem(
        file=file,
        line=line,
        column=1,
        instruction=line,
        rule=COMMENT,
        severity="warning",
        message=message,
        advice=advice,
    )
