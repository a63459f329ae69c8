"""Records as Markdown: the verdict of each rule, and the figures with their ratios to the host's process."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cmdpoint.machines.claims import MachineRule
from cmdpoint.machines.measured import figure, measured

FIGURES: Final = (
    ("start", "start to the first line", 1.0, "s"),
    ("loop", "CPU of a loop, by the kernel that runs it", 1e-6, "ms"),
    ("resident", "resident memory", 1e-6, "MB"),
    ("size", "bytes shipped", 1e-6, "MB"),
)
"""The figures with a ratio: key, name, factor and unit."""

_OTHERS: Final = (
    ("idle", "CPU of doing nothing", 100.0, "%"),
    ("files", "files shipped", 1, ""),
    ("steps", "files and commands", 1, ""),
)

_TOGETHER: Final = (
    ("start", "start to the last first line", 1.0, "s"),
    ("cpu", "CPU until then", 1.0, "s"),
    ("resident", "resident memory", 1e-6, "MB"),
    ("proportional", "the same, shared pages counted once", 1e-6, "MB"),
    ("idle", "CPU of doing nothing", 100.0, "%"),
)

_DISTRIBUTION: Final = ("container_distribution", "machine_distribution")


def columns(record: Mapping[str, Any]) -> dict[str, str]:
    """The titles of what was measured, without the host's process, by the name of its report."""
    note = " (emulated)" if record["acceleration"] == "tcg" else ""
    titles = {"container": "container", "sandbox": "container, gVisor", "machine": f"virtual machine{note}"}
    return {name: title for name, title in titles.items() if name in record["values"]}


def heading(record: Mapping[str, Any]) -> str:
    """What was measured, in one line."""
    how = "emulated, not virtualized" if record["acceleration"] == "tcg" else "virtualized by KVM"
    kernel = record["values"]["machine"]["kernel"]
    sandbox = f"; {record['sandbox']}" if record["sandbox"] else ""
    return f"{record['engine']}{sandbox}; {record['emulator']} with Linux {kernel}, {how}; {day(record)}"


def day(record: Mapping[str, Any]) -> str:
    """The date and the time of a record."""
    return f"{record['date'][:16].replace('T', ' ')} UTC"


def markdown(records: Sequence[Mapping[str, Any]], rules: list[MachineRule]) -> str:
    """The verdicts of all records in one table, and the figures of each in its own.

    Args:
        records: The records; see `cmdpoint.machines.measure`.
        rules: The rules of chapter 10.
    """
    lines = list(verdicts(records, rules))
    for record in records:
        lines += [
            "",
            f"{heading(record)}:",
            "",
            *_figures(record),
            "",
            *_together(record),
            "",
            *_words(record),
        ]
    return "\n".join([*lines, ""])


def verdicts(records: Sequence[Mapping[str, Any]], rules: list[MachineRule]) -> Iterator[str]:
    """The lines of the table of verdicts, with what the first record measured."""
    yield "| row | rule | verdict | measured |"
    yield "| --- | --- | --- | --- |"
    for rule in rules:
        by_verdict: dict[str, list[str]] = {}
        for record in records:
            wrong = "; ".join(f"`{each}`" for each in rule.failures(record))
            verdict = rule.verdict(record) + (f": {wrong}" if wrong else "")
            by_verdict.setdefault(verdict, []).append(record["emulator"])
        different = [f"{', '.join(names)}: {verdict}" for verdict, names in by_verdict.items()]
        cell = "; ".join(different if len(different) > 1 else by_verdict)
        yield f"| {rule.row} | {rule.id} {rule.title} | {cell} | {measured(rule, records[0])} |"


def _figures(record: Mapping[str, Any]) -> Iterator[str]:
    values = record["values"]
    titles = columns(record)
    yield f"| figure | host | {' | '.join(titles.values())} |"
    yield f"| --- | --- | {' | '.join('---' for _ in titles)} |"
    for key, name, factor, unit in FIGURES:
        cells = [f"{figure(values['host'][key] * factor)} {unit}"]
        cells += [
            f"{figure(values[each][key] * factor)} {unit} ({figure(values['ratio'][each][key])} x)"
            for each in titles
        ]
        yield f"| {name} | {' | '.join(cells)} |"
    for key, name, factor, unit in _OTHERS:
        cells = [f"{figure(values[each][key] * factor)} {unit}".strip() for each in ("host", *titles)]
        yield f"| {name} | {' | '.join(cells)} |"
    sizes = {each.partition("_")[0]: f"{figure(values[each]['size'] * 1e-6)} MB" for each in _DISTRIBUTION}
    cells = [sizes.get(each, "-") for each in ("host", *titles)]
    yield f"| bytes shipped, with a minimal distribution | {' | '.join(cells)} |"


def _together(record: Mapping[str, Any]) -> Iterator[str]:
    many = record["values"]["many"]
    titles = columns(record)
    yield f"| {many['host']['count']} at the same time | host | {' | '.join(titles.values())} |"
    yield f"| --- | --- | {' | '.join('---' for _ in titles)} |"
    for key, name, factor, unit in _TOGETHER:
        cells = [f"{figure(many[each][key] * factor)} {unit}" for each in ("host", *titles)]
        yield f"| {name} | {' | '.join(cells)} |"


def _words(record: Mapping[str, Any]) -> Iterator[str]:
    """What the engine itself uses, and the messages with which it refuses images."""
    values = record["values"]
    if "resident" in (engine := values["engine"]):
        used = f"{figure(engine['resident'] * 1e-6)} MB of memory, once for all containers"
        installed = [f"{figure(values[each]['size'] * 1e-6)} MB" for each in ("engine", "emulator")]
        yield f"The engine itself uses {used}. Unpacked, it has {installed[0]}, the emulator {installed[1]}."
        yield ""
    if "runtime_size" in (with_gvisor := values.get("sandbox", {})):
        size = f"{figure(with_gvisor['runtime_size'] * 1e-6)} MB"
        yield f"gVisor's runtime has {size}, once for all containers, and starts with each of them."
        yield ""
    windows, other = values["windows"], values["other_cpu"]
    messages = f"`{windows['message']}` and `{windows['load_message']}`"
    yield f"An image for Windows: import and load fail, with {messages}."
    yield f"An image for another CPU: start fails, with `{other['message']}`."
