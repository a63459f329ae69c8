"""The dialects that differ from one another, as far as the data file knows: by engine, and by runtime."""

from cmdpoint.oracle.dialect.dialect import Dialect, dialect_data, version_number


def described() -> tuple[Dialect, ...]:
    """Every builder of every engine at each version from which on it behaves otherwise, and at the newest.

    Returns:
        The dialects, by engine, builder and store, the oldest version first.
    """
    dialects: list[Dialect] = []
    for engine, known in dialect_data()["engine"].items():
        rows = [row for row in dialect_data()["row"] if row["engine"] == engine]
        for builder in known["builders"]:
            mine = [row for row in rows if row.get("builder", builder) == builder]
            for store in ("", *known["stores"]):
                # With another store than its own, an engine is told of where that makes a difference.
                versions = {row["since"] for row in mine if row.get("store", "") == store}
                dialects += (
                    Dialect.of(engine, version, builder, store=store)
                    for version in sorted(versions | {known["newest_verified"]}, key=version_number)
                )
    return tuple(dialects)


def runtimes() -> tuple[Dialect, ...]:
    """The newest engine with each runtime, at each version from which on that behaves otherwise."""
    newest = Dialect.newest()
    return tuple(
        Dialect.of(newest.engine, newest.version, newest.builder, f"{row['name']}-{row['since']}")
        for row in dialect_data()["runtime"]
    )
