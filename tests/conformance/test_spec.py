"""Every example of the spec has the result that it shows on a live engine.

To start a container takes thirty times as long as to create it, and to call the client two thirds of that. So
an example is started only if no earlier one is started by the same rules, with the same result; and the
client is called only where it decides the result: in the examples of requests, and for the exit codes of
starts. A thorough run starts each example.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

import pytest

from cmdpoint.conformance.behaviours_tested import predicted_examples
from cmdpoint.conformance.comparator import Comparator, Divergence, target_of
from cmdpoint.conformance.errors import WrongExample
from cmdpoint.conformance.profiles import at_least
from cmdpoint.oracle import Case, CommandLine, Dialect, Outcome, Prediction, Refusal, predict
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

_EXAMPLES = {"image": IMAGE_EXAMPLES, "request": OTHER_EXAMPLES, "start": RUNTIME_EXAMPLES}

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
    numbers = starts(len(IMAGE_EXAMPLES))
    started = number in numbers and _is_first(number, numbers, _starts("image", dialect))
    case = _without_client(example, dialect)
    _check(comparator, example, case, "observed" if started else "planned")


@pytest.mark.one_builder
@_numbered(OTHER_EXAMPLES)
def test_request_example(comparator: Comparator, number: int, example: Example) -> None:
    """The result of the client's or the API's request is the one that the example shows."""
    numbers = range(len(OTHER_EXAMPLES))
    started = _is_first(number, numbers, _starts("request", comparator.dialect))
    # `docker create` has fewer options than `docker run`, and other exit codes.
    prediction = predict(example.case, comparator.dialect)
    of_run = isinstance(prediction.planned, Refusal) or "CLI-10" in prediction.rules
    _check(comparator, example, example.case, "observed" if started or of_run else "planned")


@pytest.mark.one_builder
@pytest.mark.every_runtime
@_numbered(RUNTIME_EXAMPLES)
def test_start_example(comparator: Comparator, number: int, example: Example, own_runtime: bool) -> None:
    """The result of the start is the one that the example shows, with each runtime."""
    dialect = comparator.dialect
    numbers = range(len(RUNTIME_EXAMPLES))
    needed = own_runtime or _is_first(number, numbers, _starts("start", dialect))
    if not (needed or _depends_on_runtime(example, comparator)):
        pytest.skip("another example is started by the same rules, and the runtime changes nothing")
    # The client chooses the exit code, for whatever reason it is given.
    by_client = example.rule.startswith("CLI-") or _is_first(number, numbers, _exit_codes(dialect))
    _check(comparator, example, example.case if by_client else _without_client(example, dialect), "observed")


def _depends_on_runtime(example: Example, comparator: Comparator) -> bool:
    """Whether the default runtime of the engine does something else, according to the oracle."""
    default = replace(target_of(comparator.live), runtime=comparator.live.engine.runtime)
    one, other = (predict(example.case, dialect) for dialect in (comparator.dialect, default.dialect))
    return (one, one.outcome.codes) != (other, other.outcome.codes)


def _is_first(number: int, numbers: range, of: Sequence[object]) -> bool:
    """Whether an example is the first of some with its result; in a thorough run, all count as the first.

    Args:
        number: The number of the example.
        numbers: The numbers of some examples.
        of: The result of each example.
    """
    return at_least("thorough") or next(each for each in numbers if of[each] == of[number]) == number


@cache
def _starts(kind: str, dialect: Dialect) -> list[object]:
    """How each example is started: by which rules, with which result; what is refused before is unique."""
    return [_start(kind, example, prediction) for example, prediction in _predicted(kind, dialect)]


def _start(kind: str, example: Example, prediction: Prediction) -> object:
    if isinstance(prediction.planned, Refusal):
        return example
    rules = {step.rule for step in prediction.steps if step.phase == "start"}
    if kind == "start":
        rules.add(example.rule)  # a rule about starts may leave no step at a start, such as EXEC-21
    return frozenset(rules), _refused(prediction.outcome)


@cache
def _exit_codes(dialect: Dialect) -> list[object]:
    """The exit code of each example of starts, and why."""
    outcomes = (prediction.outcome for _, prediction in _predicted("start", dialect))
    return [(_refused(outcome), outcome.codes) for outcome in outcomes]


def _refused(outcome: Outcome) -> str | None:
    return outcome.kind if isinstance(outcome, Refusal) else None


def _predicted(kind: str, dialect: Dialect) -> Iterator[tuple[Example, Prediction]]:
    predictions = {id(example): prediction for example, prediction, _ in predicted_examples(dialect)}
    return ((example, predictions[id(example)]) for example in _EXAMPLES[kind])


def _without_client(example: Example, dialect: Dialect) -> Case:
    """The example with the request that its client sends, if it sends one and that has the same outcome."""
    prediction = predict(example.case, dialect)
    case = Case(example.case.images, prediction.request or example.case.request)
    return case if predict(case, dialect).outcome == prediction.outcome else example.case


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
