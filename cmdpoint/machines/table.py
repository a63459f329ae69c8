"""Records as Markdown: the verdict of each rule, and the figures with their ratios to the host's process."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cmdpoint.machines.claims import MachineRule

COLUMNS: Final = ("host", "container", "machine")

FIGURES: Final = (
    ("start", "start to the first line", 1.0, "s"),
    ("loop", "a loop of computing", 1e-6, "ms"),
    ("resident", "resident memory", 1e-6, "MB"),
    ("size", "bytes shipped", 1e-6, "MB"),
)
"""The figures: key, name, factor and unit."""


def heading(record: Mapping[str, Any]) -> str:
    """What was measured, in one line."""
    how = "emulated, not virtualized" if record["acceleration"] == "tcg" else "virtualized by KVM"
    kernel = record["values"]["machine"]["kernel"]
    engine, emulator = record["engine"], record["emulator"]
    return f"{engine}; {emulator} with Linux {kernel}, {how}; {record['date']}"


def markdown(records: Sequence[Mapping[str, Any]], rules: list[MachineRule]) -> str:
    """The verdicts of all records in one table, and the figures of each in its own.

    Args:
        records: The records; see `cmdpoint.machines.measure`.
        rules: The rules of chapter 10.
    """
    lines = list(_verdicts(records, rules))
    for record in records:
        lines += ["", f"{heading(record)}:", "", *_figures(record)]
    return "\n".join([*lines, ""])


def figure(value: float) -> str:
    """A number with three digits, or with all before its point."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _verdicts(records: Sequence[Mapping[str, Any]], rules: list[MachineRule]) -> Iterator[str]:
    yield "| row | rule | verdict |"
    yield "| --- | --- | --- |"
    for rule in rules:
        by_verdict: dict[str, list[str]] = {}
        for record in records:
            wrong = "; ".join(f"`{each}`" for each in rule.failures(record))
            verdict = rule.verdict(record) + (f": {wrong}" if wrong else "")
            by_verdict.setdefault(verdict, []).append(record["emulator"])
        different = [f"{', '.join(names)}: {verdict}" for verdict, names in by_verdict.items()]
        cell = "; ".join(different if len(different) > 1 else by_verdict)
        yield f"| {rule.row} | {rule.id} {rule.title} | {cell} |"


def _figures(record: Mapping[str, Any]) -> Iterator[str]:
    values = record["values"]
    note = " (emulated)" if record["acceleration"] == "tcg" else ""
    yield f"| figure | host | container | virtual machine{note} |"
    yield "| --- | --- | --- | --- |"
    for key, name, factor, unit in FIGURES:
        cells = [f"{figure(values[column][key] * factor)} {unit}" for column in COLUMNS]
        ratios = [f" ({figure(values['ratio'][column][key])} x)" for column in COLUMNS[1:]]
        yield f"| {name} | {cells[0]} | {cells[1]}{ratios[0]} | {cells[2]}{ratios[1]} |"
