"""`cmdpoint characterise` brings back what was forgotten of a live engine."""

import tomllib
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from cmdpoint.characterise.known_values import of_place, traits
from cmdpoint.characterise.session import characterised
from cmdpoint.characterise.text import render
from cmdpoint.conformance.plugin import RUN
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.find import find
from cmdpoint.oracle import Dialect
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.data import dialect_data, version_number


def _newest(dialect: Dialect) -> set[str]:
    """The behaviours of the newest rows that hold in a dialect, of all its builders."""
    rows = [
        row
        for row in dialect_data()["row"]
        if row["engine"] == dialect.engine
        and version_number(row["since"]) <= version_number(dialect.version)
        and not row.get("store")
        and set(row) & set(behaviours())
        and "builder" not in row
    ]
    newest = max((row["since"] for row in rows), key=version_number)
    return {name for row in rows if row["since"] == newest for name in row if name in behaviours()}


def test_what_was_forgotten_is_found_again(request: pytest.FixtureRequest) -> None:
    """The newest rows, with another value that is known: the rows that are printed say what they say."""
    access = request.config.stash[RUN].engines[0]
    engine: Engine = find(access.connect_to).connect()
    # One builder is enough for a run, another each time.
    engine.builders = (Random(request.config.stash[RUN].seed).choice(access.builders),)
    forgotten: set[str] = set()

    def taken_for(builder: str) -> Dialect:
        full = of_place(engine.product, engine.version, builder, engine.runtime, engine.store)
        assert full is not None
        names = _newest(full)
        forgotten.update(names)
        for trait in traits(full.engine):
            if trait.behaviour in names:
                full = trait.put(full, next(value for value in trait.values if value != trait.of(full)))
        return full

    try:
        told = characterised(engine, Client(access.client), print, taken_for=taken_for)
    finally:
        engine.close()
    assert forgotten
    assert not any(builder.found.unexplained for builder in told.builders), render(told)
    rows: list[dict[str, Any]] = tomllib.loads(told.rows).get("row", [])
    for builder in told.builders:
        assert builder.start is not None
        mine = [row for row in rows if row.get("builder", builder.name) == builder.name]
        new = {name: value for row in mine for name, value in row.items() if name in behaviours()}
        values: dict[str, Any] = {
            name: tuple(each) if isinstance(each, list) else each for name, each in new.items()
        }
        assert set(values) <= forgotten
        full = of_place(engine.product, engine.version, builder.name, engine.runtime, engine.store)
        there = replace(builder.start, **values)
        open_ones = {trait.behaviour for trait, _ in builder.found.open} | {
            trait.behaviour for trait in builder.found.idle
        }
        assert {name for name in forgotten if getattr(there, name) != getattr(full, name)} <= open_ones
        assert values
