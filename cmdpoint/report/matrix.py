"""The matrix: rules by places, a verdict in each cell, made of observations by asking the oracle of today.

A plain model without any format; `matrix_text`, `matrix_json`, `page` and `summary` write it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from typing import Any, Final, Literal

from cmdpoint.observations.replay import ObservedCase, Pair, Replay, ResultGroup, TargetDialects
from cmdpoint.observations.targets import concerns
from cmdpoint.oracle.case import Case
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.spec.rule import Rule

Verdict = Literal["agrees", "diverges", "unverified", "not reached", "harness fault", "does not apply"]

VERDICTS: Final[Mapping[Verdict, str]] = {
    "agrees": "the oracle and the place agree in every case that puts the rule to the test",
    "diverges": "in some case the place does not do what the oracle says",
    "unverified": "they agree, but the version is newer than any that the oracle was made for",
    "not reached": "no case put the rule to the test",
    "harness fault": "no case did, because something went wrong around the engine",
    "does not apply": "the rule has no part in how the place, or the runtime that it names, works",
}
"""The verdicts and what they mean, in the order in which people are shown them."""


@dataclass(frozen=True, slots=True)
class Example:
    """An example that is shown under a rule.

    Attributes:
        case: The case.
        level: What was looked at.
        own: Whether the rule's chapter has it.
        answers: What was done, by whom.
        apart: The pairs of places that the rule sets apart in it.
    """

    case: Case
    level: Level
    own: bool
    answers: tuple[ResultGroup, ...]
    apart: frozenset[Pair]

    @property
    def unlike(self) -> frozenset[Pair]:
        """The pairs of `apart`, and those of which the oracle is wrong about one."""
        wrong = {target for answer in self.answers for target in answer.wrong}
        pairs = (
            frozenset(pair)
            for one, other in combinations(self.answers, 2)
            for pair in product(one.targets, other.targets)
        )
        return self.apart | {pair for pair in pairs if pair & wrong and len(pair) == 2}


@dataclass(frozen=True, slots=True)
class Cell:
    """What was found about a rule in a place.

    Attributes:
        verdict: In a word.
        cases: How many cases put the rule to the test.
        wrong: In how many of them the oracle says something else.
    """

    verdict: Verdict
    cases: int = 0
    wrong: int = 0


@dataclass(frozen=True)
class Row:
    """A rule.

    Attributes:
        rule: The rule.
        cells: What was found, by place.
        apart: The pairs of places that do different things with one case because of this rule, both as the
            oracle says.
        exhibits: The examples that show it: one for the rule, then for each pair of `apart`, and each place
            that diverges, the smallest there is.
    """

    rule: Rule
    cells: Mapping[str, Cell]
    apart: frozenset[Pair] = frozenset()
    exhibits: tuple[Example, ...] = ()

    @cached_property
    def kinds(self) -> Mapping[str, int]:
        """The places where cases were compared, numbered from 0; no two of one number are apart."""
        kinds: list[list[str]] = []
        for target, cell in self.cells.items():
            if not cell.cases:
                continue
            fits = (kind for kind in kinds if not any(frozenset((target, a)) in self.apart for a in kind))
            kind = next(fits, None)
            if kind is None:
                kinds.append([target])
            else:
                kind.append(target)
        return {target: number for number, kind in enumerate(kinds) for target in kind}


@dataclass(frozen=True)
class Matrix:
    """Rules by places.

    Attributes:
        targets: The dialect of each place, by name, in the order of the columns.
        rows: A row for each rule, in the order of the spec.
        cases: How many cases were compared, by place.
        wrong: In how many of them the oracle says something else, by place.
        errors: What went wrong around an engine, by place.
        date: The day on which the newest of it was seen.
    """

    targets: Mapping[str, Dialect]
    rows: tuple[Row, ...]
    cases: Mapping[str, int]
    wrong: Mapping[str, int]
    errors: Mapping[str, Sequence[str]]
    date: str

    def count(self, target: str, verdict: Verdict) -> int:
        """How many rules have a verdict in a place."""
        return sum(row.cells[target].verdict == verdict for row in self.rows)


def matrix(
    compared: Iterable[ObservedCase],
    targets: Mapping[str, Dialect],
    rules: Mapping[str, Rule],
    errors: Mapping[str, Sequence[str]],
    date: str,
) -> Matrix:
    """Make the matrix.

    Args:
        compared: The observations; one for each case and cost.
        targets: The dialect of each place, by name.
        rules: The rules, by id.
        errors: What went wrong around an engine, by place.
        date: The day on which the newest of it was seen.
    """
    finds = {rule.id: _RuleTally(rule) for rule in rules.values()}
    cases: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    asked = TargetDialects(targets, rules.values())
    for each in compared:
        replay = Replay(each, asked)
        cases.update({target for target, _ in each.results})
        wrong.update(replay.wrong)
        for rule in (replay.rules.keys() | replay.apart.keys()) & finds.keys():
            finds[rule].add(replay)
    rows = tuple(
        Row(
            found.rule,
            {name: found.cell(name, dialect, bool(errors.get(name))) for name, dialect in targets.items()},
            frozenset(found.apart),
            tuple(found.exhibits()),
        )
        for found in finds.values()
    )
    return Matrix(targets, rows, cases, wrong, errors, date)


@dataclass
class _Smallest:
    """The smallest of what was offered."""

    key: tuple[Any, ...] = ()
    replay: Replay | None = None

    def offer(self, key: tuple[Any, ...], replay: Replay) -> None:
        if self.replay is None or key < self.key:
            self.key, self.replay = key, replay


@dataclass
class _RuleTally:
    """What is found about a rule, case by case."""

    rule: Rule
    cases: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    first: _Smallest = field(default_factory=_Smallest)
    apart: dict[Pair, _Smallest] = field(default_factory=dict)
    diverging: dict[str, _Smallest] = field(default_factory=dict)

    @cached_property
    def own(self) -> frozenset[Case]:
        """The cases of the rule's own examples."""
        return frozenset(example.case for example in self.rule.examples)

    def add(self, replay: Replay) -> None:
        """Add a case that puts the rule to the test somewhere, or in which it sets places apart."""
        where = replay.rules.get(self.rule.id, set())
        self.cases.update(where)
        self.wrong.update(where & replay.wrong)
        foreign, size = replay.compared.case not in self.own, replay.compared.size
        if where:
            self.first.offer((foreign, -len(where), size), replay)
        for pair in replay.apart.get(self.rule.id, ()):
            self.apart.setdefault(pair, _Smallest()).offer((foreign, size), replay)
        for target in where & replay.wrong:
            self.diverging.setdefault(target, _Smallest()).offer((foreign, size), replay)

    def cell(self, target: str, dialect: Dialect, failed: bool) -> Cell:
        """What the cases say of a place."""
        cases, wrong = self.cases[target], self.wrong[target]
        if wrong:
            return Cell("diverges", cases, wrong)
        if cases:
            return Cell("agrees" if dialect.verified else "unverified", cases)
        if not concerns(self.rule, target, dialect):
            return Cell("does not apply")
        return Cell("harness fault" if failed else "not reached")

    def exhibits(self) -> Iterator[Example]:
        """The examples to show, each once: the rule's first, then the others by size."""
        others = sorted((*self.apart.values(), *self.diverging.values()), key=lambda best: best.key)
        shown: list[Replay] = []
        for best in (self.first, *others):
            replay = best.replay
            if replay is not None and replay not in shown:
                shown.append(replay)
                compared = replay.compared
                own, apart = compared.case in self.own, replay.apart.get(self.rule.id, frozenset())
                yield Example(compared.case, compared.level, own, replay.answers, apart)
