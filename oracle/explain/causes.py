"""Why two dialects differ on a case: which behaviours make the difference, and where each of them shows.

The behaviours are found by experiment. The one dialect is given all values of the other, so that it answers
the same, and then each value is taken back without which it still does: none that is left can be missed.
"""

from collections.abc import Callable, Iterator, Mapping
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

    def asked(names: tuple[str, ...]) -> Prediction:
        values = {name: getattr(after, name) for name in names}
        return predict(case, replace(before, **values), bases)

    names = [change.name for change in changes(before, after)]
    ends = predict(case, before, bases), predict(case, after, bases)
    wanted = counts(ends[1])
    if counts(ends[0]) == wanted:
        return ()

    def weight(name: str) -> tuple[bool, bool, bool]:
        """How much speaks for a behaviour where either of two would do; the lighter is taken back first."""
        rules = behaviours()[name].rules
        undoes = counts(asked(tuple(other for other in names if other != name))) != wanted
        refuses = any(isinstance(end.outcome, Refusal) and end.steps[-1].rule in rules for end in ends)
        return undoes, refuses, any(step.rule in rules for step in next(_parted(*ends), ()))

    needed = tuple(names)
    for name in sorted(names, key=weight):
        fewer = tuple(other for other in needed if other != name)
        if counts(asked(fewer)) == wanted:
            needed = fewer
    whole = asked(needed)
    found = [_cause(name, asked(tuple(other for other in needed if other != name)), whole) for name in needed]
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
