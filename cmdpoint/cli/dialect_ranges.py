"""Describe a set of dialects as ranges of versions: "Docker before 27.1; all of Podman"."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Final

from cmdpoint.oracle.dialect.data import version_number
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects

OLDEST_SUPPORTED: Final = {"docker": "20.10.24", "podman": "3.4.4"}
"""The oldest versions in a release of a distribution that still gets fixes: Debian 12 has Docker 20.10.24,
and Ubuntu 22.04 has Podman 3.4.4.
"""


@cache
def usual_dialects() -> tuple[Dialect, ...]:
    """The dialects that people still run: supported versions with the default builder and store."""
    chosen: list[Dialect] = []
    for engine, members in groupby(known_dialects(), key=lambda each: each.engine):
        usual = sorted(
            (each for each in members if not each.store and each.builder == _default_builder(each)),
            key=lambda each: version_number(each.version),
        )
        oldest = version_number(OLDEST_SUPPORTED[engine])
        # Each stands for the versions up to the next.
        ends = [version_number(each.version) for each in usual[1:]]
        chosen += [
            each for each, end in zip(usual, [*ends, None], strict=True) if end is None or end > oldest
        ]
    return tuple(chosen)


def _default_builder(dialect: Dialect) -> str:
    return Dialect.from_name(f"{dialect.engine}-{dialect.version}").builder


def ranges(chosen: Iterable[Dialect], among: Sequence[Dialect]) -> str:
    """Describe dialects.

    Args:
        chosen: Some of `among`. Each stands for the versions up to the next.
        among: All dialects that are considered, by engine.
    """
    names = set(map(str, chosen))
    texts = []
    for engine, members in groupby(among, key=lambda each: each.engine):
        rows: dict[str, list[Dialect]] = {}
        for dialect in members:
            rows.setdefault(dialect.builder, []).append(dialect)
        everything = [dialect for row in rows.values() for dialect in row]
        if len({dialect.version for dialect in everything}) == len(everything):
            everything.sort(key=lambda each: version_number(each.version))
            rows = {"": everything}
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
