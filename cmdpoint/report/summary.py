"""The matrix as a short Markdown table, which replaces the text between two marks in a file."""

from collections.abc import Iterator
from typing import Final

from cmdpoint.report.matrix import VERDICTS, Matrix

BEGIN: Final = "<!-- summary: begin -->"
"""The mark before the summary."""

END: Final = "<!-- summary: end -->"
"""The mark after the summary."""


def render(matrix: Matrix) -> str:
    """The table of targets by verdicts, with the number of cases."""
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
    return "\n".join([*lines, *_differing(matrix)]) + "\n"


def _differing(matrix: Matrix) -> Iterator[str]:
    count = sum(bool(row.differing) for row in matrix.rows)
    yield ""
    yield f"{count} of the rules make two of these targets differ in at least one case."


def replaced(text: str, summary: str) -> str:
    """Replace the summary between the marks of a text.

    Args:
        text: The text.
        summary: The new summary.

    Raises:
        ValueError: The text does not have both marks in this order.
    """
    before, begin, rest = text.partition(f"{BEGIN}\n")
    _, end, after = rest.partition(f"{END}\n")
    if not begin or not end:
        raise ValueError(f"it has no line {BEGIN} with a line {END} after it")
    return f"{before}{begin}{summary}{end}{after}"
