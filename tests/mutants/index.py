"""Evidence by what it touches, so that a mutant is held only against what can show it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from cmdpoint.oracle import Case, Dialect
from cmdpoint.oracle.dialect.reads import ReadTree
from tests.mutants.coverage import Touched, behaviour_key, numbers, touched
from tests.mutants.evidence import Item


@dataclass
class Index:
    """Items of evidence.

    Attributes:
        items: The items.
    """

    items: list[Item] = field(default_factory=list)
    _touched: list[Touched] = field(default_factory=list)
    _by_line: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    _by_behaviour: dict[tuple[str, Dialect, int], list[int]] = field(default_factory=dict)
    _alike: set[object] = field(default_factory=set)

    def add(self, item: Item, what: Touched) -> None:
        """Add an item.

        Args:
            item: The item.
            what: What its prediction touches.
        """
        at = len(self.items)
        self.items.append(item)
        self._touched.append(what)
        keys = numbers(what)
        first_behaviour = behaviour_key("relative_path")
        for key in keys:
            if key >= first_behaviour:
                self._by_behaviour.setdefault((item.source, item.dialect, key), []).append(at)
        # Of items that expect the same of one case in several dialects, and touch the same, one stands for
        # all: they differ in nothing that the oracle looks at.
        group = item.source, item.case, item.same, what
        if group not in self._alike:
            self._alike.add(group)
            for key in keys:
                if key < first_behaviour:
                    self._by_line.setdefault((item.source, key), []).append(at)

    def executing(self, source: str, lines: Iterable[int]) -> list[Item]:
        """The items of a source that execute any of some lines.

        Args:
            source: The source.
            lines: The numbers of the lines, see `line_key`.
        """
        found: set[int] = set()
        for line in lines:
            found.update(self._by_line.get((source, line), ()))
        return self._shuffled(sorted(found))

    def reading(self, source: str, dialect: Dialect, behaviour: str) -> list[Item]:
        """The items of a source, in one dialect, that read a behaviour."""
        return self._shuffled(self._by_behaviour.get((source, dialect, behaviour_key(behaviour)), []))

    def _shuffled(self, found: Sequence[int]) -> list[Item]:
        """Items in an order that shows soon what can be seen: unlike ones first."""
        mixed = Random(1).sample(found, len(found))
        often: Counter[Touched] = Counter()
        rounds: list[tuple[int, int]] = []
        for at in mixed:
            often[self._touched[at]] += 1
            rounds.append((often[self._touched[at]], at))
        rounds.sort(key=lambda one: one[0])
        return [self.items[at] for _, at in rounds]


def touched_by(items: Iterable[Item], *, lines: bool = True) -> list[Touched]:
    """What each item touches; see `touched`."""
    known: dict[Case, ReadTree[Touched]] = defaultdict(ReadTree)
    return [known[item.case].get(item.dialect, partial(touched, item.case, lines=lines)) for item in items]
