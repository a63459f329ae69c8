"""A problem: a finding with its file, its position and its severity."""

from dataclasses import dataclass, field
from typing import Final, Literal

from cmdpoint.findings.severity import SEVERITIES, Severity

__all__ = ["COMMENT", "SEVERITIES", "Ignored", "Problem", "Replacement"]

COMMENT: Final = "ignore-comment"
"""The rule of problems with the comments that ignore others."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """Another text for an instruction, which a prediction confirmed.

    Attributes:
        text: The text.
        first: The first line that it replaces.
        last: The last line that it replaces.
        width: The number of characters of the last line.
    """

    text: str
    first: int
    last: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem of a Dockerfile.

    Attributes:
        file: The path.
        line: The line, from 1.
        column: The column, from 1.
        instruction: The line on which the instruction starts.
        rule: The id of a rule of the specification, or `COMMENT`.
        severity: The severity.
        message: What happens, and why.
        fix: Another text for the instruction, if one is known.
        advice: What else to do.
        dialects: The dialects that have the problem; empty if all that were checked have it.
    """

    file: str
    line: int
    column: int
    instruction: int
    rule: str
    severity: Severity
    message: str
    fix: Replacement | None = None
    advice: str = ""
    dialects: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Ignored:
    """A problem that a comment or the settings ignore.

    Attributes:
        problem: The problem.
        reason: The reason that is given.
        by: `comment` or `settings`.
    """

    problem: Problem
    reason: str
    by: Literal["comment", "settings"]
