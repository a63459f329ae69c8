"""The ledger: each way in which engines, builders, versions or the documentation differ, with an example.

`ledger.toml` has the descriptions. The history of each behaviour, and the example, are computed from the
dialects, the spec and observations: `ledger_examples` finds the example, `ledger_text` renders the ledger.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from cmdpoint.oracle.case import Case
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.data import dialect_data
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects, runtime_dialects
from cmdpoint.oracle.interchange.case import read_case
from cmdpoint.spec.rules import all_rules

KINDS: Final = ("builder", "version", "engine", "runtime", "store", "documentation", "bug")
"""What differs: two builders of one engine, two versions, and so on; or it is a bug."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The description of one difference.

    Attributes:
        name: The name of the behaviour, if it is a behaviour of a dialect; any other name otherwise.
        title: The title.
        found: The day on which it was found, as `2026-11-24`.
        kind: One of `KINDS`.
        about: What differs, as Markdown.
        rules: The ids of the rules that describe it.
        sources: The sources, as Markdown.
        upstream: Whether the maintainers know, as Markdown.
        behaviour: Whether it is a behaviour of a dialect.
        case: A chosen example, or None to search for one.
        documented: The documented result in the notation of the spec; empty if the documentation has none.
    """

    name: str
    title: str
    found: str
    kind: str
    about: str
    rules: tuple[str, ...]
    sources: str
    upstream: str
    behaviour: bool
    case: Case | None
    documented: str


@cache
def entries() -> tuple[Entry, ...]:
    """The entries, the oldest first, and in the order of the file within a day."""
    data = tomllib.loads(files("cmdpoint.report").joinpath("ledger.toml").read_text("utf-8"))
    found = [_entry(name, entry, behaviour=True) for name, entry in data["behaviour"].items()]
    found += [_entry(name, entry, behaviour=False) for name, entry in data["finding"].items()]
    return tuple(sorted(found, key=lambda entry: entry.found))


def _entry(name: str, data: Mapping[str, Any], *, behaviour: bool) -> Entry:
    known = behaviours()[name] if behaviour else None
    return Entry(
        name=name,
        title=data["title"],
        found=data["found"].isoformat(),
        kind=data["kind"],
        about=" ".join((data["about"] if known is None else data.get("about", known.meaning)).split()),
        # A test of the behaviours checks that their rules exist.
        rules=tuple(rule for rule in known.rules if rule in all_rules())
        if known
        else tuple(data.get("rules", ())),
        sources=" ".join(data.get("sources", "").split()),
        upstream=" ".join(data["upstream"].split()),
        behaviour=behaviour,
        case=read_case(data["case"]) if "case" in data else None,
        documented=data.get("documented", ""),
    )


def differing() -> Iterator[str]:
    """The behaviours that have more than one value."""
    dialects = (*_known_dialects(), *_runtime_dialects())
    for name in behaviours():
        if len({repr(getattr(dialect, name)) for dialect in dialects}) > 1:
            yield name


def histories(name: str) -> list[tuple[list[str], list[tuple[str, Any]]]]:
    """The values of a behaviour over the versions.

    Returns:
        Builders or runtimes with the same history, such as `docker/classic` or `runc`, with each value and
        the version that introduced it; the first version is that of the first row.
    """
    of_runtime = any(name in row for row in dialect_data()["runtime"])
    found: dict[str, list[tuple[str, Any]]] = {}
    for dialect in _runtime_dialects() if of_runtime else _known_dialects():
        kind, _, version = dialect.runtime.partition("-")
        rows = dialect_data()["row"]
        if dialect.store and not any(name in row for row in rows if row.get("store") == dialect.store):
            continue
        who = kind if of_runtime else f"{dialect.engine}/{dialect.builder}{stored(dialect)}"
        changes = found.setdefault(who, [])
        value = getattr(dialect, name)
        if not changes or changes[-1][1] != value:
            changes.append((version if of_runtime else dialect.version, value))
    alike: list[tuple[list[str], list[tuple[str, Any]]]] = []
    for who, changes in found.items():
        same = next((others for others, known in alike if known == changes), None)
        if same is None:
            alike.append(([who], changes))
        else:
            same.append(who)
    return alike


# `histories` is called for each behaviour, and to compute the dialects takes longer than all else.
_known_dialects = cache(known_dialects)
_runtime_dialects = cache(runtime_dialects)


def stored(dialect: Dialect) -> str:
    """What follows a builder's name if its images are in another store than the engine's own."""
    return f" with the {dialect.store} store" if dialect.store else ""
