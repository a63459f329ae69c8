"""What is written from what is kept stands here as it would be written today: tox run -e written."""

from functools import cache
from pathlib import Path

import pytest

from cmdpoint.conformance.recording.curate import RECORDED
from cmdpoint.observations.collection import ObservationSet, read_observations
from cmdpoint.observations.replay import ObservedCase
from cmdpoint.oracle import predict
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.known import known_dialects, runtime_dialects
from cmdpoint.report import ledger, ledger_text, page, summary
from cmdpoint.report.ledger import KINDS, Entry
from cmdpoint.report.matrix import matrix
from cmdpoint.report.wording import one_line
from cmdpoint.spec.expectation import matches
from cmdpoint.spec.rules import all_rules

ROOT = Path(__file__).parents[2]
ENTRIES = ledger.entries()


@cache
def collected() -> ObservationSet:
    """What is kept."""
    return read_observations([RECORDED.parent])


@cache
def cases() -> list[ObservedCase]:
    """Those that are kept, the smallest first."""
    return sorted(collected().compared, key=lambda each: each.size)


def test_the_matrix_of_recorded_observations() -> None:
    """docs/targets.md has its summary, its page is no burden, and each cell but those of LEX-3 is filled.

    One test, because the matrix takes long to make and every worker would make its own.
    """
    kept = collected()
    found = matrix(kept.compared, kept.dialects, all_rules(), kept.errors, kept.date)
    text = (ROOT / "docs/targets.md").read_text("utf-8")
    assert summary.replaced(text, summary.render(found)) == text, "write it anew: tox run -e written"

    cells = [(row.rule.id, cell.verdict) for row in found.rows for cell in row.cells.values()]
    others = {(rule, verdict) for rule, verdict in cells if verdict not in ("agrees", "does not apply")}
    assert others == {("LEX-3", "not reached")}, "a line that is too long is too long to be kept"

    html = page.render(found)
    assert all(target in html for target in kept.targets)
    assert len(html.encode()) < 3_000_000


def test_the_ledger_is_rendered() -> None:
    """DIVERGENCES.md is what its sources say."""
    kept = collected()
    told = ledger_text.render(list(kept.compared), kept.dialects, kept.date)
    assert told == (ROOT / "DIVERGENCES.md").read_text("utf-8"), "write it anew: tox run -e written"


def test_every_behaviour_that_differs_has_an_entry() -> None:
    """And no other has one."""
    assert {entry.name for entry in ENTRIES if entry.behaviour} == set(ledger.differing())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_is_whole(entry: Entry) -> None:
    """Of a known kind, of rules that are there, and it says whether upstream knows."""
    assert entry.kind in KINDS
    assert set(entry.rules) <= set(all_rules())
    assert entry.upstream.endswith(".")
    assert entry.behaviour or entry.sources


@pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES if entry.behaviour or entry.case], ids=lambda entry: entry.name
)
def test_an_example_differs(entry: Entry) -> None:
    """Some do one thing and some another, or another than the documentation says."""
    kept = collected()
    shown = ledger.example(entry, cases(), kept.dialects)
    assert shown is not None
    if entry.documented:
        assert not all(matches(entry.documented, one_line(result)) for result, _ in shown.results)
        return
    foretold = [
        predict(shown.case, dialect)
        for dialect in (*known_dialects(), *runtime_dialects(), *kept.dialects.values())
    ]
    answers = [(each.config, each.outcome) for each in foretold]
    (config, outcome), *others = answers
    predicted_differently = any(other != config or not agree(one, outcome) for other, one in others)
    assert predicted_differently or len(shown.results) > 1, "no two targets differ in the example"
