"""What each behaviour is about, in which of them two dialects differ, and since when that is so."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from oracle.dialect import Dialect, dialect_data, version_number


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A behaviour.

    Attributes:
        name: The field of a dialect that holds its value.
        about: What it is about and what the values mean, in a sentence or two.
        rules: The ids of the rules that tell of it, the first one above all.
    """

    name: str
    about: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A version at which a behaviour took another value.

    Attributes:
        version: Such as `27.1`, or `runc-1.2` where it is a runtime's.
        source: Where it was changed, and how that is known; None where nobody wrote it down.
    """

    version: str
    source: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A behaviour in which two dialects differ.

    Attributes:
        name: The behaviour's.
        before: Its value in the one.
        after: Its value in the other.
        turns: The versions between them at which it changed; none where another builder, another engine or
            another kind of runtime alone makes the difference.
    """

    name: str
    before: Any
    after: Any
    turns: tuple[Turn, ...]


@cache
def behaviours() -> Mapping[str, Behaviour]:
    """Every behaviour by its name."""
    data = tomllib.loads(files("oracle").joinpath("behaviours.toml").read_text("utf-8"))["behaviour"]
    return {
        name: Behaviour(name, " ".join(entry["about"].split()), tuple(entry["rules"]))
        for name, entry in data.items()
    }


def changes(before: Dialect, after: Dialect) -> tuple[Change, ...]:
    """The behaviours in which two dialects differ."""
    values = ((name, getattr(before, name), getattr(after, name)) for name in behaviours())
    return tuple(
        Change(name, one, other, tuple(_turns(name, before, after)))
        for name, one, other in values
        if one != other
    )


def _turns(name: str, before: Dialect, after: Dialect) -> Iterator[Turn]:
    if any(name in row for row in dialect_data()["runtime"]):
        (kind, one), (other_kind, other) = _runtime(before), _runtime(after)
        rows = [row for row in dialect_data()["runtime"] if row["name"] == kind]
        prefix = f"{kind}-"
        if kind != other_kind:
            return
    elif before.engine != after.engine:
        return
    else:
        one, other, prefix = before.version, after.version, ""
        there = Dialect.of(after.engine, before.version, after.builder)
        if getattr(there, name) == getattr(after, name):
            return
        rows = [
            row
            for row in dialect_data()["row"]
            if row["engine"] == after.engine and row.get("builder", after.builder) == after.builder
        ]
    older, newer = sorted((version_number(one), version_number(other)))
    for row in rows:
        if name in row and older < version_number(row["since"]) <= newer:
            yield Turn(f"{prefix}{row['since']}", row.get("source"))


def _runtime(dialect: Dialect) -> tuple[str, str]:
    kind, _, version = dialect.runtime.partition("-")
    return kind, version
