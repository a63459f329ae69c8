"""The ledger as Markdown: a list of all entries, and an entry a heading."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cmdpoint.observations.replay import ObservedCase
from cmdpoint.oracle.dialect.changes import VersionChange
from cmdpoint.oracle.dialect.data import dialect_data
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain import notation
from cmdpoint.report import ledger
from cmdpoint.report.ledger import Entry, Shown
from cmdpoint.report.phrases import asked, clipped, lines, said, together
from cmdpoint.spec.rules import all_rules

_HEAD: Final = """\
# Divergences

Each way that was found in which engines, builders, versions, runtimes or the documentation differ about what
a container runs. The examples are the smallest that were observed; where it says so, they are only foretold.
This file is written by `cmdpoint report --format ledger`, from
[cmdpoint/report/ledger.toml](cmdpoint/report/ledger.toml), the [dialects](oracle/dialect/dialects.toml), the
[spec](spec) and observations; edit those.
"""


def render(compared: Sequence[ObservedCase], targets: Mapping[str, Dialect], date: str) -> str:
    """The whole ledger.

    Args:
        compared: What was seen.
        targets: The dialect of each place, by name.
        date: The day of the newest of it.
    """
    ordered = sorted(compared, key=lambda each: each.size)
    entries = ledger.entries()
    told = [_HEAD, *_list(entries)]
    told += [f"Observed: {date}, at {len(targets)} places: {'; '.join(targets)}.", ""]
    for entry in entries:
        told += _entry(entry, ledger.example(entry, ordered, targets), len(targets))
    return "\n".join(told).rstrip() + "\n"


def _list(entries: Sequence[Entry]) -> Iterator[str]:
    yield "| found | what | differs | rules |"
    yield "| --- | --- | --- | --- |"
    for entry in entries:
        rules = ", ".join(entry.rules)
        yield f"| {entry.found} | [{entry.title}](#{_anchor(entry)}) | {entry.kind} | {rules} |"
    yield ""


def _anchor(entry: Entry) -> str:
    return entry.name.replace("_", "-")


def _entry(entry: Entry, shown: Shown | None, everybody: int) -> Iterator[str]:
    yield f'## <a id="{_anchor(entry)}"></a>{entry.found}  {entry.title}'
    yield ""
    yield entry.about
    yield ""
    if shown is not None:
        yield from _example(shown, entry, everybody)
    if entry.behaviour:
        yield from _since(entry)
    yield from _known(entry)


def _example(shown: Shown, entry: Entry, everybody: int) -> Iterator[str]:
    yield "```"
    for origin in shown.case.images:
        yield from lines(notation.how(origin))
    yield f"$ {clipped(asked(shown.case, shown.level))}"
    yield "```"
    yield ""
    yield f"| {'what was done' if shown.observed else 'foretold, not observed'} | by |"
    yield "| --- | --- |"
    for seen, who in shown.answers:
        by = together(who, everybody) if shown.observed else ", ".join(who)
        yield f"| {_code(clipped(said(seen)))} | {by} |"
    if entry.documented:
        yield f"| {_code(entry.documented)} | the documentation |"
    yield ""


def _code(text: str) -> str:
    """Code in a cell of a table."""
    fence = "``" if "`" in text else "`"
    pad = " " if fence == "``" else ""
    return f"{fence}{pad}{text.replace('|', chr(92) + '|')}{pad}{fence}"


def _since(entry: Entry) -> Iterator[str]:
    yield "Who, since when:"
    yield ""
    for who, turns in ledger.histories(entry.name):
        told = [_value(turns[0][1]), *(f"since {version} {_value(value)}" for version, value in turns[1:])]
        yield f"- {', '.join(who)}: {'; '.join(told)}"
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
    sources += [f"{turn.version}: {turn.source}" for turn in _turns(entry)]
    if not sources and entry.rules:
        sources = [all_rules()[entry.rules[0]].sources.replace("\n", " ")]
    yield f"- Rules: {rules or 'none'}"
    yield f"- Sources: {'; '.join(source.rstrip('.') for source in sources) or 'not known'}."
    yield f"- Upstream: {entry.upstream}"
    yield ""


def _turns(entry: Entry) -> Iterator[VersionChange]:
    """The versions at which a behaviour took another value, as far as a source says so."""
    if not entry.behaviour:
        return
    for row in (*dialect_data()["row"], *dialect_data()["runtime"]):
        if entry.name in row and "source" in row:
            name = row.get("name") or row["engine"]
            yield VersionChange(f"{name} {row['since']}", " ".join(row["source"].split()))
