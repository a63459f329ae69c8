"""Dialects as text for a terminal: the list of them, one of them, or the difference between two."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from cmdpoint.oracle.dialect.behaviours import Behaviour, behaviours
from cmdpoint.oracle.dialect.changes import Change, changes, decision
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects, runtime_dialects
from cmdpoint.oracle.explain import notation
from cmdpoint.upgrade.change_text import change_lines


def dialect_list() -> str:
    """The dialects that the data file describes, by engine, store and builder."""
    lines = ["Each version below changed something. A version between two behaves like the earlier one.", ""]
    for (engine, store, builder), dialects in groupby(
        known_dialects(), key=lambda each: (each.engine, each.store, each.builder)
    ):
        versions = ", ".join(dict.fromkeys(each.version for each in dialects))
        lines += _fold(versions, f"{engine}{f'+{store}' if store else ''}/{builder}")
    lines.append("")
    for kind, dialects in groupby(runtime_dialects(), key=lambda each: each.runtime.partition("-")[0]):
        lines += _fold(", ".join(each.runtime.partition("-")[2] for each in dialects), kind)
    newest = ", ".join(f"{each.engine} {each.version}" for each in _newest())
    lines += ["", f"Newest verified versions: {newest}"]
    return _text(lines)


def one_dialect(dialect: Dialect, titles: Mapping[str, str]) -> str:
    """Every behaviour of a dialect, with the row of the data file that decided its value.

    Args:
        dialect: The dialect.
        titles: The titles of rules by id.
    """
    lines = [f"{dialect}", *notation.fold(_summary(dialect)), f"{len(behaviours())} behaviours"]
    for behaviour in behaviours().values():
        row = decision(dialect, behaviour.name)
        source = f": {row.source}" if row.source else ""
        value = _value(getattr(dialect, behaviour.name))
        lines += ["", *notation.fold(f"{behaviour.name}: {value}", "", "    ")]
        lines += _explanation(behaviour, titles)
        lines += notation.fold(f"{row.target} since {row.since}{source}", "  ", "    ")
    return _text(lines)


def difference(before: Dialect, after: Dialect, titles: Mapping[str, str]) -> str:
    """The behaviours in which two dialects differ.

    Args:
        before: The first dialect.
        after: The second dialect.
        titles: The titles of rules by id.
    """
    found = changes(before, after)
    count = {0: "No behaviour differs.", 1: "1 behaviour differs."}.get(
        len(found), f"{len(found)} behaviours differ."
    )
    lines = [f"{before} → {after}", *map(_summary, (before, after)), count]
    for change in found:
        lines += ["", change.name, *_change(change, before, after, titles)]
    return _text(lines)


def _change(change: Change, before: Dialect, after: Dialect, titles: Mapping[str, str]) -> Iterator[str]:
    for line in change_lines(change, before, after):
        yield from notation.fold(line, "  ", "    ")
    yield from _explanation(behaviours()[change.name], titles)


def _explanation(behaviour: Behaviour, titles: Mapping[str, str]) -> Iterator[str]:
    yield from notation.fold(behaviour.meaning, "  ")
    rule = behaviour.rules[0]
    yield from notation.fold(f"{rule}  {titles.get(rule, '')}".rstrip(), "  ", "    ")


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {list(numbers)}" for key, numbers in value.items())
    return notation.value_text(value)


def _summary(dialect: Dialect) -> str:
    store = f"image store {dialect.store}" if dialect.store else "its own image store"
    verified = "" if dialect.verified else "; not verified: newer than every version that was tested"
    return (
        f"{dialect.engine} {dialect.version}, builder {dialect.builder}, {store}, runtime {dialect.runtime}"
        f"{verified}"
    )


def _newest() -> Iterator[Dialect]:
    """The newest verified dialect of each engine."""
    for _, dialects in groupby(known_dialects(), key=lambda each: each.engine):
        *_, newest = dialects
        yield newest


def _fold(text: str, head: str) -> list[str]:
    return notation.fold(text, f"{head:<27}", " " * 27)


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
