"""Every example of the spec holds on a live engine."""

import pytest

from cmdpoint.conformance.comparator import Comparator, Divergence
from cmdpoint.oracle import ImageConfig, Outcome
from cmdpoint.oracle.comparison import Level
from cmdpoint.spec.example import Example
from cmdpoint.spec.rules import all_rules
from cmdpoint.spec.verdict import as_text, holds

EXAMPLES = [example for rule in all_rules().values() for example in rule.examples]


def _is_of_runtimes(example: Example) -> bool:
    return example.rule.startswith("EXEC-") or example.rule == "CLI-8"


@pytest.mark.parametrize("example", [each for each in EXAMPLES if not _is_of_runtimes(each)], ids=str)
def test_example(comparator: Comparator, example: Example) -> None:
    """What the example shows is what the engine does."""
    _check(comparator, example)


@pytest.mark.every_runtime
@pytest.mark.parametrize("example", [each for each in EXAMPLES if _is_of_runtimes(each)], ids=str)
def test_start_example(comparator: Comparator, example: Example) -> None:
    """What the example shows is what the engine does, with each runtime."""
    _check(comparator, example)


def _check(comparator: Comparator, example: Example) -> None:
    level: Level = "config" if example.shows_config else "observed"
    seen: Outcome | ImageConfig = comparator.see(example.case, level)
    expected = example.expected(comparator.dialect)
    assert expected is not None, f"{example.chapter}:{example.line} says nothing of {comparator.dialect}"
    if not holds(expected, as_text(example, seen)):
        raise comparator.confirm(Divergence(example.case, level, seen))
    comparator.count(example.case, level)
