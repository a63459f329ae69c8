"""Dialects as JSON, which `schema/dialect-output.schema.json` describes."""

import json
from importlib.resources import files
from typing import Any

from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.changes import changes, decision
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects


def schema() -> str:
    """The JSON Schema of what the functions of this module return."""
    return files("cmdpoint").joinpath("schema/dialect-output.schema.json").read_text("utf-8")


def dialect_list() -> str:
    """The dialects that the data file describes."""
    return _text({"dialects": [_dialect(each) for each in known_dialects()]})


def one_dialect(dialect: Dialect) -> str:
    """Every behaviour of a dialect, with the row of the data file that decided its value."""
    entries = {}
    for name, behaviour in behaviours().items():
        row = decision(dialect, name)
        entries[name] = {
            "value": getattr(dialect, name),
            "meaning": behaviour.meaning,
            "rules": behaviour.rules,
            "decided_by": {"target": row.target, "since": row.since, "source": row.source},
        }
    return _text({"dialect": _dialect(dialect), "behaviours": entries})


def difference(before: Dialect, after: Dialect) -> str:
    """The behaviours in which two dialects differ."""
    entries = {
        change.name: {
            "before": change.before,
            "after": change.after,
            "meaning": behaviours()[change.name].meaning,
            "rules": behaviours()[change.name].rules,
            "versions": [{"version": each.version, "source": each.source} for each in change.versions],
        }
        for change in changes(before, after)
    }
    return _text({"from": _dialect(before), "to": _dialect(after), "behaviours": entries})


def _dialect(dialect: Dialect) -> dict[str, Any]:
    names = ("engine", "version", "store", "builder", "runtime", "verified")
    return {"name": str(dialect), **{name: getattr(dialect, name) for name in names}}


def _text(data: dict[str, Any]) -> str:
    return json.dumps({"cmdpoint": "dialect", "schema": 1, **data}, indent=2) + "\n"
