"""The generated pages match the recorded observations; `tox run -e written` regenerates them."""

from functools import cache
from pathlib import Path

import pytest

from cmdpoint.oracle.case import Image
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.known import known_dialects, runtime_dialects
from cmdpoint.report import ledger, ledger_text, page, summary
from cmdpoint.report.compute import Execution, matrix
from cmdpoint.report.ledger import KINDS, Entry
from cmdpoint.report.ledger_examples import LedgerExamples
from cmdpoint.report.wording import one_line
from cmdpoint.spec.expectation import matches
from cmdpoint.spec.rules import all_rules
from tests.unit.recorded import PREDICTIONS, cases, recorded

ROOT = Path(__file__).parents[2]
ENTRIES = ledger.entries()
DIALECTS = (*known_dialects(), *runtime_dialects())

pytestmark = pytest.mark.slow


@cache
def examples() -> LedgerExamples:
    """The search for the examples of the ledger."""
    return LedgerExamples(cases(), recorded().dialects, PREDICTIONS)


def test_the_matrix_of_recorded_observations() -> None:
    """docs/targets.md is current, the page is small enough, and few cells have no verdict.

    The cases of LEX-3 are too long to be recorded, and no distribution has Docker 29 to record more on it.
    """
    known = recorded()
    found = matrix(cases(), known.dialects, all_rules(), known.errors, known.date, Execution(PREDICTIONS))
    text = (ROOT / "docs/targets.md").read_text("utf-8")
    assert summary.replaced(text, summary.render(found)) == text, "regenerate it: tox run -e written"

    others = {
        (row.rule.id, cell.verdict)
        for row in found.rows
        for target, cell in row.cells.items()
        if cell.verdict not in ("agrees", "does not apply")
        and not (cell.verdict == "not reached" and target.startswith("docker-29.7.2"))
    }
    assert others == {("LEX-3", "not reached")}

    for row in found.rows:
        from_spec = [example.from_spec for example in row.examples]
        assert from_spec == sorted(from_spec, reverse=True), "the examples of the spec come first"
    (form_2,) = (row for row in found.rows if row.rule.id == "FORM-2")
    assert form_2.examples[0].case.images[0] == Image("image", 'FROM probe\nCMD ["/a", "x"] # say x\n')

    html = page.render(found)
    assert all(target in html for target in known.targets)
    assert len(html.encode()) < 3_000_000


def test_the_ledger_is_rendered() -> None:
    """DIVERGENCES.md is current."""
    text = ledger_text.render(examples(), recorded().dialects, recorded().date)
    assert text == (ROOT / "DIVERGENCES.md").read_text("utf-8"), "regenerate it: tox run -e written"


def test_every_behaviour_that_differs_has_an_entry() -> None:
    """No other behaviour has one."""
    assert {entry.name for entry in ENTRIES if entry.behaviour} == set(ledger.differing())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_is_complete(entry: Entry) -> None:
    """It has a known kind and existing rules, and a sentence on whether upstream knows about it."""
    assert entry.kind in KINDS
    assert set(entry.rules) <= set(all_rules())
    assert entry.upstream.endswith(".")
    assert entry.behaviour or entry.sources


@pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES if entry.behaviour or entry.case], ids=lambda entry: entry.name
)
def test_an_example_differs(entry: Entry) -> None:
    """In the example, targets differ from each other or from the documentation."""
    shown = examples().of(entry)
    assert shown is not None
    if entry.documented:
        assert not all(matches(entry.documented, one_line(result)) for result, _ in shown.results)
        return
    predictions = [
        PREDICTIONS.predict(shown.case, dialect) for dialect in (*DIALECTS, *recorded().dialects.values())
    ]
    answers = [(each.config, each.outcome) for each in predictions]
    (config, outcome), *others = answers
    predicted_differently = any(other != config or not agree(one, outcome) for other, one in others)
    assert predicted_differently or len(shown.results) > 1, "no two targets differ in the example"
