"""Every example of the spec holds on a live engine."""

import pytest

from oracle import ImageConfig, Outcome
from report.tally import Cost
from spec.example import Example
from spec.rules import all_rules
from spec.verdict import as_text, holds
from tests.judge import Disagreement, Judge

EXAMPLES = [example for rule in all_rules().values() for example in rule.examples]


def _is_of_runtimes(example: Example) -> bool:
    return example.rule.startswith("EXEC-") or example.rule == "CLI-8"


@pytest.mark.parametrize("example", [each for each in EXAMPLES if not _is_of_runtimes(each)], ids=str)
def test_example(judge: Judge, example: Example) -> None:
    """What the example shows is what the engine does."""
    _check(judge, example)


@pytest.mark.every_runtime
@pytest.mark.parametrize("example", [each for each in EXAMPLES if _is_of_runtimes(each)], ids=str)
def test_start_example(judge: Judge, example: Example) -> None:
    """What the example shows is what the engine does, with each runtime."""
    _check(judge, example)


def _check(judge: Judge, example: Example) -> None:
    cost: Cost = "config" if example.shows_config else "observed"
    seen: Outcome | ImageConfig = judge.see(example.case, cost)
    expected = example.expected(judge.dialect)
    assert expected is not None, f"{example.chapter}:{example.line} says nothing of {judge.dialect}"
    if not holds(expected, as_text(example, seen)):
        raise judge.confirm(Disagreement(example.case, cost, seen))
    judge.count(example.case, cost)
