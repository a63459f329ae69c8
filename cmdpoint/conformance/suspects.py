"""Which rules explain the divergences of a run: diverging cases apply them, and agreeing ones do not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

LEAST: Final = 0.5
"""The coefficient from which on a rule explains a divergence.

Below it, many cases that apply the rule agree. A rule that the oracle wrongly leaves out has no steps. Then
the other rules of its cases are not at fault.
"""


@dataclass(frozen=True, slots=True)
class Divergent:
    """A test whose case diverges.

    Attributes:
        test: The name of the test.
        target: The name of the target.
        rules: The rules that the comparison of the case tests.
        size: The length of the report, by which cases are compared.
        report: The file of the report.
        command: The command that reproduces the divergence.
    """

    test: str
    target: str
    rules: frozenset[str]
    size: int
    report: str
    command: str


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Divergent tests that the same rules explain.

    Attributes:
        rules: The suspected rules; several if they occur in the same cases, none if no rule explains them.
        tests: The tests, the one with the smallest case first.
        agreeing: How many cases agree that apply one of the rules.
    """

    rules: tuple[str, ...]
    tests: tuple[Divergent, ...]
    agreeing: int

    @property
    def targets(self) -> list[str]:
        """The targets that diverge."""
        return sorted({test.target for test in self.tests})


def suspicions(divergent: Iterable[Divergent], agreeing: Callable[[str, str], int]) -> list[Suspicion]:
    """Group divergent tests by the rules that explain them.

    On each target, the rule with the highest Ochiai coefficient explains the tests that apply it, and the
    next rule explains those that are left, so two wrong rules give two groups. The coefficient is 1 if all
    divergent cases apply the rule and no agreeing case does. Source: Abreu, Zoeteweij and van Gemund,
    "On the accuracy of spectrum-based fault localization", 2007.

    Tests that no rule explains are one group; there, the smallest case is what helps.

    Args:
        divergent: The divergent tests of a run.
        agreeing: Returns in how many agreeing cases of a target a rule was tested.

    Returns:
        The groups, those with the most tests first.
    """
    tests = list(divergent)
    groups: dict[tuple[str, ...], list[Divergent]] = {}
    for target in sorted({test.target for test in tests}):
        left = [test for test in tests if test.target == target]
        while left:
            rules = _most_suspicious(left, target, agreeing)
            explained = [test for test in left if test.rules.intersection(rules)] or left
            groups.setdefault(rules, []).extend(explained)
            left = [test for test in left if test not in explained]
    found = [
        Suspicion(
            rules,
            tuple(sorted(some, key=lambda test: test.size)),
            sum(max((agreeing(target, rule) for rule in rules), default=0) for target in _targets(some)),
        )
        for rules, some in groups.items()
    ]
    return sorted(found, key=lambda suspicion: -len(suspicion.tests))


def _most_suspicious(
    tests: Sequence[Divergent], target: str, agreeing: Callable[[str, str], int]
) -> tuple[str, ...]:
    """The rules with the highest coefficient; none if it is below `LEAST`."""
    scores: dict[str, float] = {}
    for rule in sorted(frozenset().union(*(test.rules for test in tests))):
        diverging = sum(rule in test.rules for test in tests)
        scores[rule] = diverging / sqrt(len(tests) * (diverging + agreeing(target, rule)))
    highest = max(scores.values(), default=0)
    return tuple(rule for rule, score in scores.items() if score == highest >= LEAST)


def _targets(tests: Iterable[Divergent]) -> set[str]:
    return {test.target for test in tests}
