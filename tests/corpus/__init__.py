"""Realistic Dockerfiles, and what an upgrade changes for each."""

import tomllib
from pathlib import Path
from typing import Any, Final

from cmdpoint.cli.reading import read
from cmdpoint.oracle.outcome import Outcome, Process

FOLDER: Final = Path(__file__).parent / "dockerfiles"
"""The folder of the Dockerfiles."""

REPORTS: Final = Path(__file__).parent / "reports"
"""The folder of the Dockerfiles of real reports, with `reports.toml`."""

EXPECTED: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("expected.toml").read_text("utf-8")
)
"""The expectation for each, by its path in that folder."""


def text(name: str) -> str:
    """The text of a Dockerfile."""
    return read(str(FOLDER / name))


def argv_or_refusal(outcome: Outcome) -> list[str] | str:
    """An outcome, in the notation of the expectations."""
    if isinstance(outcome, Process):
        return list(outcome.argv)
    line = "" if outcome.line is None else f", line {outcome.line}"
    return f"refused at {outcome.phase}: {outcome.kind}{line}"
