"""The suite finds what it is for: a wrong rule, planted in a copy of the oracle."""

import os
import re
from pathlib import Path
from random import Random

import pytest

from oracle import ABSENT, Image, Request
from tests.judge import Disagreement, Judge
from tests.live import runs
from tests.live.test_properties import NewShard
from tests.plants import PLANTS

SNAPSHOTS = Path(__file__).parent / "snapshots"


FIRST = {plant.chapter: plant for plant in reversed(PLANTS)}
"""The first plant of each chapter."""

QUICK = 2
"""How many are planted, others in each run; tests/unit/test_power.py shows that a run finds every one."""


@pytest.mark.parametrize("at", range(QUICK))
def test_a_wrong_rule_is_found(at: int, new_shard: NewShard, engine_url: str, tmp_path: Path) -> None:
    """A quick run fails, with a report that a person can use; the seed says which rule is wrong."""
    chosen = Random(new_shard(0, 1).base_seed)
    plant = chosen.sample(list(FIRST.values()), QUICK)[at]
    checkout = plant.put(tmp_path / "checkout")
    selection = ("tests/live/test_properties.py", "-k", f"{plant.test} and buildkit")
    status, output = runs.run(
        engine_url, *selection, "-x", "-p", "no:xdist", "--hypothesis-seed=1", folder=checkout
    )
    assert status == 1, f"{plant.rule}: {output}"
    report = re.search(
        r"^The oracle and .*? disagree.*?^To find it again: ", output, re.DOTALL | re.MULTILINE
    )
    assert report is not None, output
    assert "#!/bin/sh" in report[0]
    assert len(re.findall(r"^ +\d+ \| ", report[0], re.MULTILINE)) <= 8, "that is not the smallest case"


def test_the_report_is_the_kept_one(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed where the words of a request are passed over, word by word."""
    monkeypatch.setattr("oracle.create._cmd", lambda image, *_: image.cmd)
    images = (
        Image("base", 'FROM probe\nCMD ["/c", "a b"]\n'),
        Image("image", 'FROM base\nENTRYPOINT ["/e"]\nCMD ["x"]\n'),
    )
    with pytest.raises(Disagreement) as raised:
        judge.planned(images, [Request(ABSENT, ("y", "z"))])
    report = str(judge.confirm(raised.value))
    compare(SNAPSHOTS / f"planted-{judge.live.builder}.txt", report.replace(judge.live.engine.name, "ENGINE"))


def compare(snapshot: Path, text: str) -> None:
    """Hold a text against the one that is kept; with CMDPOINT_RENEW_SNAPSHOTS set, keep it instead."""
    if os.environ.get("CMDPOINT_RENEW_SNAPSHOTS"):
        snapshot.parent.mkdir(exist_ok=True)
        snapshot.write_text(text, "utf-8")
    assert text == snapshot.read_text("utf-8"), "to accept it, set CMDPOINT_RENEW_SNAPSHOTS=1"
