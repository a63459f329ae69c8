"""Every example of the spec has the result that it shows on a live engine; see `started_examples`."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cmdpoint.conformance.comparator import Comparator, Divergence, target_of
from cmdpoint.conformance.errors import WrongExample
from cmdpoint.conformance.started_examples import (
    EXAMPLES,
    Kind,
    compared,
    is_started,
    same_on,
)
from cmdpoint.oracle import Case, CommandLine, predict
from cmdpoint.oracle.comparison import Level
from cmdpoint.spec.example import Example
from cmdpoint.spec.expectation import OR_ELSE, as_text, matches

Starts = Callable[[int], range]
"""The fixture `starts`."""


def _numbered(kind: Kind) -> pytest.MarkDecorator:
    examples = EXAMPLES[kind]
    return pytest.mark.parametrize(
        ("number", "example"), list(enumerate(examples)), ids=list(map(str, examples))
    )


@_numbered("image")
def test_image_example(comparator: Comparator, number: int, example: Example, starts: Starts) -> None:
    """The result is the one that the example shows, with each builder; the image of one of them is run."""
    dialect = comparator.dialect
    _check(comparator, example, *compared("image", number, dialect, starts(len(EXAMPLES["image"]))))


@pytest.mark.one_builder
@_numbered("request")
def test_request_example(comparator: Comparator, number: int, example: Example) -> None:
    """The result of the client's or the API's request is the one that the example shows."""
    _check(comparator, example, *compared("request", number, comparator.dialect))


@pytest.mark.one_builder
@pytest.mark.every_runtime
@_numbered("start")
def test_start_example(comparator: Comparator, number: int, example: Example, own_runtime: bool) -> None:
    """The result of the start is the one that the example shows, with each runtime."""
    dialect = comparator.dialect
    engine = comparator.live.engine
    # The builder is that of the target on which `one_builder` starts all of these examples.
    default = replace(target_of(comparator.live), builder=engine.builders[-1], runtime=engine.runtime).dialect
    needed = own_runtime or is_started("start", number, dialect) or not same_on(example, (dialect, default))
    if not needed:
        pytest.skip("another example is started by the same rules, and the runtime changes nothing")
    _check(comparator, example, *compared("start", number, dialect))


def _check(comparator: Comparator, example: Example, case: Case, level: Level) -> None:
    """Compare a case with what an example shows and what the oracle predicts.

    Args:
        comparator: Compares.
        example: The example.
        case: Its case, or the same without the client.
        level: The level.
    """
    if not example.applies(comparator.dialect):
        pytest.skip("only Podman has this command")
    if isinstance(case.request, CommandLine) and case.request.local and not comparator.live.local_client:
        pytest.skip("only a private Podman has a client that creates containers itself")
    expected = _expected(example, comparator)
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
    if expected is None:
        raise WrongExample(f"{example.chapter}:{example.line} says nothing of {comparator.dialect}")
    return expected
