"""The matrix for a terminal: a line a rule, a narrow column a place."""

from collections.abc import Iterator, Mapping
from typing import Final

from cmdpoint.report.matrix import VERDICTS, Cell, Matrix, Row, Verdict

GLYPHS: Final[Mapping[Verdict, str]] = {
    "agrees": "✓",
    "diverges": "✗",
    "unverified": "?",
    "not reached": "○",
    "harness fault": "!",
    "does not apply": "–",
}
"""The sign of each verdict."""

_LEAST_TITLE: Final = 24
_MOST_TITLE: Final = 60
_KEYS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def render(matrix: Matrix, width: int) -> Iterator[str]:
    """The lines of the table.

    Args:
        matrix: The matrix.
        width: How many characters a line should have; the titles are cut to it.
    """
    columns = [_width(matrix, target) for target in matrix.targets]
    room = width - 12 - sum(column + 2 for column in columns)
    room = max(_LEAST_TITLE, min(room, _MOST_TITLE))
    yield f"Rules by places, as of {matrix.date}. In a cell: what was found, and by how many cases."
    yield ""
    yield from (f"  {glyph} {verdict:15} {VERDICTS[verdict]}" for verdict, glyph in GLYPHS.items())
    yield "  a b c             of two letters: they do different things with some case, because of the rule"
    yield ""
    numbers = [str(number) for number in range(1, len(matrix.targets) + 1)]
    for number, target in zip(numbers, matrix.targets, strict=True):
        yield f"  {number:>2}  {target}: {_told(matrix, target)}"
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
    told = "".join(f"  {cell:>{width}}" for cell, width in zip(cells, columns, strict=True))
    return f"  {head:<{room + 10}}{told}".rstrip()


def _width(matrix: Matrix, target: str) -> int:
    return max(2, *(len(_cell(row, target)) for row in matrix.rows)) if matrix.rows else 2


def _cell(row: Row, target: str) -> str:
    letter = ""
    if row.apart and target in row.kinds:
        letter = _KEYS[row.kinds[target] % len(_KEYS)].lower()
    return f"{letter}{GLYPHS[row.cells[target].verdict]}{_number(row.cells[target])}"


def _number(cell: Cell) -> str:
    """The cases of a cell; of one that diverges, those in which it does."""
    return str(cell.wrong or cell.cases or "")


def _told(matrix: Matrix, target: str) -> str:
    counts = ((verdict, matrix.count(target, verdict)) for verdict in VERDICTS)
    told = ", ".join(f"{verdict} {count}" for verdict, count in counts if count)
    return f"{matrix.cases[target]:,} cases; {told}"


def _errors(matrix: Matrix) -> Iterator[str]:
    for target, errors in matrix.errors.items():
        for error in errors:
            yield f"   !  {target}: {error}"
