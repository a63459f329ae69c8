"""Every example of the spec has the result that it shows on a live engine.

To start a container takes twenty times as long as to create it, and to call the client a third of that. So an
example is started only if no earlier one starts the same words by the same rules, and the client is called
only where it decides the result: in the examples of requests, and for starts.
"""

from collections.abc import Callable, Iterable
from functools import cache

import pytest

from cmdpoint.conformance.behaviours_tested import predicted_examples
from cmdpoint.conformance.comparator import Comparator, Divergence
from cmdpoint.conformance.errors import WrongExample
from cmdpoint.oracle import Case, CommandLine, Dialect, Prediction, Refusal, predict
from cmdpoint.oracle.comparison import LEVELS, Level
from cmdpoint.spec.example import Example
from cmdpoint.spec.expectation import OR_ELSE, as_text, matches
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

_EXAMPLES = {"image": IMAGE_EXAMPLES, "request": OTHER_EXAMPLES}

Starts = Callable[[int], range]
"""The fixture `starts`."""


def _numbered(examples: list[Example]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("number", "example"), list(enumerate(examples)), ids=list(map(str, examples))
    )


@_numbered(IMAGE_EXAMPLES)
def test_image_example(comparator: Comparator, number: int, example: Example, starts: Starts) -> None:
    """The result is the one that the example shows, with each builder; the image of one of them is run."""
    dialect = comparator.dialect
    started = _starts_anything_new("image", number, starts(len(IMAGE_EXAMPLES)), dialect)
    case = _without_client(example, predict(example.case, dialect))
    _check(comparator, example, case, "observed" if started else "planned")


@pytest.mark.one_builder
@_numbered(OTHER_EXAMPLES)
def test_request_example(comparator: Comparator, number: int, example: Example) -> None:
    """The result of the client's or the API's request is the one that the example shows."""
    # `docker create`, which starts nothing, has fewer options than `docker run`.
    started = isinstance(example.case.request, CommandLine) or _starts_anything_new(
        "request", number, range(len(OTHER_EXAMPLES)), comparator.dialect
    )
    _check(comparator, example, example.case, "observed" if started else "planned")


@pytest.mark.one_builder
@pytest.mark.every_runtime
@pytest.mark.parametrize("example", RUNTIME_EXAMPLES, ids=str)
def test_start_example(comparator: Comparator, example: Example, own_runtime: bool) -> None:
    """The result of the start is the one that the example shows, with each runtime."""
    prediction = predict(example.case, comparator.dialect)
    by_client = own_runtime or isinstance(prediction.outcome, Refusal)  # the client chooses the exit code
    case = example.case if by_client else _without_client(example, prediction)
    _check(comparator, example, case, "observed")


def _starts_anything_new(kind: str, number: int, numbers: range, dialect: Dialect) -> bool:
    """Whether no earlier example starts the same container: the same words, by the same rules.

    Args:
        kind: The examples, a key of `_EXAMPLES`.
        number: The number of the example among them.
        numbers: The numbers of those that are started on the target.
        dialect: The dialect of the target.
    """
    started = _started(kind, dialect)
    return number in numbers and next(each for each in numbers if started[each] == started[number]) == number


@cache
def _started(kind: str, dialect: Dialect) -> list[object]:
    """What each example starts; what is refused before is compared by its own command."""
    predictions = {id(example): prediction for example, prediction, _ in predicted_examples(dialect)}
    return [_start(example, predictions[id(example)]) for example in _EXAMPLES[kind]]


def _start(example: Example, prediction: Prediction) -> object:
    if isinstance(prediction.planned, Refusal):
        return example
    rules = frozenset(step.rule for step in prediction.steps if step.phase == "start")
    return prediction.planned, prediction.outcome, rules


def _without_client(example: Example, prediction: Prediction) -> Case:
    """The example with the request that its client sends, if it sends one."""
    return Case(example.case.images, prediction.request or example.case.request)


def _check(comparator: Comparator, example: Example, case: Case, level: Level) -> None:
    """Compare a case with what an example shows and what the oracle predicts.

    Args:
        comparator: Compares.
        example: The example.
        case: Its case, or the same without the client.
        level: The level; the container is started anyway if what create fixes does not show the result.
    """
    if not example.applies(comparator.dialect):
        pytest.skip("only Podman has this command")
    if isinstance(case.request, CommandLine) and case.request.local and not comparator.live.local_client:
        pytest.skip("only a private Podman has a client that creates containers itself")
    expected = _expected(example, comparator)
    if not matches(expected, as_text(predict(case, comparator.dialect).planned)):
        level = "observed"
    level = min(level, example.level, key=LEVELS.index)
    seen = comparator.observe(case, level)
    as_specified = matches(expected, as_text(seen))
    as_predicted = OR_ELSE in expected or comparator.predicts(case, level, seen)
    if as_predicted and not as_specified and predict(case, comparator.dialect).is_settled:
        position = f"{example.chapter}:{example.line}"
        raise WrongExample(f"correct {position}: predicted and observed is {as_text(seen)}, not {expected}")
    if not (as_specified and as_predicted):
        raise comparator.confirm(Divergence(case, level, seen, as_specified=as_specified))
    comparator.count(case, level, seen, example.rule)


def _expected(example: Example, comparator: Comparator) -> str:
    expected = example.expected(comparator.dialect)
    assert expected is not None, f"{example.chapter}:{example.line} says nothing of {comparator.dialect}"
    return expected
