"""The error for a name that is not the name of a dialect, with the nearest names."""

from difflib import get_close_matches
from typing import Final, Self

from cmdpoint.oracle.dialect.data import dialect_data, newest_version, version_number
from cmdpoint.oracle.dialect.names import read_name

REMEDY: Final = "write ENGINE-VERSION, or ENGINE-VERSION+STORE/BUILDER; `cmdpoint dialect` lists them"
"""What to do about any of these errors."""


class UnknownDialect(ValueError):
    """No dialect has that name.

    Attributes:
        what: What is wrong.
        nearest: The nearest names of dialects, the best first.
    """

    def __init__(self, what: str, nearest: tuple[str, ...]) -> None:
        super().__init__(what)
        self.what = what
        self.nearest = nearest

    def __str__(self) -> str:
        return f"{self.what}\nnearest: {', '.join(self.nearest)}\n{REMEDY}"

    @classmethod
    def name(cls, name: str) -> Self:
        """The name is not of the right form, or names an engine that does not exist."""
        engines = dialect_data()["engine"]
        read = read_name(name)
        near = get_close_matches(read.engine, engines, 1) if read else []
        if read and near:
            nearest = [f"{near[0]}-{newest_version(near[0], read.version)}"]
        else:
            nearest = get_close_matches(name.lower(), _names(), 2, 0.4) or list(map(_newest, engines))
        return cls(f"there is no dialect {name!r}", tuple(nearest))

    @classmethod
    def engine(cls, engine: str) -> Self:
        """There is no such engine."""
        return cls(f"there is no engine {engine!r}", tuple(map(_newest, dialect_data()["engine"])))

    @classmethod
    def version(cls, engine: str, version: str) -> Self:
        """The version is older than every row."""
        oldest = min(
            (row["since"] for row in dialect_data()["row"] if row["engine"] == engine), key=version_number
        )
        what = f"{engine}-{version} is not described: the oldest version is {oldest}"
        return cls(what, (f"{engine}-{oldest}", _newest(engine)))

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
        since = f": it has it since {stores[store]}" if store in stores else ""
        newest = (f"{_newest(engine)}+{store}",) if store in stores else ()
        what = f"{engine}-{version} has no image store {store!r}{since}"
        return cls(what, (f"{engine}-{version}", *newest))

    @classmethod
    def runtime(cls, runtime: str) -> Self:
        """No row describes such a runtime."""
        names = [f"{row['name']}-{row['since']}" for row in dialect_data()["runtime"]]
        near = get_close_matches(runtime, names, 3, 0)
        return cls(f"the runtime {runtime!r} is not described", tuple(near))


def _newest(engine: str) -> str:
    return f"{engine}-{newest_version(engine, '')}"


def _names() -> list[str]:
    """Names of dialects, the newest versions first: engines alone and with each builder."""
    names: list[str] = []
    for engine, described in dialect_data()["engine"].items():
        rows = {row["since"] for row in dialect_data()["row"] if row["engine"] == engine}
        for version in sorted(rows | {described["verified"][-1]}, key=version_number, reverse=True):
            names.append(f"{engine}-{version}")
            names += (f"{engine}-{version}/{builder}" for builder in described["builders"])
    return names
