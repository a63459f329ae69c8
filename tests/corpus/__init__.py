"""Dockerfiles as people write them, and what an upgrade changes for each."""

import tomllib
from pathlib import Path
from typing import Any, Final

from cmdpoint.cli.reading import read
from cmdpoint.oracle.outcome import Outcome, Process

FOLDER: Final = Path(__file__).parent / "dockerfiles"
"""The tree of them."""

EXPECTED: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("expected.toml").read_text("utf-8")
)
"""What is expected of each, by its path in the tree."""


def text(name: str) -> str:
    """A Dockerfile of the tree."""
    return read(str(FOLDER / name))


def argv_or_refusal(outcome: Outcome) -> list[str] | str:
    """An outcome, as an expectation is written."""
    if isinstance(outcome, Process):
        return list(outcome.argv)
    line = "" if outcome.line is None else f", line {outcome.line}"
    return f"refused at {outcome.phase}: {outcome.kind}{line}"
