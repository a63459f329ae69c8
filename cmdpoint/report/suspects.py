"""Which rules explain divergences: those that diverging cases apply and agreeing ones do not.

A rule that the oracle leaves out has no steps. There, the examples of the rule diverge, and those of other
rules agree.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import sqrt
from typing import Final, Generic, TypeVar

LEAST: Final = 0.5
"""The coefficient above which a rule explains a divergence; otherwise too many cases that apply it agree."""

LEAST_OF_EXAMPLES: Final = 0.3
"""The same for the coefficient among the examples of the spec, of which few are examples of one rule."""

NEAR: Final = 0.7
"""The share of the highest coefficient among examples above which a rule is as likely."""


@dataclass(frozen=True)
class Divergent:
    """A case that diverges on a target.

    Attributes:
        target: The name of the target.
        case: The case; it counts once, even if several tests find it.
        rules: The rules that the comparison of the case tests.
        example_of: The rules that the case is an example of; empty if it is not from the spec.
        size: The size of the case, by which cases are compared.
    """

    target: str
    case: object
    rules: frozenset[str]
    example_of: frozenset[str]
    size: tuple[int, ...]


D = TypeVar("D", bound=Divergent)

Count = Callable[[str, str], int]
"""Returns a number of cases for a target and a rule."""


@dataclass(frozen=True, slots=True)
class Agreeing:
    """How many cases agree.

    Attributes:
        applying: How many that apply a rule.
        examples: How many that are examples of a rule.
    """

    applying: Count
    examples: Count


@dataclass(frozen=True, slots=True)
class Suspicion(Generic[D]):
    """Divergent cases that the same rules explain.

    Attributes:
        rules: The suspected rules; several if the evidence is the same, none if no rule explains the cases.
        divergent: The cases: the examples of the rules first, then the smallest.
        agreeing: How many cases agree that apply one of the rules.
        agreeing_examples: How many cases agree that are examples of one of the rules.
    """

    rules: tuple[str, ...]
    divergent: tuple[D, ...]
    agreeing: int
    agreeing_examples: int

    @property
    def targets(self) -> list[str]:
        """The targets that diverge."""
        return sorted({each.target for each in self.divergent})

    @property
    def diverging_examples(self) -> int:
        """How many of the cases are examples of one of the rules."""
        return sum(not each.example_of.isdisjoint(self.rules) for each in self.divergent)

    def evidence(self, noun: str) -> str:
        """How many cases diverge and agree.

        Args:
            noun: What diverges: tests or cases.
        """
        text = f"{noun} that diverge: {len(self.divergent)}"
        if self.rules:
            text += f"; agreeing cases that apply it: {self.agreeing}"
        if self.diverging_examples:
            total = self.diverging_examples + self.agreeing_examples
            text += f"; examples of it that diverge: {self.diverging_examples} of {total}"
        return text


def suspicions(divergent: Iterable[D], agreeing: Agreeing) -> list[Suspicion[D]]:
    """Group divergent cases by the rules that explain them.

    On each target, the rule with the highest Ochiai coefficient explains the cases that apply it, and the
    next rule explains those that are left, so two wrong rules give two groups. The coefficient is 1 if all
    divergent cases apply the rule and no agreeing case does. Source: Abreu, Zoeteweij and van Gemund,
    "On the accuracy of spectrum-based fault localization", 2007.

    A second coefficient is that of being an example of a rule, among the examples of the spec. It finds a
    rule that the oracle leaves out, which has no steps. Then what no rule explains belongs to the group of
    that rule. Without such a group it is a group without a rule; there, the smallest case is what helps.

    Args:
        divergent: The divergent cases.
        agreeing: How many cases agree.

    Returns:
        The groups, those with the most cases first.
    """
    cases = list(divergent)
    groups: dict[tuple[str, ...], list[D]] = {}
    for target in sorted(_targets(cases)):
        for rules, explained in _explained([case for case in cases if case.target == target], agreeing):
            groups.setdefault(rules, []).extend(explained)
    found = [
        Suspicion(
            rules,
            tuple(sorted(some, key=lambda case: (case.example_of.isdisjoint(rules), case.size))),
            *(
                sum(max((count(target, rule) for rule in rules), default=0) for target in _targets(some))
                for count in (agreeing.applying, agreeing.examples)
            ),
        )
        for rules, some in groups.items()
    ]
    return sorted(found, key=lambda suspicion: -len(suspicion.divergent))


def _explained(cases: list[D], agreeing: Agreeing) -> list[tuple[tuple[str, ...], list[D]]]:
    """The rules that explain the cases of one target, and the cases."""
    groups: list[tuple[tuple[str, ...], list[D]]] = []
    evidence = _Evidence(cases, agreeing)
    left = cases
    while rules := evidence.most_suspicious(left):
        explained = [case for case in left if not (case.rules | case.example_of).isdisjoint(rules)]
        groups.append((rules, explained))
        left = [case for case in left if case not in explained]
    with_examples = (some for rules, some in groups if not evidence.by_examples.keys().isdisjoint(rules))
    if left and (first := next(with_examples, None)) is not None:
        first.extend(left)
    elif left:
        groups.append(((), left))
    return groups


class _Evidence:
    """The divergent and agreeing cases of one target.

    Attributes:
        by_examples: The coefficients of the rules of which divergent cases are examples, if high enough.
    """

    def __init__(self, cases: Sequence[Divergent], agreeing: Agreeing) -> None:
        """Compute the coefficients that do not depend on what is explained already."""
        target = cases[0].target
        self._applying = partial(agreeing.applying, target)
        self._examples = partial(agreeing.examples, target)
        examples = {(each.case, each.example_of) for each in cases if each.example_of}
        scores = _coefficients([rules for _, rules in examples], self._examples)
        self.by_examples = {rule: score for rule, score in scores.items() if score > LEAST_OF_EXAMPLES}
        # Rules that are right, and perhaps applied where another rule should be: examples of other rules that
        # apply them diverge, while their own agree.
        applied = _union(each.rules for each in cases if each.example_of)
        self._right = {rule for rule in applied - scores.keys() if self._examples(rule)}

    def most_suspicious(self, left: Sequence[Divergent]) -> tuple[str, ...]:
        """The rules with the highest coefficient.

        Args:
            left: The divergent cases that are not explained yet.

        Returns:
            The rules; none if no coefficient is high enough.
        """
        rules_of = {each.case: each.rules for each in left}
        of_steps = _coefficients(list(rules_of.values()), self._applying)
        of_examples = _union(each.example_of for each in left)
        applied = {r: score for r, score in of_steps.items() if score > LEAST and r not in self._right}
        examples = {r: score for r, score in self.by_examples.items() if r in of_examples}
        highest = max(applied.values(), default=0)
        highest_of_examples = max(examples.values(), default=0)
        if examples and highest_of_examples >= highest:
            found = {r for r, score in examples.items() if score >= NEAR * highest_of_examples}
        else:
            found = {r for r, score in applied.items() if score == highest}
        return tuple(sorted(found))


def _coefficients(
    rules_of: Collection[frozenset[str]], agreeing: Callable[[str], int]
) -> Mapping[str, float]:
    """The Ochiai coefficients of rules.

    Args:
        rules_of: The rules of each divergent case.
        agreeing: Counts the agreeing cases of a rule.
    """
    scores: dict[str, float] = {}
    for rule in _union(rules_of):
        diverging = sum(rule in rules for rules in rules_of)
        scores[rule] = diverging / sqrt(len(rules_of) * (diverging + agreeing(rule)))
    return scores


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _targets(cases: Iterable[Divergent]) -> set[str]:
    return {case.target for case in cases}
