"""The matrix: rules by targets, with a verdict in each cell.

`compute` computes it; `matrix_text`, `matrix_json`, `page` and `summary` render it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import Final, Literal

from cmdpoint.observations.replay import Pair, ResultGroup
from cmdpoint.oracle.case import Case
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.report.suspects import Divergent, Suspicion
from cmdpoint.spec.rule import Rule

CellVerdict = Literal["agrees", "diverges", "unverified", "not reached", "harness fault", "does not apply"]

VERDICTS: Final[Mapping[CellVerdict, str]] = {
    "agrees": "the target agrees with the oracle in every case that tests the rule",
    "diverges": "the target diverges from the oracle in at least one case that tests the rule",
    "unverified": "the target agrees, but its version is newer than any that the oracle describes",
    "not reached": "no case tests the rule",
    "harness fault": "no case tests the rule, because of a harness fault",
    "does not apply": "the rule is not about the target",
}
"""The verdicts and what they mean, in the order in which they are listed."""


@dataclass(frozen=True, slots=True)
class Example:
    """An example under a rule.

    Attributes:
        case: The case.
        level: The level of the comparison.
        from_spec: Whether it is one of the rule's own examples.
        results: The results of the targets.
        differing: The pairs of targets that differ in it because of the rule.
    """

    case: Case
    level: Level
    from_spec: bool
    results: tuple[ResultGroup, ...]
    differing: frozenset[Pair]

    @property
    def unlike(self) -> frozenset[Pair]:
        """The pairs of `differing`, and the pairs that differ because one of them diverges."""
        diverging = {target for group in self.results for target in group.diverging}
        pairs = (
            frozenset(pair)
            for one, other in combinations(self.results, 2)
            for pair in product(one.targets, other.targets)
        )
        return self.differing | {pair for pair in pairs if pair & diverging and len(pair) == 2}


@dataclass(frozen=True, slots=True)
class Cell:
    """The verdict on a rule for a target.

    Attributes:
        verdict: The verdict.
        cases: The number of cases that test the rule.
        diverging: The number of these in which the target diverges.
    """

    verdict: CellVerdict
    cases: int = 0
    diverging: int = 0


@dataclass(frozen=True)
class Row:
    """The row of a rule.

    Attributes:
        rule: The rule.
        cells: The cells, by target.
        differing: The pairs of targets that both agree, and differ in some case because of this rule.
        examples: One for each target that diverges, one of the rule, and one for each pair of `differing`;
            the spec's and typical ones come first.
    """

    rule: Rule
    cells: Mapping[str, Cell]
    differing: frozenset[Pair] = frozenset()
    examples: tuple[Example, ...] = ()

    @cached_property
    def groups(self) -> Mapping[str, int]:
        """The number of the group of each target with compared cases; no two targets of a group differ."""
        groups: list[list[str]] = []
        for target, cell in self.cells.items():
            if not cell.cases:
                continue
            fits = (
                group for group in groups if not any(frozenset((target, a)) in self.differing for a in group)
            )
            group = next(fits, None)
            if group is None:
                groups.append([target])
            else:
                group.append(target)
        return {target: number for number, group in enumerate(groups) for target in group}


@dataclass(frozen=True)
class DivergentCase(Divergent):
    """An observed case that diverges on a target.

    Attributes:
        example: The case with the results of all targets.
        confirmed: Whether it is the smallest case of a divergence.
    """

    example: Example
    confirmed: bool


@dataclass(frozen=True)
class Matrix:
    """Rules by targets.

    Attributes:
        targets: The dialect of each target, by name, in the order of the columns.
        rows: A row for each rule, in the order of the spec.
        cases: The number of compared cases, by target.
        diverging: The number of these in which the target diverges.
        errors: The harness faults, by target.
        date: The day of the newest observation.
        suspicions: The rules that explain the divergences, each with the diverging cases.
    """

    targets: Mapping[str, Dialect]
    rows: tuple[Row, ...]
    cases: Mapping[str, int]
    diverging: Mapping[str, int]
    errors: Mapping[str, Sequence[str]]
    date: str
    suspicions: tuple[Suspicion[DivergentCase], ...] = ()

    def count(self, target: str, verdict: CellVerdict) -> int:
        """The number of rules with a verdict for a target."""
        return sum(row.cells[target].verdict == verdict for row in self.rows)
