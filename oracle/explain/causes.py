"""Why two dialects differ on a case: which behaviours cause the difference, and at which line.

The behaviours are found by experiment. The first dialect gets all values of the second, so that it predicts
the same. Then each value is reset if the prediction stays the same without it. All that remain are needed.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import answer
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.changes import differing
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.reads import with_reads
from cmdpoint.oracle.outcome import Prediction, Refusal, Step
from cmdpoint.oracle.predict import predict

Bases = Mapping[str, ImageConfig]
"""The images that exist besides `probe`; see `predict`."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A behaviour by which two dialects differ on a case, and where it shows.

    Attributes:
        behaviour: The name of the behaviour.
        rule: The id of the rule by which the dialects differ.
        image: The image whose build differs; None if no build does.
        line: The line of that image's Dockerfile, from 1; None if no line is the cause.
    """

    behaviour: str
    rule: str
    image: str | None
    line: int | None


def causes(
    case: Case,
    before: Dialect,
    after: Dialect,
    bases: Bases | None = None,
    counts: Callable[[Prediction], object] = answer,
) -> tuple[Cause, ...]:
    """The causes of a difference.

    Args:
        case: What is predicted.
        before: The first dialect.
        after: The second dialect.
        bases: As for `predict`.
        counts: Returns what is compared of a prediction.

    Returns:
        The behaviours that together cause the difference, all of them needed, in the order of the lines at
        which they show; empty if both predictions are the same.
    """
    ends = predict(case, before, bases), predict(case, after, bases)
    if counts(ends[0]) == (wanted := counts(ends[1])):
        return ()

    @cache
    def mixed(names: tuple[str, ...]) -> tuple[Prediction, Container[str]]:
        """The prediction for the first dialect with some values of the second, and which fields it reads."""
        some = before.with_values({name: getattr(after, name) for name in names})
        return with_reads(lambda dialect: predict(case, dialect, bases), some)

    needed = _needed(differing(before, after), ends, mixed, lambda one: counts(one) == wanted)
    whole, _ = mixed(needed)
    found = [_cause(name, mixed(_without(name, needed))[0], whole) for name in needed]
    return tuple(sorted(found, key=lambda cause: (cause.line is None, cause.line or 0)))


def _needed(
    names: tuple[str, ...],
    ends: tuple[Prediction, Prediction],
    mixed: Callable[[tuple[str, ...]], tuple[Prediction, Container[str]]],
    is_wanted: Callable[[Prediction], bool],
) -> tuple[str, ...]:
    """Reset one value after the other, and return the names of those without which the prediction changes."""
    whole, reads = mixed(names)
    if not is_wanted(whole):  # the engine itself makes a difference, so each value has to be tried
        reads = names

    def weight(name: str) -> tuple[bool, bool, bool]:
        """The order of resetting: if one of two behaviours is enough, the one with less evidence is reset."""
        undoes = name in reads and not is_wanted(mixed(_without(name, names))[0])
        return undoes, *_evidence(behaviours()[name].rules, *ends)

    needed = names
    for name in sorted(names, key=weight):
        fewer = _without(name, needed)
        if name not in reads:  # the prediction stays the same
            needed = fewer
            continue
        without, others = mixed(fewer)
        if is_wanted(without):
            needed, reads = fewer, others
    return needed


def _cause(name: str, without: Prediction, whole: Prediction) -> Cause:
    """Where a behaviour shows: at the first differing step of its own rules, or else at the first of all."""
    rules = behaviours()[name].rules
    differing = [step for pair in _differing(without, whole) for step in pair]
    step = next(filter(lambda step: step.rule in rules, differing), differing[0] if differing else None)
    if step is None:
        return Cause(name, rules[0], None, None)
    return Cause(name, step.rule, step.image, step.line)


def _differing(one: Prediction, other: Prediction) -> Iterator[tuple[Step, ...]]:
    """The steps at which two predictions differ, in pairs."""
    for pair in zip_longest(one.steps, other.steps):
        if pair[0] != pair[1]:
            yield tuple(step for step in pair if step is not None)


def _without(name: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(other for other in names if other != name)


def _evidence(rules: tuple[str, ...], before: Prediction, after: Prediction) -> tuple[bool, bool]:
    """Whether one of the rules refuses in either prediction, and whether the two first differ at one."""
    refuses = any(isinstance(end.outcome, Refusal) and end.steps[-1].rule in rules for end in (before, after))
    return refuses, any(step.rule in rules for step in next(_differing(before, after), ()))
