"""The error for a name that is not the name of a dialect, with the nearest names."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Final, Self

from cmdpoint.oracle.dialect.data import dialect_data, newest_version, version_number

REMEDY: Final = "write ENGINE-VERSION, or ENGINE-VERSION+STORE/BUILDER; `cmdpoint dialect` lists them"
"""What to do about any of these errors."""


class UnknownDialect(ValueError):
    """No dialect has that name.

    Attributes:
        what: What is wrong.
        nearest: The nearest names of dialects, the best first; if none is near, the newest of each engine.
        is_near: Whether these are near.
    """

    def __init__(self, what: str, nearest: Iterable[str], *, is_near: bool = True) -> None:
        super().__init__(what)
        self.what = what
        self.nearest = tuple(nearest)
        self.is_near = is_near

    def __str__(self) -> str:
        return f"{self.what}\n{'nearest' if self.is_near else 'such as'}: {', '.join(self.nearest)}\n{REMEDY}"

    @classmethod
    def name(cls, name: str) -> Self:
        """The name is not of the right form, or names an engine that does not exist."""
        return cls._of(f"there is no dialect {name!r}", name)

    @classmethod
    def engine(cls, engine: str) -> Self:
        """There is no such engine."""
        return cls._of(f"there is no engine {engine!r}", engine)

    @classmethod
    def _of(cls, what: str, name: str) -> Self:
        near = _near(name.lower())
        return cls(what, near or map(_newest, dialect_data()["engine"]), is_near=bool(near))

    @classmethod
    def version(cls, engine: str, version: str) -> Self:
        """The version is older than every row."""
        oldest = min(
            (row["since"] for row in dialect_data()["row"] if row["engine"] == engine), key=version_number
        )
        what = f"{engine}-{version} is not described: the oldest version is {oldest}"
        return cls(what, (f"{engine}-{oldest}",))

    @classmethod
    def builder(cls, engine: str, version: str, builder: str) -> Self:
        """The engine does not have such a builder."""
        builders = dialect_data()["engine"][engine]["builders"]
        near = get_close_matches(builder, builders, len(builders), 0)
        return cls(
            f"{engine} has no builder {builder!r}", tuple(f"{engine}-{version}/{each}" for each in near)
        )

    @classmethod
    def store(cls, engine: str, version: str, store: str) -> Self:
        """The engine does not have such an image store, or not yet."""
        stores = dialect_data()["engine"][engine]["stores"]
        near = tuple(f"{engine}-{version}+{each}" for each in get_close_matches(store, stores, 1))
        since = f": it has it since {stores[store]}" if store in stores else ""
        newest = (f"{_newest(engine)}+{store}",) if store in stores else ()
        what = f"{engine}-{version} has no image store {store!r}{since}"
        without = f"{engine}-{version}"
        return cls(what, (without, *newest) if newest else near or (without,))

    @classmethod
    def runtime(cls, runtime: str) -> Self:
        """No row describes such a runtime."""
        names = [f"{row['name']}-{row['since']}" for row in dialect_data()["runtime"]]
        near = get_close_matches(runtime, names, 3, 0.4)
        return cls(f"the runtime {runtime!r} is not described", near or names[:3], is_near=bool(near))


def _newest(engine: str) -> str:
    return f"{engine}-{newest_version(engine, '')}"


def _near(name: str) -> list[str]:
    """The names of dialects that are near a name: with its engine, its builder, or its version."""
    engines: dict[str, dict[str, Any]] = dialect_data()["engine"]
    word = re.match("[a-z]*", name)
    number = re.search(r"\d+(?:\.\d+)*", name)
    letters, version = word[0] if word else "", number[0] if number else ""
    if near := get_close_matches(letters, engines, 1):
        return [f"{near[0]}-{newest_version(near[0], version)}"]
    for engine, described in engines.items():
        if near := get_close_matches(letters, described["builders"], 1):
            return [f"{_newest(engine)}/{near[0]}"]
    described_versions = {engine: newest_version(engine, version) for engine in engines if version}
    return [f"{engine}-{newest}" for engine, newest in described_versions.items() if newest != version]
