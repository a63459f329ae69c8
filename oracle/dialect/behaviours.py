"""What each behaviour is about, in which of them two dialects differ, and since when that is so."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from cmdpoint.oracle.dialect.dialect import Dialect, UnknownDialect, dialect_data, version_number


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
        turns: The versions between them at which it changed; none where another builder, store, engine or
            kind of runtime alone makes the difference.
    """

    name: str
    before: Any
    after: Any
    turns: tuple[Turn, ...]


@cache
def behaviours() -> Mapping[str, Behaviour]:
    """Every behaviour by its name."""
    data = tomllib.loads(files("cmdpoint.oracle.dialect").joinpath("behaviours.toml").read_text("utf-8"))[
        "behaviour"
    ]
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
    # What a start that is refused is told with depends on the engine too: a row of a runtime has it for each.
    name = f"{after.engine}_start" if name == "start_codes" else name
    if any(name in row for row in dialect_data()["runtime"]):
        (kind, _, one), (other_kind, _, other) = before.runtime.partition("-"), after.runtime.partition("-")
        rows = [row for row in dialect_data()["runtime"] if row["name"] == kind == other_kind]
        prefix = f"{kind}-"
    else:
        one, other, prefix = before.version, after.version, ""
        rows = [] if _differ_anyway(name, before, after) else _rows(after)
    older, newer = sorted((version_number(one), version_number(other)))
    for row in sorted(rows, key=lambda row: version_number(row["since"])):
        if name in row and older < version_number(row["since"]) <= newer:
            yield Turn(f"{prefix}{row['since']}", row.get("source"))


def _differ_anyway(name: str, before: Dialect, after: Dialect) -> bool:
    """Whether the builder, the store or the engine makes the difference at the first version already."""
    if before.engine != after.engine:
        return True
    try:
        there = Dialect.of(after.engine, before.version, after.builder, store=after.store)
    except UnknownDialect:  # that store was not there yet
        return False
    return bool(getattr(there, name) == getattr(after, name))


def _rows(dialect: Dialect) -> list[dict[str, Any]]:
    """The rows of an engine, of all its versions, that a builder and a store go by."""
    own = {"engine": dialect.engine, "builder": dialect.builder, "store": dialect.store}
    rows: list[dict[str, Any]] = dialect_data()["row"]
    return [row for row in rows if all(row.get(key, value) == value for key, value in own.items())]
