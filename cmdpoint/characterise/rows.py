"""What was found out of an engine, as the rows to add to the data file: TOML."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.data import dialect_data
from cmdpoint.oracle.dialect.dialect import Dialect

WIDTH: Final = 110
"""How long a line of a list may be."""


@dataclass(frozen=True, slots=True)
class Target:
    """A builder of the engine, with what is to be described.

    Attributes:
        builder: Its name.
        before: What the data file says of it; None where it has no row for it.
        after: What was found.
    """

    builder: str
    before: Dialect | None
    after: Dialect

    def new(self, names: Sequence[str]) -> dict[str, Any]:
        """The values of behaviours that the data file does not have."""
        return {
            name: value
            for name in names
            for value in [getattr(self.after, name)]
            if self.before is None or getattr(self.before, name) != value
        }


def rows(engine: str, version: str, store: str, runtime: str, targets: Sequence[Target]) -> str:
    """The rows.

    What all builders that were asked have in common is in a row for all, if they are all that there are.

    Args:
        engine: `docker` or `podman`.
        version: As the engine reports it.
        store: The image store; empty for the usual one.
        runtime: What starts the containers, with its version.
        targets: The builders that were asked.

    Returns:
        TOML, to be put behind the rows of older versions and before those of newer ones; nothing where the
        data file says all of it.
    """
    of_runtimes = {key for row in dialect_data()["runtime"] for key in row} & set(behaviours())
    own = [name for name in behaviours() if name not in of_runtimes and name != "start_codes"]
    new = {target.builder: target.new(own) for target in targets}
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
        apart = {name: value for name, value in values.items() if name not in common}
        found.append(("row", head | {"builder": builder}, apart))
    found.append(("runtime", *_of_runtime(runtime, targets, [n for n in behaviours() if n in of_runtimes])))
    blocks = [_block(kind, head, values) for kind, head, values in found if values]
    return "\n\n".join([*blocks, *_start(engine, runtime, targets, is_there=bool(found[-1][2]))])


def _of_runtime(
    runtime: str, targets: Sequence[Target], names: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is new of a runtime. The first builder says it: the containers are the same."""
    kind, _, version = runtime.partition("-")
    return {"name": kind, "since": version}, targets[0].new(names) if targets else {}


def _start(engine: str, runtime: str, targets: Sequence[Target], *, is_there: bool) -> Iterator[str]:
    """What a runtime is refused a start with, as far as it is new: a table of its own, behind its row."""
    if targets and "start_codes" in targets[0].new(["start_codes"]):
        kind, _, version = runtime.partition("-")
        codes: Mapping[str, tuple[int, ...]] = targets[0].after.start_codes
        shared = len(_refused_start(targets[0].after))
        lines = [] if is_there else [_block("runtime", {"name": kind, "since": version}, {}), ""]
        lines.append(f"[runtime.{engine}_start]")
        yield "\n".join([*lines, *(f"{why} = {list(numbers[shared:])}" for why, numbers in codes.items())])


def _refused_start(dialect: Dialect) -> list[int]:
    """The numbers that an engine has for every start that is refused; a runtime's rows leave them out."""
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
