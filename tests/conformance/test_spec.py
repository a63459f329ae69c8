"""Every example of the spec has the result that it shows on a live engine."""

import pytest

from cmdpoint.conformance.comparator import Comparator, Divergence
from cmdpoint.oracle import ImageConfig, Outcome
from cmdpoint.oracle.comparison import Level
from cmdpoint.spec.example import Example
from cmdpoint.spec.expectation import as_text, matches
from cmdpoint.spec.rules import all_rules

RULES = all_rules().values()
EXAMPLES = [example for rule in RULES if not rule.depends_on_runtime for example in rule.examples]
RUNTIME_EXAMPLES = [example for rule in RULES if rule.depends_on_runtime for example in rule.examples]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example(comparator: Comparator, example: Example) -> None:
    """The engine's result is the one that the example shows."""
    _check(comparator, example)


@pytest.mark.every_runtime
@pytest.mark.parametrize("example", RUNTIME_EXAMPLES, ids=str)
def test_start_example(comparator: Comparator, example: Example) -> None:
    """The engine's result is the one that the example shows, with each runtime."""
    _check(comparator, example)


def _check(comparator: Comparator, example: Example) -> None:
    level: Level = "config" if example.shows_config else "observed"
    observed: Outcome | ImageConfig = comparator.observe(example.case, level)
    expected = example.expected(comparator.dialect)
    assert expected is not None, f"{example.chapter}:{example.line} has no result for {comparator.dialect}"
    if not matches(expected, as_text(observed)):
        raise comparator.confirm(Divergence(example.case, level, observed))
    comparator.count(example.case, level, observed)
