"""The conformance tests find a mutant: a copy of the oracle with one wrong rule."""

import os
import re
from pathlib import Path
from random import Random

import pytest

from cmdpoint.conformance.comparator import Comparator, Divergence
from cmdpoint.conformance.plugin import RUN
from cmdpoint.oracle import ABSENT, Image, Request
from cmdpoint.oracle.container.create import MERGE_TABLE, Row
from tests.suite import runs
from tests.suite.wrong_rules import WRONG_RULES

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.mark.long
def test_a_wrong_rule_is_found(request: pytest.FixtureRequest, engine_url: str, tmp_path: Path) -> None:
    """A run fails, and its report has a small case and a script; the seed chooses the rule.

    The profile has portions to spare: of a quick run, other tests find what one of the rules changes.
    """
    mutant = Random(request.config.stash[RUN].seed).choice(WRONG_RULES)
    checkout = mutant.put(tmp_path / "checkout")
    selection = ("tests/conformance/test_properties.py", "-k", mutant.test)
    options = ("-x", "-p", "no:xdist", "--hypothesis-seed=1", "--hypothesis-profile=thorough")
    status, output = runs.run(engine_url, *selection, *options, folder=checkout)
    assert status == 1, f"{mutant.rule}: {output}"
    report = re.search(r"^The oracle and .*? diverge.*?^To find it again: ", output, re.DOTALL | re.MULTILINE)
    assert report is not None, output
    script = re.search(r"engines run \S+ -- sh (\S+)", report[0])
    assert script is not None, report[0]
    assert (checkout / script[1]).read_text().startswith("#!/bin/sh\n# Predicted: ")
    assert len(re.findall(r"^ +\d+ \| ", report[0], re.MULTILINE)) <= 10, "that is not a small case"


def test_the_last_screen_names_a_rule_that_the_oracle_leaves_out(engine_url: str, tmp_path: Path) -> None:
    """The engine does what the rule's examples show, and no case applies the rule."""
    (mutant,) = (each for each in WRONG_RULES if each.rule == "LEX-22")
    checkout = mutant.put(tmp_path / "checkout")
    rules = "(LEX-20 or LEX-22 or LEX-26) and buildkit"  # LEX-25 has many examples that need LEX-22, too
    selection = ("tests/conformance/test_spec.py", "-k", rules, "-p", "no:xdist")
    status, output = runs.run(engine_url, *selection, folder=checkout)
    assert status == 1, output
    last = output.partition("\nDIVERGENCE: ")[2].splitlines()
    assert last[0].startswith("LEX-22, on "), output
    assert re.search(r"tests that diverge: \d+; agreeing cases that apply it: 0; examples of it", last[2])
    assert "the oracle is wrong" in output
    assert "tests/unit/test_spec.py -k LEX-22" in output


def test_the_report_is_the_snapshot(comparator: Comparator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report is compared as a whole, for a mutant that ignores the words of a request."""
    row = Row("image", "image", "MERGE-1", ())
    monkeypatch.setitem(MERGE_TABLE, ("null", "words"), row)
    images = (
        Image("base", 'FROM probe\nCMD ["/c", "a b"]\n'),
        Image("image", 'FROM base\nENTRYPOINT ["/e"]\nCMD ["x"]\n'),
    )
    with pytest.raises(Divergence) as raised:
        comparator.planned(images, [Request(ABSENT, ("y", "z"))])
    report, _, _ = str(comparator.confirm(raised.value)).partition("\nTo reproduce it:\n")
    compare(
        SNAPSHOTS / f"mutant-{comparator.live.builder}.txt",
        report.replace(comparator.live.engine.name, "ENGINE"),
    )


def compare(snapshot: Path, text: str) -> None:
    """Compare a text with a snapshot; with CMDPOINT_RENEW_SNAPSHOTS set, write the snapshot first."""
    if os.environ.get("CMDPOINT_RENEW_SNAPSHOTS"):
        snapshot.parent.mkdir(exist_ok=True)
        snapshot.write_text(text, "utf-8")
    assert text == snapshot.read_text("utf-8"), "to accept it, set CMDPOINT_RENEW_SNAPSHOTS=1"
