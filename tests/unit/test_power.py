"""Mutants are generated correctly, and found: a fast share of `python -m tests.mutants`."""

import ast
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmdpoint.oracle import Case, Dialect, Image, Process, predict
from cmdpoint.oracle.container import create, start
from cmdpoint.spec.rules import all_rules
from tests.mutants import measure
from tests.mutants.code import Part, changed, parts
from tests.mutants.coverage import behaviours_in, line_key, numbers, touched
from tests.mutants.evidence import Item, spec
from tests.mutants.index import Index, touched_by
from tests.mutants.measure import Measured, interrupt_endless_predictions, measure_code
from tests.mutants.sites import mutations
from tests.mutants.table import share, survivors
from tests.suite.wrong_rules import WRONG_RULES, WrongRule

pytestmark = pytest.mark.slow

CASE = Case((Image("image", 'FROM probe\nCMD ["/a", "b"]\n'),))


def part(file: str, name: str) -> Part:
    """A function or a constant of the oracle."""
    return next(each for each in parts() if (each.file, each.name) == (file, name))


@pytest.fixture
def endless_predictions_end() -> Iterator[None]:
    """A mutant can make a prediction endless."""
    before = signal.getsignal(signal.SIGVTALRM)
    interrupt_endless_predictions()
    yield
    signal.signal(signal.SIGVTALRM, before)


@pytest.fixture(scope="module")
def examples() -> Index:
    """Examples that touch what is mutated here, those of creation and of variables, on the newest Docker."""
    of_creation = {
        each.case for rule in all_rules().values() if rule.id.startswith("MERGE-") for each in rule.examples
    }
    items: list[Item] = [
        item for item in spec((Dialect.newest(),)) if item.case in of_creation or "${" in repr(item.case)
    ]
    index = Index()
    for item, what in zip(items, touched_by(items), strict=True):
        index.add(item, what)
    return index


def test_each_mutation_changes_the_tree_and_is_undone() -> None:
    """While a mutation is yielded the tree has its new source, and afterwards the old one."""
    for each in parts()[::8]:
        before = ast.unparse(each.node)
        for mutation in mutations(each.node, each.lines):
            assert ast.unparse(each.node) != before, f"{each.file}:{mutation.line} {mutation.kind}"
            assert mutation.line in each.lines
        assert ast.unparse(each.node) == before


def test_there_are_mutants_of_every_kind() -> None:
    """The oracle has code for each of them."""
    missing = {
        "comparison flipped",
        "boundary shifted",
        "and/or swapped",
        "not dropped",
        "condition is always true",
        "condition is always false",
        "constant changed",
        "constant flipped",
        "string changed",
        "element dropped",
        "early exit dropped",
        "continue dropped",
        "break dropped",
        "statement deleted",
        "slice bound dropped",
        "slice bound shifted",
        "operand dropped",
        "call of strip dropped",
    }
    for each in parts():
        missing -= {mutation.kind for mutation in mutations(each.node, each.lines)}
        if not missing:
            break
    assert not missing


def test_a_changed_function_predicts_otherwise_and_is_restored() -> None:
    """The change is in effect within the block, although the right prediction was made before."""
    dialect = Dialect.newest()
    right = predict(CASE, dialect).outcome
    merge = part("oracle/container/create.py", "create")
    wrong = []
    for _ in mutations(merge.node, merge.lines):
        with changed(merge):
            try:
                wrong.append(predict(CASE, dialect).outcome)
            except Exception as error:
                wrong.append(repr(error))  # type: ignore[arg-type]
        assert predict(CASE, dialect).outcome == right
    assert isinstance(right, Process)
    assert any(outcome != right for outcome in wrong)


def test_a_changed_constant_reaches_the_modules_that_import_it() -> None:
    """It is another value everywhere, and the old one afterwards."""
    path = part("oracle/case.py", "DEFAULT_PATH")
    before = vars(start)["DEFAULT_PATH"]
    seen = 0
    for _ in mutations(path.node, path.lines):
        with changed(path):
            seen += 1
            assert vars(start)["DEFAULT_PATH"] is vars(create)["DEFAULT_PATH"]
            assert vars(start)["DEFAULT_PATH"] != before
        assert vars(start)["DEFAULT_PATH"] is vars(create)["DEFAULT_PATH"] is before
    assert seen


def test_what_a_prediction_touches() -> None:
    """The lines that it executes and no others, and the behaviours that it reads."""
    what = touched(CASE, Dialect.newest())
    assert {"unreadable_program", "front_end"} <= set(behaviours_in(what))
    assert "patterns" not in behaviours_in(what)
    executed = set(numbers(what))
    run, not_run = part("oracle/predict.py", "predict"), part("oracle/clients/docker_run.py", "read")
    assert [line for line in run.lines if line_key(run.file, line) in executed]
    assert not [line for line in not_run.lines if line_key(not_run.file, line) in executed]


@pytest.mark.usefixtures("endless_predictions_end")
def test_examples_find_mutants_of_every_row_of_the_merge_table(examples: Index) -> None:
    """Of each row, they find that the Entrypoint or the Cmd comes from elsewhere."""
    table = part("oracle/container/create.py", "MERGE_TABLE")
    measured = measure_code(examples, table, every=2, kind="string changed")
    rows = {one.where.partition(" ")[0] for one in measured}
    assert len(rows) == len(create.MERGE_TABLE)
    assert {one.where.partition(" ")[0] for one in measured if one.found} == rows


@pytest.mark.usefixtures("endless_predictions_end")
def test_an_endless_prediction_is_found(examples: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word whose end is never reached."""
    monkeypatch.setattr(measure, "PATIENCE", 0.1)
    measured = measure_code(examples, part("oracle/build/variables.py", "_Word._next"))
    assert [one.group for one in measured if one.found] == [one.group for one in measured]


def test_the_table_counts_what_is_found() -> None:
    """Shares are of what changes a prediction; those of quick runs, of what changes one on their targets."""
    both = frozenset(("replay", "spec"))
    measured = [
        Measured("a", "oracle/a.py:1", both, both, on_quick=False),
        Measured("a", "oracle/a.py:2", both, frozenset(("pool",)), on_quick=True),
        Measured("a", "oracle/a.py:3", both, frozenset(("quick",)), on_quick=True),
        Measured("b", "oracle/a.py:4", both, frozenset(), on_quick=False),
    ]
    changing = [one for one in measured if one.changes]
    assert [share(column, changing) for column in ("both", "quick")] == ["33.3 %", "50.0 %"]
    assert survivors(measured, "both") == ["oracle/a.py:2", "oracle/a.py:3"]
    assert survivors(measured, "quick") == ["oracle/a.py:2"]


@pytest.mark.parametrize("wrong", WRONG_RULES, ids=lambda wrong: wrong.rule)
def test_a_wrong_rule_of_the_live_runs_fits_the_oracle(wrong: WrongRule, tmp_path: Path) -> None:
    """The text that it replaces occurs once, and the file still compiles."""
    copy = wrong.put(tmp_path / "copy")
    compile((copy / "oracle" / wrong.file).read_text("utf-8"), wrong.file, "exec")
