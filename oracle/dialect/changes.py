"""The behaviours in which two dialects differ, and the rows that decided a value."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.data import dialect_data, version_number
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.unknown import UnknownDialect
from cmdpoint.oracle.dialect.validation import RUNTIME_BEHAVIOURS


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A version that changed a behaviour.

    Attributes:
        version: Such as `27.1`, or `runc-1.2` if it is a runtime's.
        source: Where it was changed, and how that is known; None if the row does not say.
    """

    version: str
    source: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A behaviour in which two dialects differ.

    Attributes:
        name: The behaviour.
        before: Its value in the first dialect.
        after: Its value in the second dialect.
        versions: The versions between them that changed it; empty if the difference comes from another
            builder, image store, engine or kind of runtime.
    """

    name: str
    before: Any
    after: Any
    versions: tuple[VersionChange, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The row of the data file that decided a value.

    Attributes:
        target: Whom the row describes, such as `docker`, `docker/buildkit`, `docker+containerd` or `runc`.
        since: The first version it describes.
        source: Where the value was read or observed; None if the row does not say.
    """

    target: str
    since: str
    source: str | None


def changes(before: Dialect, after: Dialect) -> tuple[Change, ...]:
    """The behaviours in which two dialects differ, in the order of `behaviours.toml`."""
    return tuple(
        Change(
            name, getattr(before, name), getattr(after, name), tuple(_version_changes(name, before, after))
        )
        for name in differing(before, after)
    )


def differing(before: Dialect, after: Dialect) -> tuple[str, ...]:
    """The names of the behaviours in which two dialects differ, in the order of `behaviours.toml`."""
    return tuple(name for name in behaviours() if getattr(before, name) != getattr(after, name))


def decision(dialect: Dialect, name: str) -> Decision:
    """The row that decided the value of a behaviour in a dialect.

    Args:
        dialect: A dialect of the data file.
        name: The behaviour.
    """
    key = _key(name, dialect)
    if name in RUNTIME_BEHAVIOURS:
        kind, _, version = dialect.runtime.partition("-")
        rows = tuple(row for row in dialect_data()["runtime"] if row["name"] == kind)
    else:
        version, rows = dialect.version, _rows(dialect.engine, dialect.builder, dialect.store)
    number = version_number(version)
    *_, row = (each for each in rows if key in each and version_number(each["since"]) <= number)
    store = f"+{row['store']}" if "store" in row else ""
    builder = f"/{row['builder']}" if "builder" in row else ""
    return Decision(f"{row.get('name') or row['engine']}{store}{builder}", row["since"], _source(row, key))


def _key(name: str, dialect: Dialect) -> str:
    """The key of a behaviour in a row: a runtime's row has the codes of a failed start for each engine."""
    return f"{dialect.engine}_start" if name == "start_codes" else name


def _version_changes(name: str, before: Dialect, after: Dialect) -> Iterator[VersionChange]:
    key = _key(name, after)
    if name in RUNTIME_BEHAVIOURS:
        (kind, _, one), (other_kind, _, other) = before.runtime.partition("-"), after.runtime.partition("-")
        rows = tuple(row for row in dialect_data()["runtime"] if row["name"] == kind == other_kind)
        prefix = f"{kind}-"
    else:
        one, other, prefix = before.version, after.version, ""
        target = after.engine, after.builder, after.store
        rows = () if _differ_without_version(name, before, after) else _rows(*target)
    older, newer = sorted((version_number(one), version_number(other)))
    for row in sorted(rows, key=lambda row: version_number(row["since"])):
        if key in row and older < version_number(row["since"]) <= newer:
            yield VersionChange(f"{prefix}{row['since']}", _source(row, key))


def _differ_without_version(name: str, before: Dialect, after: Dialect) -> bool:
    """Whether the builder, the store or the engine makes the difference at the first version already."""
    if before.engine != after.engine:
        return True
    try:
        same_version = Dialect.of(after.engine, before.version, after.builder, store=after.store)
    except UnknownDialect:  # the engine did not have that store yet
        return False
    return bool(getattr(same_version, name) == getattr(after, name))


@cache
def _rows(engine: str, builder: str, store: str) -> tuple[dict[str, Any], ...]:
    """The rows that describe an engine, a builder and an image store, in every version."""
    own = {"engine": engine, "builder": builder, "store": store}
    rows: list[dict[str, Any]] = dialect_data()["row"]
    return tuple(row for row in rows if all(row.get(key, value) == value for key, value in own.items()))


def _source(row: dict[str, Any], key: str) -> str | None:
    """The source of a row, and whether an engine was observed that has its value."""
    source = " ".join(row["source"].split()) if "source" in row else None
    if "name" in row:
        return source
    observed = _first_observed(row, key)
    evidence = f"observed in {observed}" if observed else "read in the source, not observed"
    if source and (evidence in source or "observed in" in source):
        return source
    return f"{source}; {evidence}" if source else evidence


def _first_observed(row: dict[str, Any], key: str) -> str | None:
    """The oldest verified version that has a row's value of a behaviour; None if a newer row replaces it."""
    since = version_number(row["since"])
    own = {name: row.get(name) for name in ("engine", "builder", "store")}
    later = [
        version_number(each["since"])
        for each in dialect_data()["row"]
        if key in each
        and version_number(each["since"]) > since
        and all(each.get(name) in (None, own[name]) for name in own)
    ]
    for version in dialect_data()["engine"][row["engine"]]["verified"]:
        number = version_number(version)
        if since <= number and not any(number >= each for each in later):
            return str(version)
    return None
