"""The suite finds what it is for: a wrong rule, planted in a copy of the oracle, chapter by chapter."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.live import runs

SNAPSHOTS = Path(__file__).parent / "snapshots"


@dataclass(frozen=True, slots=True)
class Plant:
    """A wrong rule.

    Attributes:
        chapter: The chapter it is a rule of.
        file: Where in the oracle.
        right: The text that is replaced; it occurs once.
        wrong: By what.
        test: The property that must find it.
        builder: Whose.
    """

    chapter: str
    file: str
    right: str
    wrong: str
    test: str
    builder: str = "buildkit"


PLANTS = [
    Plant("LEX", "dockerfile/stages.py", "if read.keyword not in KEYWORDS:", "if False:", "test_refusal"),
    Plant(
        "FORM",
        "dockerfile/json_array.py",
        "raw_decode(readable(text))",
        'raw_decode(readable(text).replace(",]", "]"))',
        "test_config",
    ),
    Plant("SHELL", "state.py", "return self.shell\n", "return self.shell[:1]\n", "test_config"),
    Plant("STATE", "state.py", "elif self.cmd:", "elif self.cmd and not self.entrypoint:", "test_config"),
    Plant(
        "MERGE",
        "create.py",
        'it alone")\n    return ()',
        'it alone")\n    return image.entrypoint',
        "test_planned",
    ),
    Plant("EXEC", "start.py", "in programs for folder", "in programs or True for folder", "test_observed"),
]
"""One for each chapter."""


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.chapter)
def test_a_wrong_rule_is_found(plant: Plant, engine_url: str, tmp_path: Path) -> None:
    """A quick run fails, and its report is the one that is kept."""
    checkout = shutil.copytree(
        runs.ROOT, tmp_path / "checkout", ignore=shutil.ignore_patterns(".*", "__pycache__")
    )
    path = checkout / "oracle" / plant.file
    text = path.read_text("utf-8")
    assert text.count(plant.right) == 1
    path.write_text(text.replace(plant.right, plant.wrong), "utf-8")
    selection = ("tests/live/test_properties.py", "-k", f"{plant.test} and {plant.builder}")
    status, output = runs.run(
        engine_url, *selection, "-x", "-p", "no:xdist", "--hypothesis-seed=1", folder=checkout
    )
    assert status == 1, output
    compare(SNAPSHOTS / f"planted-{plant.chapter}.txt", report_in(output))


def report_in(output: str) -> str:
    """The report that a failed run printed, without what differs from engine to engine."""
    match = re.search(r"^_{5,} test_\w+\[.*?\n(.*?)^={5,}", output, re.DOTALL | re.MULTILINE)
    assert match is not None, output
    return re.sub(r"docker-[\d.]+", "docker-VERSION", match[1])


def compare(snapshot: Path, text: str) -> None:
    """Hold a text against the one that is kept; with CMDPOINT_RENEW_SNAPSHOTS set, keep it instead."""
    if os.environ.get("CMDPOINT_RENEW_SNAPSHOTS"):
        snapshot.parent.mkdir(exist_ok=True)
        snapshot.write_text(text, "utf-8")
    assert text == snapshot.read_text("utf-8"), "to accept it, set CMDPOINT_RENEW_SNAPSHOTS=1"
