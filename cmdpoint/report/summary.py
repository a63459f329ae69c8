"""The matrix in a few lines of Markdown, for a README, which keeps them between two marks."""

from collections.abc import Iterator
from typing import Final

from cmdpoint.report.matrix import VERDICTS, Matrix

BEGIN: Final = "<!-- summary: begin -->"
"""The line before what is kept."""

END: Final = "<!-- summary: end -->"
"""The line behind it."""


def render(matrix: Matrix) -> str:
    """The table: places by verdicts, and how many cases say so."""
    shown = [
        verdict for verdict in VERDICTS if any(matrix.count(target, verdict) for target in matrix.targets)
    ]
    lines = [
        f"| {len(matrix.rows)} rules, {matrix.date} | {' | '.join(shown)} | cases compared |",
        f"| --- {'| ---: ' * (len(shown) + 1)}|",
    ]
    for target in matrix.targets:
        counts = [str(matrix.count(target, verdict)) for verdict in shown]
        lines.append(f"| {target} | {' | '.join(counts)} | {matrix.cases[target]:,} |")
    return "\n".join([*lines, *_told(matrix)]) + "\n"


def _told(matrix: Matrix) -> Iterator[str]:
    apart = sum(bool(row.apart) for row in matrix.rows)
    yield ""
    yield f"{apart} of the rules are why two of these places do different things with some case."


def replaced(text: str, told: str) -> str:
    """A text with what stands between the marks replaced.

    Args:
        text: The text.
        told: What is to stand there.

    Raises:
        ValueError: The marks do not stand in it, one behind the other.
    """
    before, begin, rest = text.partition(f"{BEGIN}\n")
    _, end, after = rest.partition(f"{END}\n")
    if not begin or not end:
        raise ValueError(f"it holds no line {BEGIN} with a line {END} behind it")
    return f"{before}{begin}{told}{end}{after}"
