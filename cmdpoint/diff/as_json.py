"""A comparison of two Dockerfiles as JSON; `schema/diff-output.schema.json` is its schema."""

import json
from importlib.resources import files
from typing import Any

from cmdpoint.bases.sources import as_data
from cmdpoint.cli import image_format
from cmdpoint.diff.compare import Diff, UseChange
from cmdpoint.diff.sentence import sentence
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.interchange.outcome import observed_data
from cmdpoint.oracle.outcome import Outcome, Refusal


def schema() -> str:
    """The JSON Schema of the output."""
    return files("cmdpoint").joinpath("schema/diff-output.schema.json").read_text("utf-8")


def render(found: Diff, old: str, new: str) -> str:
    """The comparison as JSON.

    Args:
        found: The comparison.
        old: The name of the one file.
        new: The name of the other.
    """
    data = {
        "cmdpoint": "diff",
        "schema": 1,
        "dialect": str(found.dialect),
        "verified": found.dialect.verified,
        "old": old,
        "new": new,
        "verdict": found.verdict,
        "uses": [_use(change, found.dialect.engine) for change in found.uses],
        "unknown_bases": list(found.unknown),
        "unused_bases": list(found.unused),
        "bases": as_data(found.bases),
        "assumed": list(found.assumed),
        "image_format": image_format.as_data(found.lost),
    }
    return json.dumps(data, indent=2) + "\n"


def _use(change: UseChange, client: str) -> dict[str, Any]:
    return {
        "use": change.use.name,
        "text": notation.for_client(change.use.text, client),
        "verdict": change.verdict,
        "sentence": sentence(change),
        "before": _outcome(change.before),
        "after": _outcome(change.after),
        "needs": [{"name": each.name, "keys": list(each.keys)} for each in change.decision.needs],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    data = observed_data(outcome)
    if isinstance(outcome, Refusal):
        data["refusal"].pop("image", None)
        data["refusal"]["message"] = outcome.message
    return data
