"""Which rules explain divergences: diverging cases apply them, and agreeing ones do not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Generic, TypeVar

LEAST: Final = 0.5
"""The coefficient above which a rule explains a divergence.

Otherwise many cases that apply the rule agree. A rule that the oracle wrongly leaves out has no steps. Then
the other rules of its cases are not at fault.
"""


@dataclass(frozen=True)
class Divergent:
    """A case that diverges on a target.

    Attributes:
        target: The name of the target.
        case: The case; it counts once, even if several tests find it.
        rules: The rules that the comparison of the case tests.
        size: The size of the case, by which cases are compared.
    """

    target: str
    case: object
    rules: frozenset[str]
    size: tuple[int, ...]


D = TypeVar("D", bound=Divergent)


@dataclass(frozen=True, slots=True)
class Suspicion(Generic[D]):
    """Divergent cases that the same rules explain.

    Attributes:
        rules: The suspected rules; several if they occur in the same cases, none if no rule explains them.
        divergent: The cases, the smallest first.
        agreeing: How many cases agree that apply one of the rules.
    """

    rules: tuple[str, ...]
    divergent: tuple[D, ...]
    agreeing: int

    @property
    def targets(self) -> list[str]:
        """The targets that diverge."""
        return sorted({each.target for each in self.divergent})


def suspicions(divergent: Iterable[D], agreeing: Callable[[str, str], int]) -> list[Suspicion[D]]:
    """Group divergent cases by the rules that explain them.

    On each target, the rule with the highest Ochiai coefficient explains the cases that apply it, and the
    next rule explains those that are left, so two wrong rules give two groups. The coefficient is 1 if all
    divergent cases apply the rule and no agreeing case does. Source: Abreu, Zoeteweij and van Gemund,
    "On the accuracy of spectrum-based fault localization", 2007.

    Cases that no rule explains are one group; there, the smallest case is what helps.

    Args:
        divergent: The divergent cases.
        agreeing: Returns in how many agreeing cases of a target a rule was tested.

    Returns:
        The groups, those with the most cases first.
    """
    cases = list(divergent)
    groups: dict[tuple[str, ...], list[D]] = {}
    for target in sorted(_targets(cases)):
        left = [case for case in cases if case.target == target]
        while left:
            rules = _most_suspicious(left, target, agreeing)
            explained = [case for case in left if case.rules.intersection(rules)] or left
            groups.setdefault(rules, []).extend(explained)
            left = [case for case in left if case not in explained]
    found = [
        Suspicion(
            rules,
            tuple(sorted(some, key=lambda case: case.size)),
            sum(max((agreeing(target, rule) for rule in rules), default=0) for target in _targets(some)),
        )
        for rules, some in groups.items()
    ]
    return sorted(found, key=lambda suspicion: -len(suspicion.divergent))


def _most_suspicious(
    cases: Sequence[Divergent], target: str, agreeing: Callable[[str, str], int]
) -> tuple[str, ...]:
    """The rules with the highest coefficient; none if it is not above `LEAST`."""
    distinct = {each.case: each.rules for each in cases}
    scores: dict[str, float] = {}
    for rule in sorted(frozenset().union(*distinct.values())):
        diverging = sum(rule in rules for rules in distinct.values())
        scores[rule] = diverging / sqrt(len(distinct) * (diverging + agreeing(target, rule)))
    highest = max(scores.values(), default=0)
    return tuple(rule for rule, score in scores.items() if score == highest > LEAST)


def _targets(cases: Iterable[Divergent]) -> set[str]:
    return {case.target for case in cases}
