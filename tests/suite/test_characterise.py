"""`cmdpoint characterise` finds the rows of a live engine again after they were changed."""

import tomllib
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import pytest

from cmdpoint.characterise.inference import Inference
from cmdpoint.characterise.parameters import described_dialect, parameters
from cmdpoint.characterise.session import characterise_engine
from cmdpoint.characterise.text import render
from cmdpoint.conformance.plugin import RUN
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.find import find
from cmdpoint.oracle import Dialect
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.data import dialect_data, version_number


def _newest(dialect: Dialect) -> set[str]:
    """The behaviours in the newest rows that apply to a dialect and to all builders of its engine."""
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


def _with_others(dialect: Dialect, names: set[str]) -> Dialect:
    """A dialect with another value of each of some behaviours."""
    for parameter in parameters(dialect.engine):
        if parameter.behaviour in names:
            others = (value for value in parameter.values if value != parameter.value(dialect))
            dialect = parameter.with_value(dialect, next(others))
    return dialect


def _values(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The values of behaviours in rows."""
    new = {name: value for row in rows for name, value in row.items() if name in behaviours()}
    return {name: tuple(each) if isinstance(each, list) else each for name, each in new.items()}


@pytest.mark.long
def test_changed_rows_are_found_again(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search begins with wrong values for the newest rows; the rows that it prints correct them.

    It runs only the experiments that decide a value: `tests/conformance/test_spec.py` compares every example.
    """
    monkeypatch.setattr(Inference, "_one_of_each_rule", lambda _inference, _chosen: [])
    access = request.config.stash[RUN].engines[0]
    engine: Engine = find(access.connect_to).connect()
    # One builder is enough for a run; the seed decides which.
    engine.builders = (Random(request.config.stash[RUN].seed).choice(access.builders),)
    changed: set[str] = set()

    def start_of(builder: str) -> Dialect:
        full = described_dialect(engine.product, engine.version, builder, engine.runtime, engine.store)
        assert full is not None
        changed.update(_newest(full))
        return _with_others(full, changed)

    try:
        report = characterise_engine(engine, Client(access.client), print, start_of=start_of)
    finally:
        engine.close()
    assert changed
    assert not any(builder.result.unexplained for builder in report.builders), render(report)
    rows: list[dict[str, Any]] = tomllib.loads(report.rows).get("row", [])
    for builder in report.builders:
        assert builder.start is not None
        values = _values([row for row in rows if row.get("builder", builder.name) == builder.name])
        assert set(values) <= changed
        full = described_dialect(engine.product, engine.version, builder.name, engine.runtime, engine.store)
        there = builder.start.with_values(values)
        undecided = {parameter.behaviour for parameter, _ in builder.result.undecided}
        undecided |= {parameter.behaviour for parameter in builder.result.without_effect}
        assert {name for name in changed if getattr(there, name) != getattr(full, name)} <= undecided
        assert values
