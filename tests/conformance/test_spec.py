"""Every example of the spec has the result that it shows on a live engine."""

from collections.abc import Callable, Iterable

import pytest

from cmdpoint.conformance.comparator import Comparator, Divergence
from cmdpoint.oracle import Case, CommandLine, predict
from cmdpoint.oracle.comparison import LEVELS, Level
from cmdpoint.spec.example import Example
from cmdpoint.spec.expectation import as_text, matches
from cmdpoint.spec.rule import Rule
from cmdpoint.spec.rules import all_rules

RULES = all_rules().values()


def _examples(rules: Iterable[Rule]) -> list[Example]:
    return [example for rule in rules for example in rule.examples]


IMAGE_EXAMPLES = _examples(rule for rule in RULES if rule.depends_on_builder)
RUNTIME_EXAMPLES = _examples(rule for rule in RULES if rule.depends_on_runtime)
OTHER_EXAMPLES = _examples(
    rule for rule in RULES if not rule.depends_on_builder and not rule.depends_on_runtime
)


@pytest.mark.parametrize(
    ("number", "example"), list(enumerate(IMAGE_EXAMPLES)), ids=list(map(str, IMAGE_EXAMPLES))
)
def test_image_example(
    comparator: Comparator, number: int, example: Example, starts: Callable[[int], bool]
) -> None:
    """The result is the one that the example shows, with each builder; the image of one of them is run."""
    prediction = predict(example.case, comparator.dialect)
    planned = Case(example.case.images, prediction.request or example.case.request)
    if not starts(number) and matches(_expected(example, comparator), as_text(prediction.planned)):
        _check(comparator, example, planned, "planned")
    else:
        _check(comparator, example, example.case, "observed")


@pytest.mark.one_builder
@pytest.mark.parametrize("example", OTHER_EXAMPLES, ids=str)
def test_request_example(comparator: Comparator, example: Example) -> None:
    """The result of the client's or the API's request is the one that the example shows."""
    _check(comparator, example, example.case, "observed")


@pytest.mark.one_builder
@pytest.mark.every_runtime
@pytest.mark.parametrize("example", RUNTIME_EXAMPLES, ids=str)
def test_start_example(comparator: Comparator, example: Example) -> None:
    """The result of the start is the one that the example shows, with each runtime."""
    _check(comparator, example, example.case, "observed")


def _check(comparator: Comparator, example: Example, case: Case, level: Level) -> None:
    """Compare a case with what an example shows and what the oracle predicts, at a level that shows it."""
    if not example.applies(comparator.dialect):
        pytest.skip("only Podman has this command")
    if isinstance(case.request, CommandLine) and case.request.local and not comparator.live.local_client:
        pytest.skip("only a private Podman has a client that creates containers itself")
    level = min(level, example.level, key=LEVELS.index)
    seen = comparator.observe(case, level)
    as_specified = matches(_expected(example, comparator), as_text(seen))
    if not as_specified or not comparator.predicts(case, level, seen):
        raise comparator.confirm(Divergence(case, level, seen, as_specified=as_specified))
    comparator.count(case, level, seen, example.rule)


def _expected(example: Example, comparator: Comparator) -> str:
    expected = example.expected(comparator.dialect)
    assert expected is not None, f"{example.chapter}:{example.line} says nothing of {comparator.dialect}"
    return expected
