"""The matrix: rules by targets, with a verdict in each cell, from observations and the oracle's predictions.

This module has no format; `matrix_text`, `matrix_json`, `page` and `summary` render the matrix.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from typing import Any, Final, Literal

from cmdpoint.observations.prediction_cache import PredictionCache
from cmdpoint.observations.replay import ObservedCase, Pair, Replay, ResultGroup, TargetDialects
from cmdpoint.observations.targets import concerns
from cmdpoint.oracle.case import Case
from cmdpoint.oracle.comparison import LEVELS, Level
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Prediction
from cmdpoint.report.suspects import Divergent, Suspicion, suspicions
from cmdpoint.report.typical import command_of, untypical
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


def matrix(
    observed: Iterable[ObservedCase],
    targets: Mapping[str, Dialect],
    rules: Mapping[str, Rule],
    errors: Mapping[str, Sequence[str]],
    date: str,
    cache: PredictionCache[Prediction] | None = None,
) -> Matrix:
    """Compute the matrix.

    Args:
        observed: The observations, one for each case and level.
        targets: The dialect of each target, by name.
        rules: The rules, by id.
        errors: The harness faults, by target.
        date: The day of the newest observation.
        cache: Predicts the cases; None for a new one.
    """
    tallies = {rule.id: _RuleTally(rule) for rule in rules.values()}
    cases: Counter[str] = Counter()
    diverging: Counter[str] = Counter()
    divergent: list[DivergentCase] = []
    dialects = TargetDialects(targets, rules.values(), cache)
    for each in observed:
        replay = Replay(each, dialects)
        cases.update({target for target, _ in each.results})
        diverging.update(replay.diverging)
        divergent += _divergent(replay, tallies.keys())
        command, unusual = _command(replay), untypical(each.case)
        for rule in (replay.rules.keys() | replay.differing.keys()) & tallies.keys():
            tallies[rule].add(replay, command, unusual)
    rows = tuple(tally.row(targets, errors) for tally in tallies.values())
    # As on the last screen of `conform`, each divergence counts once, and not with all larger cases of it.
    confirmed = {each.target for each in divergent if each.confirmed}
    divergent = [each for each in divergent if each.confirmed or each.target not in confirmed]
    found = suspicions(divergent, lambda target, rule: tallies[rule].agreeing(target))
    return Matrix(targets, rows, cases, diverging, errors, date, tuple(found))


def _divergent(replay: Replay, known: Set[str]) -> Iterator[DivergentCase]:
    """The targets on which a case diverges."""
    for target in replay.diverging:
        rules = frozenset(rule for rule in replay.rules.keys() & known if target in replay.rules[rule])
        case = replay.observed.case, replay.observed.level
        confirmed = target in replay.observed.confirmed
        yield DivergentCase(target, case, rules, replay.size, _example(replay), confirmed)


def _command(replay: Replay) -> object:
    return command_of(replay.observed.case, replay.observed.level)


def _example(replay: Replay, rule: str = "", *, from_spec: bool = False) -> Example:
    """A case as an example, of a rule or of none."""
    differing = replay.differing.get(rule, frozenset()) if rule else frozenset()
    return Example(replay.observed.case, replay.observed.level, from_spec, replay.groups, differing)


@dataclass
class _First:
    """The replay whose key comes first."""

    key: tuple[Any, ...] = ()
    replay: Replay | None = None

    def add(self, key: tuple[Any, ...], replay: Replay) -> None:
        if self.replay is None or key < self.key:
            self.key, self.replay = key, replay


@dataclass
class _RuleTally:
    """The counts and the cases to show for a rule."""

    rule: Rule
    cases: Counter[str] = field(default_factory=Counter)
    diverging_cases: Counter[str] = field(default_factory=Counter)
    first: _First = field(default_factory=_First)
    differing: dict[Pair, _First] = field(default_factory=dict)
    diverging: dict[str, _First] = field(default_factory=dict)

    @cached_property
    def own(self) -> Mapping[object, int]:
        """The commands of the rule's own examples, with their order: the typical one comes first."""
        examples = reversed(list(enumerate(self.rule.examples)))
        return {command_of(example.case, level): at for at, example in examples for level in LEVELS}

    def add(self, replay: Replay, command: object, unusual: int) -> None:
        """Add a case that tests the rule for some target, or in which targets differ because of it.

        Args:
            replay: The case.
            command: What `command_of` returns for it.
            unusual: What `untypical` returns for it.
        """
        where = replay.rules.get(self.rule.id, set())
        self.cases.update(where)
        self.diverging_cases.update(where & replay.diverging)
        order = self.own.get(command, len(self.own))
        level = -LEVELS.index(replay.observed.level)
        rank = (order, unusual if order == len(self.own) else 0, level, replay.size)
        if where:
            self.first.add((order, -len(where), *rank), replay)
        for pair in replay.differing.get(self.rule.id, ()):
            self.differing.setdefault(pair, _First()).add(rank, replay)
        for target in where & replay.diverging:
            self.diverging.setdefault(target, _First()).add((replay.size,), replay)

    def row(self, targets: Mapping[str, Dialect], errors: Mapping[str, Sequence[str]]) -> Row:
        """The row of the rule."""
        return Row(
            self.rule,
            {name: self.cell(name, dialect, bool(errors.get(name))) for name, dialect in targets.items()},
            frozenset(self.differing),
            tuple(self.examples()),
        )

    def agreeing(self, target: str) -> int:
        """How many cases that test the rule agree on a target."""
        return self.cases[target] - self.diverging_cases[target]

    def cell(self, target: str, dialect: Dialect, failed: bool) -> Cell:
        """The cell of a target."""
        cases, diverging = self.cases[target], self.diverging_cases[target]
        if diverging:
            return Cell("diverges", cases, diverging)
        if cases:
            return Cell("agrees" if dialect.verified else "unverified", cases)
        if not concerns(self.rule, target, dialect):
            return Cell("does not apply")
        return Cell("harness fault" if failed else "not reached")

    def examples(self) -> Iterator[Example]:
        """The examples, each once: those that diverge, then the rule's first, then typical ones."""
        diverging = sorted(self.diverging.values(), key=lambda each: each.key)
        # Of equal keys, the targets decide: the order of a set differs from process to process.
        pairs = sorted(self.differing, key=lambda pair: (self.differing[pair].key, sorted(pair)))
        differing = [self.differing[pair] for pair in pairs]
        shown: list[Replay] = []
        for first in (*diverging, self.first, *differing):
            replay = first.replay
            if replay is not None and replay not in shown:
                shown.append(replay)
                yield _example(replay, self.rule.id, from_spec=_command(replay) in self.own)
