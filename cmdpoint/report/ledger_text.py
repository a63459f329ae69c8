"""The ledger as Markdown: a table of all entries, then a section for each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from cmdpoint.oracle.dialect.changes import VersionChange
from cmdpoint.oracle.dialect.data import dialect_data
from cmdpoint.oracle.explain import notation
from cmdpoint.report import ledger
from cmdpoint.report.ledger import Entry
from cmdpoint.report.ledger_examples import LedgerExample, LedgerExamples
from cmdpoint.report.wording import clipped, clipped_lines, command, grouped, one_line
from cmdpoint.spec.rules import all_rules

_HEAD: Final = """\
# Divergences

Every known difference between engines, builders, versions, runtimes and the documentation in what a container
runs. Each example is the smallest that was observed; an example with predicted results says so.
`cmdpoint report --format ledger` generates this file from
[cmdpoint/report/ledger.toml](cmdpoint/report/ledger.toml), the [dialects](oracle/dialect/dialects.toml), the
[spec](spec) and observations. Edit those instead.
"""


def render(examples: LedgerExamples, targets: Iterable[str], date: str) -> str:
    """The whole ledger.

    Args:
        examples: Finds the example of an entry.
        targets: The names of the targets.
        date: The day of the newest observation.
    """
    names = tuple(targets)
    entries = ledger.entries()
    text = [_HEAD, *_list(entries)]
    text += [f"Observed until {date} on {len(names)} targets: {'; '.join(names)}.", ""]
    for entry in entries:
        text += _entry(entry, examples.of(entry), len(names))
    return "\n".join(text).rstrip() + "\n"


def _list(entries: Sequence[Entry]) -> Iterator[str]:
    yield "| found | difference | between | rules |"
    yield "| --- | --- | --- | --- |"
    for entry in entries:
        rules = ", ".join(entry.rules)
        yield f"| {entry.found} | [{entry.title}](#{_anchor(entry)}) | {entry.kind} | {rules} |"
    yield ""


def _anchor(entry: Entry) -> str:
    return entry.name.replace("_", "-")


def _entry(entry: Entry, shown: LedgerExample | None, total: int) -> Iterator[str]:
    yield f'## <a id="{_anchor(entry)}"></a>{entry.found}  {entry.title}'
    yield ""
    yield entry.about
    yield ""
    if shown is not None:
        yield from _example(shown, entry, total)
    if entry.behaviour:
        yield from _since(entry)
    yield from _known(entry)


def _example(shown: LedgerExample, entry: Entry, total: int) -> Iterator[str]:
    yield "```"
    for origin in shown.case.images:
        yield from clipped_lines(notation.creation_lines(origin))
    yield f"$ {clipped(command(shown.case, shown.level))}"
    yield "```"
    yield ""
    yield f"| {'observed' if shown.observed else 'predicted, not observed'} | targets |"
    yield "| --- | --- |"
    for result, targets in shown.results:
        by = grouped(targets, total) if shown.observed else ", ".join(targets)
        yield f"| {_code(clipped(one_line(result)))} | {by} |"
    if entry.documented:
        yield f"| {_code(entry.documented)} | the documentation |"
    yield ""


def _code(text: str) -> str:
    """Code in a table cell."""
    fence = "``" if "`" in text else "`"
    pad = " " if fence == "``" else ""
    return f"{fence}{pad}{text.replace('|', chr(92) + '|')}{pad}{fence}"


def _since(entry: Entry) -> Iterator[str]:
    yield "Values by version:"
    yield ""
    for names, changes in ledger.histories(entry.name):
        values = [
            _value(changes[0][1]),
            *(f"since {version} {_value(value)}" for version, value in changes[1:]),
        ]
        yield f"- {', '.join(names)}: {'; '.join(values)}"
    yield ""


def _value(value: Any) -> str:
    if isinstance(value, str):
        return f"“{value}”"
    if isinstance(value, tuple):
        return f"`{' '.join(map(str, value))}`" if value else "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {'/'.join(map(str, numbers))}" for name, numbers in value.items())
    return str(value)


def _known(entry: Entry) -> Iterator[str]:
    rules = ", ".join(f"[{rule}](spec/{all_rules()[rule].chapter})" for rule in entry.rules)
    sources = [entry.sources] if entry.sources else []
    sources += [f"{change.version}: {change.source}" for change in _changes(entry)]
    if not sources and entry.rules:
        sources = [all_rules()[entry.rules[0]].sources.replace("\n", " ")]
    yield f"- Rules: {rules or 'none'}"
    yield f"- Sources: {'; '.join(source.rstrip('.') for source in sources) or 'not known'}."
    yield f"- Upstream: {entry.upstream}"
    yield ""


def _changes(entry: Entry) -> Iterator[VersionChange]:
    """The versions that changed the value of a behaviour, if their source is known."""
    if not entry.behaviour:
        return
    for row in (*dialect_data()["row"], *dialect_data()["runtime"]):
        if entry.name in row and "source" in row:
            name = row.get("name") or row["engine"]
            yield VersionChange(f"{name} {row['since']}", " ".join(row["source"].split()))
