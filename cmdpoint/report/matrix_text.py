"""The matrix for a terminal, with one line for each rule and one column for each target."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Final

from cmdpoint.oracle.explain import notation
from cmdpoint.report.matrix import VERDICTS, CellVerdict, DivergentCase, Matrix, Row
from cmdpoint.report.suspects import Suspicion
from cmdpoint.report.wording import clipped, clipped_lines, command, grouped, one_line

GLYPHS: Final[Mapping[CellVerdict, str]] = {
    "agrees": "✓",
    "diverges": "✗",
    "unverified": "?",
    "not reached": "○",
    "harness fault": "!",
    "does not apply": "–",
}
"""The sign of each verdict."""

Paint = Callable[[str, CellVerdict], str]
"""Returns a text in the colour of a verdict."""

SHOWN: Final = 5
"""How many groups of divergences are shown."""

_SHORT_TITLE: Final = 24
_SHORTEST_TITLE: Final = 12
_LONGEST_TITLE: Final = 60
_ID: Final = 10
_KEYS: Final = "abcdefghijklmnopqrstuvwxyz"


def plain(text: str, verdict: CellVerdict) -> str:
    """Return the text as it is."""
    return text


def render(matrix: Matrix, width: int, paint: Paint = plain) -> Iterator[str]:
    """The lines of the table.

    Args:
        matrix: The matrix.
        width: The width of a line. If all columns do not fit, cells have no numbers; if they still do not
            fit, some columns follow in further tables.
        paint: Colours a cell.
    """
    tables = _tables(matrix, width)
    cell = "the verdict and the number of cases" if tables[0].cell is _with_number else "the verdict"
    yield from notation.fold(f"Rules by targets, {matrix.date}. A cell has {cell}.", width=width)
    yield ""
    yield from _legend(width, paint)
    yield ""
    for number, target in enumerate(matrix.targets, start=1):
        yield from notation.fold(f"{target}: {_counts(matrix, target)}", f"  {number:>2}  ", " " * 8, width)
    for target, faults in matrix.errors.items():
        for fault in faults:
            yield from notation.fold(f"{target}: {fault}", "  harness fault on ", " " * 8, width)
    for suspicion in matrix.suspicions[:SHOWN]:
        yield ""
        yield from _suspicion(suspicion, matrix, width, paint)
    if others := len(matrix.suspicions[SHOWN:]):
        yield f"{others} more groups of divergences: see --format html"
    for table in tables:
        yield ""
        yield from table.lines(matrix, paint)


def _legend(width: int, paint: Paint) -> Iterator[str]:
    for verdict, glyph in GLYPHS.items():
        first, *more = notation.fold(VERDICTS[verdict], f"  {glyph} {verdict:15} ", " " * 20, width)
        yield first.replace(glyph, paint(glyph, verdict), 1)
        yield from more
    letters = "targets that agree, but those with different letters differ in some case because of the rule"
    yield from notation.fold(letters, "  a b c             ", " " * 20, width)


def _suspicion(
    suspicion: Suspicion[DivergentCase], matrix: Matrix, width: int, paint: Paint
) -> Iterator[str]:
    """What explains some divergences, and the smallest case, as on the last screen of `conform`."""
    fold = partial(notation.fold, rest=" " * 4, width=width)
    smallest = suspicion.divergent[0]
    rules = " or ".join(suspicion.rules) or "no rule explains it"
    first, *more = fold(f"DIVERGENCE: {rules}, on {grouped(suspicion.targets, len(matrix.targets))}")
    yield paint(first, "diverges")
    yield from more
    for row in (row for row in matrix.rows if row.rule.id in suspicion.rules[:3]):
        yield from fold(f"  {row.rule.id}: {row.rule.title} (spec/{row.rule.chapter})")
    yield from fold(f"  {suspicion.evidence('cases')}")
    yield from fold(f"  smallest case, on {smallest.target}:")
    for image in smallest.example.case.images:
        for line in clipped_lines(notation.creation_lines(image)):
            yield from fold(f"    {line}")
    yield from fold(f"    $ {clipped(command(smallest.example.case, smallest.example.level))}")
    for group in smallest.example.results:
        if smallest.target in group.diverging:
            yield from fold(f"    predicted: {clipped(one_line(group.diverging[smallest.target]))}")
            yield from fold(f"    observed:  {clipped(one_line(group.result))}")


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of all rules and some targets.

    Attributes:
        targets: The number of each target, from 1.
        columns: The width of each column.
        title: The width of a title.
        cell: Returns the text of a cell.
    """

    targets: Mapping[str, int]
    columns: Sequence[int]
    title: int
    cell: Callable[[Row, str], str]

    def lines(self, matrix: Matrix, paint: Paint) -> Iterator[str]:
        """The lines of the table."""
        numbers = [f"{number:>2}" for number in self.targets.values()]
        for heads in zip(*numbers, strict=True) if self._narrow else [numbers]:
            cells = zip(heads, self.columns, strict=True)
            yield self._line("", [f"{head:>{width}}" for head, width in cells])
        for chapter, rows in groupby(matrix.rows, key=lambda row: row.rule.chapter):
            yield ""
            yield f"  {chapter.removesuffix('.md')}"
            for row in rows:
                yield self._line(f"{row.rule.id:<{_ID}}{row.rule.title}", list(self._cells(row, paint)))

    @property
    def _narrow(self) -> bool:
        """Whether a column is too narrow for the number of its target."""
        return min(self.columns, default=2) < 2

    def _cells(self, row: Row, paint: Paint) -> Iterator[str]:
        for target, width in zip(self.targets, self.columns, strict=True):
            text = self.cell(row, target)
            yield " " * (width - len(text)) + paint(text, row.cells[target].verdict)

    def _line(self, head: str, cells: list[str]) -> str:
        room = _ID + self.title
        head = head if len(head) <= room else f"{head[: room - 1]}…"
        gap = " " if self._narrow else "  "
        return f"  {head:<{room}}{''.join(gap + cell for cell in cells)}".rstrip()


def _tables(matrix: Matrix, width: int) -> list[_Table]:
    """One table with numbers, or one without, or several without, whichever fits first."""
    targets = {target: number for number, target in enumerate(matrix.targets, start=1)}
    styles = (
        (_with_number, 2, 2, _SHORT_TITLE),
        (sign, 1, 1, _SHORTEST_TITLE),
    )
    for cell, narrowest, gap, title in styles:
        columns = [max([narrowest, *(len(cell(row, target)) for row in matrix.rows)]) for target in targets]
        room = width - 2 - _ID - sum(column + gap for column in columns)
        if room >= title:
            return [_Table(targets, columns, min(room, _LONGEST_TITLE), cell)]
    names = list(targets)
    count = max(1, (width - 2 - _ID - _SHORTEST_TITLE) // 2)
    return [
        _Table({name: targets[name] for name in some}, [1] * len(some), _SHORTEST_TITLE, sign)
        for some in (names[at : at + count] for at in range(0, len(names), count))
    ]


def _with_number(row: Row, target: str) -> str:
    """The sign, and the number of cases, or of diverging ones."""
    cell = row.cells[target]
    return f"{sign(row, target)}{cell.diverging or cell.cases or ''}"


def sign(row: Row, target: str) -> str:
    """The sign of a cell: that of the verdict, or the letter of the group if targets that agree differ."""
    verdict = row.cells[target].verdict
    return (verdict == "agrees" and letter(row, target)) or GLYPHS[verdict]


def letter(row: Row, target: str) -> str:
    """The letter of the group of a target in a row in which targets differ, or nothing."""
    if not row.differing or target not in row.groups:
        return ""
    return _KEYS[row.groups[target] % len(_KEYS)]


def _counts(matrix: Matrix, target: str) -> str:
    counts = ((verdict, matrix.count(target, verdict)) for verdict in VERDICTS)
    text = ", ".join(f"{verdict} {count}" for verdict, count in counts if count)
    return f"{matrix.cases[target]:,} cases; {text}"
