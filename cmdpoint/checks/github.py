"""Problems as workflow commands, which GitHub Actions shows beside the lines of a pull request.

Source: GitHub, "Workflow commands for GitHub Actions"; actions/toolkit, `packages/core/src/command.ts`.
"""

from collections.abc import Iterator
from typing import Final

from cmdpoint.checks.problem import Problem
from cmdpoint.findings.severity import Severity

_COMMANDS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "note": "notice"}


def problem_lines(problem: Problem) -> Iterator[str]:
    """Yield the workflow command of a problem."""
    properties = {
        "file": problem.file,
        "line": str(problem.line),
        "col": str(problem.column),
        "title": f"cmdpoint {problem.rule}",
    }
    shown = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    message = problem.message
    if problem.fix is not None:
        message += f"\nfix: {problem.fix.text}"
    elif problem.advice:
        message += f"\nwhat to do: {problem.advice}"
    yield f"::{_COMMANDS[problem.severity]} {shown}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
