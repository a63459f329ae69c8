"""Check the rows of `dialects.toml` against the types in `values.py`; errors name the line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any, Final, Literal, get_args, get_origin

from cmdpoint.oracle.dialect.values import (
    Behaviours,
    BuilderName,
    EngineName,
    NamedStore,
    RuntimeBehaviours,
    RuntimeName,
    StartFailure,
    StoreName,
)

ROW_KEYS: Final[Mapping[str, Any]] = {
    "engine": EngineName,
    "builder": BuilderName,
    "store": StoreName,
    "since": str,
    "source": str,
    "runtime": str,
    "refused_start": tuple[int, int],
}
"""The keys of a row that are no behaviours: whom it describes, since when and why, and two defaults."""

RUNTIME_KEYS: Final[Mapping[str, Any]] = {
    "name": RuntimeName,
    "since": str,
    "source": str,
    "docker_start": Mapping[StartFailure, tuple[int, int, int]],
    "podman_start": Mapping[StartFailure, tuple[int]],
}
"""The keys of a runtime's row that are no behaviours; two tables make up `start_codes`."""

_ENGINE_KEYS: Final[Mapping[str, Any]] = {
    "builders": tuple[BuilderName, ...],
    "default_builder": Mapping[str, BuilderName],
    "verified": tuple[str, ...],
    "stores": Mapping[StoreName, str],
    "default_store": Mapping[str, NamedStore],
}

RUNTIME_BEHAVIOURS: Final = {each.name: each.type for each in fields(RuntimeBehaviours)}
"""The behaviours that only a runtime's row may set, with their types."""

_ENGINE_BEHAVIOURS: Final = {
    each.name: each.type for each in fields(Behaviours) if each.name not in RUNTIME_BEHAVIOURS
}

_VERSION: Final = re.compile(r"\d+(\.\d+)*")


class DialectDataError(ValueError):
    """Rows of the data file are wrong.

    Attributes:
        problems: What is wrong, each with the file, the line and the row.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Problem:
    """A value or a key that is wrong.

    Attributes:
        key: The key of the row; empty for the row as a whole.
        message: What is wrong with it, and what is right.
    """

    key: str
    message: str


def check_data(data: Mapping[str, Any], text: str, file: str) -> None:
    """Check the tables of a data file.

    Args:
        data: What the file holds.
        text: Its text, for line numbers.
        file: What errors call it.

    Raises:
        DialectDataError: Something is wrong; all of it is listed.
    """
    problems = tuple(
        f"{file}{_line(text, table.head, table.index, problem.key)}: {table.title}: {problem.message}"
        for table in _tables(data)
        for problem in table.problems
    )
    if problems:
        raise DialectDataError(problems)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the file with what is wrong in it.

    Attributes:
        head: Its head, such as `[[row]]`.
        index: Which of the tables with that head it is, from 0.
        title: What errors call it.
        problems: What is wrong.
    """

    head: str
    index: int
    title: str
    problems: Iterable[_Problem]


def _tables(data: Mapping[str, Any]) -> Iterator[_Table]:
    yield _Table("", 0, "the file", _check(data, dict.fromkeys(("engine", "row", "runtime"), Any)))
    for name, engine in data.get("engine", {}).items():
        yield _Table(f"[engine.{name}]", 0, f"[engine.{name}]", _engine(name, engine))
    for kind, check in (("row", _row), ("runtime", _runtime_row)):
        for index, row in enumerate(data.get(kind, ())):
            yield _Table(f"[[{kind}]]", index, f"[[{kind}]] {_title(row)}", check(row))


def _title(row: Mapping[str, Any]) -> str:
    """A row by whom it describes and since when."""
    names = (row.get(key) for key in ("engine", "name", "builder", "store"))
    return f"{' '.join(str(name) for name in names if name)} since {row.get('since')}"


def _engine(name: str, engine: Mapping[str, Any]) -> Iterator[_Problem]:
    yield from _value(name, EngineName, "engine")
    yield from _check(engine, _ENGINE_KEYS)


def _row(row: Mapping[str, Any]) -> Iterator[_Problem]:
    for key in row.keys() & RUNTIME_BEHAVIOURS.keys():
        yield _Problem(key, f"{key} is a behaviour of a runtime; set it in a [[runtime]] row")
    own = {key: value for key, value in row.items() if key not in RUNTIME_BEHAVIOURS}
    yield from _check(own, {**ROW_KEYS, **_ENGINE_BEHAVIOURS})
    yield from _required(row, ("engine", "since"))
    kind, dash, version = str(row.get("runtime", "runc-1.0")).partition("-")
    if kind not in get_args(RuntimeName) or not dash or not _VERSION.fullmatch(version):
        message = f"{row['runtime']!r} is not a runtime with its version, such as runc-1.1.5"
        yield _Problem("runtime", f"{message}{_nearest(kind, get_args(RuntimeName))}")


def _runtime_row(row: Mapping[str, Any]) -> Iterator[_Problem]:
    own = {key: each for key, each in RUNTIME_BEHAVIOURS.items() if key != "start_codes"}
    yield from _check(row, {**RUNTIME_KEYS, **own})
    yield from _required(row, ("name", "since"))


def _required(row: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[_Problem]:
    for key in keys:
        if key not in row:
            yield _Problem("", f"{key} is missing")
    if "since" in row and not _VERSION.fullmatch(str(row["since"])):
        yield _Problem("since", f"since is {row['since']!r}, which is not a version such as 28.5.2")


def _check(row: Mapping[str, Any], types: Mapping[str, Any]) -> Iterator[_Problem]:
    """The unknown keys and the wrong values of a table."""
    for key, value in row.items():
        if key in types:
            yield from _value(value, types[key], key)
        else:
            yield _Problem(key, f"{key} is not a behaviour or another key{_nearest(key, types)}")


def _value(value: Any, expected: Any, key: str) -> Iterator[_Problem]:
    """What is wrong with a value, by its type."""
    kind, members = get_origin(expected), get_args(expected)
    if kind is Literal:
        if value not in members:
            options = ", ".join(f'"{member}"' for member in members)
            near = _nearest(str(value), members)
            yield _Problem(key, f"{value!r} is not a value of {key}{near}; the values are {options}")
    elif kind is tuple:
        yield from _list(value, members, key)
    elif expected is Any:
        return
    elif expected is str or expected is int:
        if type(value) is not expected:
            name = "a string" if expected is str else "an integer"
            yield _Problem(key, f"{key} is {value!r}, and must be {name}")
    elif not isinstance(value, Mapping):
        yield _Problem(key, f"{key} is {value!r}, and must be a table")
    else:
        for name, entry in value.items():
            for problem in (*_value(name, members[0], key), *_value(entry, members[1], f"{key}.{name}")):
                yield _Problem(key if problem.key == key else name, problem.message)


def _list(value: Any, members: tuple[Any, ...], key: str) -> Iterator[_Problem]:
    if not isinstance(value, list):
        yield _Problem(key, f"{key} is {value!r}, and must be a list")
        return
    length = None if Ellipsis in members else len(members)
    if length is not None and len(value) != length:
        yield _Problem(key, f"{key} has {len(value)} members, and must have {length}")
    for member in value:
        yield from _value(member, members[0], key)


def _nearest(word: str, known: Any) -> str:
    """The known word that is most like a wrong one, as the end of a sentence; empty if none is near."""
    near = get_close_matches(word, [str(each) for each in known], 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _line(text: str, head: str, index: int, key: str) -> str:
    """The line of a key in a table as `:LINE`; that of the table's head if the key is not found."""
    lines = text.split("\n")
    heads = [number for number, line in enumerate(lines) if line.strip() == head]
    if index >= len(heads):
        return ""
    found = heads[index]
    for number in range(found + 1, len(lines)):
        if lines[number].startswith("[["):
            break
        if re.match(rf"{re.escape(key)}\s*=|\[\w+\.{re.escape(key)}\]", lines[number]) and key:
            found = number
            break
    return f":{found + 1}"
