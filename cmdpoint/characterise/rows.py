"""The inferred behaviours of an engine, as rows to add to `dialects.toml`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.data import dialect_data
from cmdpoint.oracle.dialect.dialect import Dialect

WIDTH: Final = 110
"""The maximum length of a line of a list."""


@dataclass(frozen=True, slots=True)
class InferredBuilder:
    """A builder of the engine, with its described and its inferred dialect.

    Attributes:
        name: The builder.
        before: Its dialect in the data file; None if it has no row.
        after: Its inferred dialect.
    """

    name: str
    before: Dialect | None
    after: Dialect

    def new(self, names: Sequence[str]) -> dict[str, Any]:
        """The values of some behaviours that differ from the data file."""
        return {
            name: value
            for name in names
            for value in [getattr(self.after, name)]
            if self.before is None or getattr(self.before, name) != value
        }


def rows(engine: str, version: str, store: str, runtime: str, builders: Sequence[InferredBuilder]) -> str:
    """The rows to add.

    If every builder of the engine was characterised, the values that are common to all are in one row.

    Args:
        engine: `docker` or `podman`.
        version: The version of the engine.
        store: The image store; empty for the engine's own.
        runtime: The runtime with its version.
        builders: The builders that were characterised.

    Returns:
        The rows as TOML, for the position after older and before newer versions; empty if the data file
        describes the engine already.
    """
    of_runtimes = {key for row in dialect_data()["runtime"] for key in row} & set(behaviours())
    own = [name for name in behaviours() if name not in of_runtimes and name != "start_codes"]
    new = {each.name: each.new(own) for each in builders}
    known = dialect_data()["engine"].get(engine, {}).get("builders", list(new))
    first = next(iter(new.values()), {})
    common = {
        name: value
        for name, value in first.items()
        if set(new) == set(known) and all(name in each and each[name] == value for each in new.values())
    }
    head = {"engine": engine, "since": version} | ({"store": store} if store else {})
    found = [("row", head, common)]
    for builder, values in new.items():
        own_values = {name: value for name, value in values.items() if name not in common}
        found.append(("row", head | {"builder": builder}, own_values))
    found.append(("runtime", *_of_runtime(runtime, builders, [n for n in behaviours() if n in of_runtimes])))
    blocks = [_block(kind, head, values) for kind, head, values in found if values]
    return "\n\n".join([*blocks, *_start(engine, runtime, builders, is_there=bool(found[-1][2]))])


def _of_runtime(
    runtime: str, builders: Sequence[InferredBuilder], names: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The new values of the runtime, from the first builder: a runtime does not depend on the builder."""
    kind, _, version = runtime.partition("-")
    return {"name": kind, "since": version}, builders[0].new(names) if builders else {}


def _start(
    engine: str, runtime: str, builders: Sequence[InferredBuilder], *, is_there: bool
) -> Iterator[str]:
    """The table of codes for a failed start, below the row of the runtime, if the codes are new."""
    if builders and "start_codes" in builders[0].new(["start_codes"]):
        kind, _, version = runtime.partition("-")
        codes: Mapping[str, tuple[int, ...]] = builders[0].after.start_codes
        shared = len(_refused_start(builders[0].after))
        lines = [] if is_there else [_block("runtime", {"name": kind, "since": version}, {}), ""]
        lines.append(f"[runtime.{engine}_start]")
        yield "\n".join([*lines, *(f"{why} = {list(numbers[shared:])}" for why, numbers in codes.items())])


def _refused_start(dialect: Dialect) -> list[int]:
    """The codes that an engine has for every failed start, which the rows of runtimes leave out."""
    known = [
        row["refused_start"]
        for row in dialect_data()["row"]
        if "refused_start" in row and row["engine"] == dialect.engine
    ]
    return known[-1] if known else []


def _block(kind: str, head: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    return "\n".join(
        [f"[[{kind}]]", *chain.from_iterable(_lines(*each) for each in {**head, **values}.items())]
    )


def _lines(name: str, value: Any) -> Iterator[str]:
    text = _toml(value)
    if len(name) + len(text) + 3 <= WIDTH:
        yield f"{name} = {text}"
        return
    yield f"{name} = ["
    line = "   "
    for word in map(_toml, value):
        if len(line) + len(word) + 2 > WIDTH:
            yield line
            line = "   "
        line += f" {word},"
    yield line
    yield "]"


def _toml(value: Any) -> str:
    return f"[{', '.join(map(_toml, value))}]" if isinstance(value, (tuple, list)) else json.dumps(value)
