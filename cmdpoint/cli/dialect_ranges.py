"""Describe a set of dialects as ranges of versions: "Docker before 27.1; all of Podman"."""

from collections.abc import Iterable
from itertools import groupby

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects


def ranges(chosen: Iterable[Dialect]) -> str:
    """Describe dialects.

    Args:
        chosen: Some of `known_dialects` with the engine's own store. Each stands for the
            versions up to the next.
    """
    names = set(map(str, chosen))
    texts = []
    for engine, members in groupby(known_dialects(), key=lambda each: each.engine):
        rows: dict[str, list[Dialect]] = {}
        for dialect in members:
            if not dialect.store:
                rows.setdefault(dialect.builder, []).append(dialect)
        by_row = {row: _range(row_members, names) for row, row_members in rows.items()}
        title = engine.capitalize()
        found = {text for text in by_row.values() if text}
        if len(found) == 1 and all(by_row.values()):
            texts.append(_phrase(title, found.pop()))
        else:
            texts += [f"{_phrase(title, text)} ({row})" for row, text in by_row.items() if text]
    return "; ".join(texts)


def _phrase(title: str, text: str) -> str:
    return f"all of {title}" if text == "all" else f"{title} {text}"


def _range(members: list[Dialect], names: set[str]) -> str:
    """The versions of one builder that are in the set: such as `before 27.1`, or `all`; empty for none."""
    parts = []
    runs = [(inside, list(run)) for inside, run in groupby(members, key=lambda each: str(each) in names)]
    for at, (inside, run) in enumerate(runs):
        if not inside:
            continue
        first = "" if at == 0 else run[0].version
        end = "" if at == len(runs) - 1 else runs[at + 1][1][0].version
        match first, end:
            case "", "":
                return "all"
            case "", _:
                parts.append(f"before {end}")
            case _, "":
                parts.append(f"{first} and newer")
            case _:
                parts.append(f"{first} to before {end}")
    return " and ".join(parts)
