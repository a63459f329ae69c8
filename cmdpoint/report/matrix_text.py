"""The matrix for a terminal, with one line for each rule and one column for each target."""

from collections.abc import Iterator, Mapping
from typing import Final

from cmdpoint.report.matrix import VERDICTS, Cell, CellVerdict, Matrix, Row

GLYPHS: Final[Mapping[CellVerdict, str]] = {
    "agrees": "✓",
    "diverges": "✗",
    "unverified": "?",
    "not reached": "○",
    "harness fault": "!",
    "does not apply": "–",
}
"""The sign of each verdict."""

_SHORTEST_TITLE: Final = 24
_LONGEST_TITLE: Final = 60
_KEYS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def render(matrix: Matrix, width: int) -> Iterator[str]:
    """The lines of the table.

    Args:
        matrix: The matrix.
        width: The width of a line; titles are shortened to fit.
    """
    columns = [_width(matrix, target) for target in matrix.targets]
    room = width - 12 - sum(column + 2 for column in columns)
    room = max(_SHORTEST_TITLE, min(room, _LONGEST_TITLE))
    yield f"Rules by targets, {matrix.date}. A cell has the verdict and the number of cases."
    yield ""
    yield from (f"  {glyph} {verdict:15} {VERDICTS[verdict]}" for verdict, glyph in GLYPHS.items())
    yield "  a b c             targets with different letters differ in some case because of the rule"
    yield ""
    numbers = [str(number) for number in range(1, len(matrix.targets) + 1)]
    for number, target in zip(numbers, matrix.targets, strict=True):
        yield f"  {number:>2}  {target}: {_counts(matrix, target)}"
    yield from _errors(matrix)
    yield ""
    yield _row("", room, numbers, columns)
    chapter = ""
    for row in matrix.rows:
        if row.rule.chapter != chapter:
            chapter = row.rule.chapter
            yield ""
            yield f"  {chapter.removesuffix('.md')}"
        cells = [_cell(row, target) for target in matrix.targets]
        yield _row(f"{row.rule.id:<9} {row.rule.title}", room, cells, columns)


def _row(head: str, room: int, cells: list[str], columns: list[int]) -> str:
    head = head if len(head) <= room + 10 else f"{head[: room + 9]}…"
    columns_text = "".join(f"  {cell:>{width}}" for cell, width in zip(cells, columns, strict=True))
    return f"  {head:<{room + 10}}{columns_text}".rstrip()


def _width(matrix: Matrix, target: str) -> int:
    return max(2, *(len(_cell(row, target)) for row in matrix.rows)) if matrix.rows else 2


def _cell(row: Row, target: str) -> str:
    letter = ""
    if row.differing and target in row.groups:
        letter = _KEYS[row.groups[target] % len(_KEYS)].lower()
    return f"{letter}{GLYPHS[row.cells[target].verdict]}{_number(row.cells[target])}"


def _number(cell: Cell) -> str:
    """The number of cases of a cell; if it diverges, the number of diverging ones."""
    return str(cell.diverging or cell.cases or "")


def _counts(matrix: Matrix, target: str) -> str:
    counts = ((verdict, matrix.count(target, verdict)) for verdict in VERDICTS)
    text = ", ".join(f"{verdict} {count}" for verdict, count in counts if count)
    return f"{matrix.cases[target]:,} cases; {text}"


def _errors(matrix: Matrix) -> Iterator[str]:
    for target, errors in matrix.errors.items():
        for error in errors:
            yield f"   !  {target}: {error}"
