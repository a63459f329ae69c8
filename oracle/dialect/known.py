"""The dialects that differ, as far as the data file describes them: by engine, and by runtime."""

from functools import cache

from cmdpoint.oracle.dialect.data import dialect_data, version_number
from cmdpoint.oracle.dialect.dialect import Dialect


def known_dialects() -> tuple[Dialect, ...]:
    """Every builder of every engine, at each version that changed something and at the newest verified one.

    Returns:
        The dialects by engine, builder and store, the oldest version first.
    """
    return _known()


@cache
def _known() -> tuple[Dialect, ...]:
    dialects: list[Dialect] = []
    for engine, described in dialect_data()["engine"].items():
        rows = [row for row in dialect_data()["row"] if row["engine"] == engine]
        for builder in described["builders"]:
            own = [row for row in rows if row.get("builder", builder) == builder]
            for store in ("", *described["stores"]):
                # Only rows of its own make an image store differ from the engine's own store.
                versions = {row["since"] for row in own if row.get("store", "") == store}
                dialects += (
                    Dialect.of(engine, version, builder, store=store)
                    for version in sorted(versions | {described["verified"][-1]}, key=version_number)
                )
    return tuple(dialects)


def runtime_dialects() -> tuple[Dialect, ...]:
    """The newest Docker Engine with each runtime, at each version of it that changed something."""
    newest = Dialect.newest()
    return tuple(
        Dialect.of(newest.engine, newest.version, newest.builder, f"{row['name']}-{row['since']}")
        for row in dialect_data()["runtime"]
    )
