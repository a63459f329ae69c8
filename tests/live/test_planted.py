"""The suite finds what it is for: a wrong rule, planted in a copy of the oracle, chapter by chapter."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from oracle import ABSENT, Image, Request
from tests.judge import Disagreement, Judge
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
    Plant(
        "LEX",
        "dockerfile/arguments.py",
        'return "LEX-22", "unknown-instruction", f"unknown instruction: {read.keyword}"',
        "return None",
        "test_refusal",
    ),
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
    """A quick run fails, with a report that a person can use."""
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
    report = re.search(
        r"^The oracle and .*? disagree.*?^To find it again: ", output, re.DOTALL | re.MULTILINE
    )
    assert report is not None, output
    assert "#!/bin/sh" in report[0]
    assert len(re.findall(r"^ +\d+ \| ", report[0], re.MULTILINE)) <= 8, "that is not the smallest case"


def test_the_report_is_the_kept_one(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed where the empty entrypoint list is taken for none at all, word by word."""
    monkeypatch.setattr("oracle.create._entrypoint", lambda image, *_: image.entrypoint)
    images = (
        Image("base", 'FROM probe\nCMD ["/c", "a b"]\n'),
        Image("image", 'FROM base\nENTRYPOINT ["/e"]\nCMD ["x"]\n'),
    )
    with pytest.raises(Disagreement) as raised:
        judge.planned(images, [Request((), ABSENT)])
    report = str(judge.confirm(raised.value))
    compare(SNAPSHOTS / f"planted-{judge.live.builder}.txt", report.replace(judge.live.engine.name, "ENGINE"))


def compare(snapshot: Path, text: str) -> None:
    """Hold a text against the one that is kept; with CMDPOINT_RENEW_SNAPSHOTS set, keep it instead."""
    if os.environ.get("CMDPOINT_RENEW_SNAPSHOTS"):
        snapshot.parent.mkdir(exist_ok=True)
        snapshot.write_text(text, "utf-8")
    assert text == snapshot.read_text("utf-8"), "to accept it, set CMDPOINT_RENEW_SNAPSHOTS=1"
