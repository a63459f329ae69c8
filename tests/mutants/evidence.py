"""What could find a mutant: recorded observations, the spec's examples, a quick run, and a large pool."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Final

from cmdpoint.conformance.drawing import draw
from cmdpoint.conformance.recording.curate import RECORDED
from cmdpoint.conformance.strategies.everything import all_cases
from cmdpoint.observations.reader import ObservationReader
from cmdpoint.observations.records import Observation, Result, Target
from cmdpoint.oracle import Case, Dialect, Prediction, predict
from cmdpoint.oracle.comparison import Level, agree, answer, expected_at
from cmdpoint.oracle.dialect.known import known_dialects, runtime_dialects
from cmdpoint.spec.example import Example
from cmdpoint.spec.expectation import as_text, matches
from cmdpoint.spec.rules import all_rules
from tests.mutants.quick import quick_cases

SOURCES: Final = ("replay", "spec", "quick", "pool")
"""The kinds of evidence. What only the pool shows changes a prediction, and nothing finds it."""

OFTEN: Final = 20
"""How much more often than another dialect the pool has one of a quick run."""

POOL: Final = 3000
"""How many cases the pool has, each in one dialect; what an engine does with them is not known."""

_QUICK: Final = (("docker", "28.5.2", ""), ("podman", "5.4.2", ""))
"""The engines of the quick runs: product, version, image store."""

Check = Callable[[Prediction], bool]
"""Whether a prediction agrees with the evidence."""


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of evidence.

    Attributes:
        source: One of `SOURCES`.
        case: The case.
        dialect: The dialect.
        agrees: Whether a prediction of the case in the dialect agrees.
        same: Equal for items that expect the same of a case, in different dialects.
    """

    source: str
    case: Case
    dialect: Dialect
    agrees: Check
    same: object


@cache
def dialects() -> tuple[Dialect, ...]:
    """The dialects that people can be on: those of a quick run, each that is described or was recorded."""
    recorded = (target.dialect for target in _recorded_targets().values())
    return tuple(dict.fromkeys([*quick_dialects(), *known_dialects(), *runtime_dialects(), *recorded]))


def _recorded_targets() -> dict[str, Target]:
    found: dict[str, Target] = {}
    for path in sorted(RECORDED.parent.glob("*.jsonl")):
        with ObservationReader(path) as reader:
            found |= reader.header.targets
    return found


def evidence() -> Iterator[Item]:
    """All of it but the pool, source by source."""
    yield from replay(sorted(RECORDED.parent.glob("*.jsonl")))
    yield from spec(dialects())
    for dialect in quick_dialects():
        yield from quick(dialect)


@cache
def quick_dialects() -> tuple[Dialect, ...]:
    """The dialects of quick runs on an engine of each product, with its runtimes; they were recorded, too."""
    return tuple(
        target.dialect
        for target in _recorded_targets().values()
        if (target.engine, target.version, target.store) in _QUICK
    )


def replay(paths: Iterable[Path]) -> Iterator[Item]:
    """The recorded observations."""
    for path in paths:
        with ObservationReader(path) as reader:
            for each in reader:
                assert isinstance(each, Observation)
                check = partial(_is_observed, each.level, each.result)
                seen = [reader.targets[name].dialect for name in each.targets]
                # First those of a quick run: one item can stand for others.
                for dialect in sorted(seen, key=lambda one: one not in quick_dialects()):
                    yield Item("replay", each.case, dialect, check, (path, each.line))


def _is_observed(level: Level, result: Result, prediction: Prediction) -> bool:
    return agree(expected_at(level, prediction), result)


def spec(of: Iterable[Dialect]) -> Iterator[Item]:
    """The examples of the spec, in some dialects."""
    of = tuple(of)
    examples = [example for rule in all_rules().values() for example in rule.examples]
    for example in examples:
        for dialect in filter(example.applies, of):
            expected = example.expected(dialect)
            assert expected is not None
            yield Item("spec", example.case, dialect, partial(_is_shown, example, expected), expected)


def _is_shown(example: Example, expected: str, prediction: Prediction) -> bool:
    return matches(expected, as_text(expected_at(example.level, prediction)))


def quick(dialect: Dialect) -> Iterator[Item]:
    """The cases that a quick run on a target compares, held against the prediction of the right oracle."""
    for case, level in quick_cases(dialect):
        prediction = predict(case, dialect)
        if prediction.is_settled:
            expected = expected_at(level, prediction)
            yield Item("quick", case, dialect, partial(_is_observed, level, expected), level)


def pool(seed: int) -> list[Item]:
    """Many cases, for whether a mutant changes a prediction at all."""
    found = []
    for case in draw(all_cases(), seed, POOL):
        dialect = Random(repr(case)).choice((*quick_dialects() * OFTEN, *dialects()))
        found.append(Item("pool", case, dialect, partial(_is_same, answer(predict(case, dialect))), ""))
    return found


def _is_same(expected: tuple[object, ...], prediction: Prediction) -> bool:
    return answer(prediction) == expected
