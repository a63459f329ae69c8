"""Why two dialects differ on a case: which behaviours make the difference, and where each of them shows.

The behaviours are found by experiment. The one dialect is given all values of the other, so that it answers
the same, and then each value is taken back without which it still does: none that is left can be missed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import answer
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.changes import changes
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Prediction, Refusal, Step
from cmdpoint.oracle.predict import predict

Bases = Mapping[str, ImageConfig]
"""The images that exist besides `probe`; see `predict`."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A behaviour that makes two dialects part over a case, and where that shows.

    Attributes:
        behaviour: Its name.
        rule: The id of the rule under which they part.
        image: The image in whose build that is, or None where it is none's.
        line: The line of that image's Dockerfile, from 1, or None where no line is to name.
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
        before: The one dialect.
        after: The other.
        bases: As for `predict`.
        counts: What of a prediction is compared.

    Returns:
        Behaviours that together lead from the one answer to the other, none of which can be missed, in the
        order of the lines at which they show; nothing where both answer the same.
    """

    def mixed(names: tuple[str, ...]) -> Prediction:
        return predict(case, replace(before, **{name: getattr(after, name) for name in names}), bases)

    needed = names = tuple(change.name for change in changes(before, after))
    ends = predict(case, before, bases), predict(case, after, bases)
    if counts(ends[0]) == (wanted := counts(ends[1])):
        return ()

    def weight(name: str) -> tuple[bool, bool, bool]:
        """How much speaks for a behaviour where either of two would do; the lighter is taken back first."""
        undoes = counts(mixed(_without(name, names))) != wanted
        return undoes, *_evidence(behaviours()[name].rules, *ends)

    for name in sorted(names, key=weight):
        if counts(mixed(fewer := _without(name, needed))) == wanted:
            needed = fewer
    whole = mixed(needed)
    found = [_cause(name, mixed(_without(name, needed)), whole) for name in needed]
    return tuple(sorted(found, key=lambda cause: (cause.line is None, cause.line or 0)))


def _cause(name: str, without: Prediction, whole: Prediction) -> Cause:
    """Where a behaviour shows: at its own rule if they part over that, or else where they part first."""
    rules = behaviours()[name].rules
    parted = [step for pair in _parted(without, whole) for step in pair]
    step = next(filter(lambda step: step.rule in rules, parted), parted[0] if parted else None)
    if step is None:
        return Cause(name, rules[0], None, None)
    return Cause(name, step.rule, step.image, step.line)


def _parted(one: Prediction, other: Prediction) -> Iterator[tuple[Step, ...]]:
    """The steps of two predictions, side by side, from where they part on."""
    for pair in zip_longest(one.steps, other.steps):
        if pair[0] != pair[1]:
            yield tuple(step for step in pair if step is not None)


def _without(name: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(other for other in names if other != name)


def _evidence(rules: tuple[str, ...], before: Prediction, after: Prediction) -> tuple[bool, bool]:
    """Whether one of the rules refuses in either prediction, and whether the two first differ at one."""
    refuses = any(isinstance(end.outcome, Refusal) and end.steps[-1].rule in rules for end in (before, after))
    return refuses, any(step.rule in rules for step in next(_parted(before, after), ()))
