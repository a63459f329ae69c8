"""Two records side by side: whether the verdicts are equal, and the ratios."""

from collections.abc import Iterator, Mapping
from typing import Any

from cmdpoint.machines.claims import MachineRule
from cmdpoint.machines.measured import figure
from cmdpoint.machines.table import FIGURES, columns, heading


def comparison(old: Mapping[str, Any], new: Mapping[str, Any], rules: list[MachineRule]) -> str:
    """Compare two records, as Markdown.

    Args:
        old: The earlier record.
        new: The later record.
        rules: The rules of chapter 10.
    """
    return "\n".join([*_lines(old, new, rules), ""])


def _lines(old: Mapping[str, Any], new: Mapping[str, Any], rules: list[MachineRule]) -> Iterator[str]:
    yield f"Two runs: {heading(old)}, and {heading(new)}."
    yield ""
    different = [rule for rule in rules if rule.verdict(old) != rule.verdict(new)]
    if not different:
        yield f"All {len(rules)} verdicts are equal."
    for rule in different:
        yield f"- {rule.id}: {rule.verdict(old)}; then {rule.verdict(new)}"
    yield ""
    yield "| ratio to the host's process | first run | second run |"
    yield "| --- | --- | --- |"
    for key, name, _, _ in FIGURES:
        for column, title in columns(new).items():
            ratios = [record["values"]["ratio"].get(column, {}).get(key) for record in (old, new)]
            if None not in ratios:
                yield f"| {name}, {title} | {figure(ratios[0])} x | {figure(ratios[1])} x |"
