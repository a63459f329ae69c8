"""The report of `cmdpoint characterise` as JSON; `schema/characterise-output.schema.json` is its schema."""

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from cmdpoint.characterise.inference import InferenceResult
from cmdpoint.characterise.parameters import Parameter
from cmdpoint.characterise.session import BuilderReport, EngineReport
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.interchange.case import case_data
from cmdpoint.oracle.interchange.outcome import observed_data


def schema() -> str:
    """The JSON Schema of the output."""
    return files("cmdpoint").joinpath("schema/characterise-output.schema.json").read_text("utf-8")


def render(report: EngineReport) -> str:
    """The report as JSON."""
    data = {
        "cmdpoint": "characterise",
        "schema": 1,
        "engine": report.name,
        "store": report.store,
        "runtime": report.runtime,
        "builders": [_builder(each) for each in report.builders],
        "skipped": list(report.skipped),
        "rows": report.rows,
    }
    return json.dumps(data, indent=2) + "\n"


def _builder(builder: BuilderReport) -> dict[str, Any]:
    result, start = builder.result, builder.start
    observed = dict(result.observations)
    return {
        "name": builder.name,
        "described": None if start is None else str(start),
        "nearest": str(result.nearest),
        "experiments": len(result.observations),
        "explained": result.agreeing[0],
        "explained_by_nearest": result.agreeing[1],
        "seconds": round(builder.seconds, 1),
        "changed": {
            name: {
                "before": None if start is None else getattr(start, name),
                "after": getattr(result.dialect, name),
            }
            for name in behaviours()
            if start is None or getattr(start, name) != getattr(result.dialect, name)
        },
        "undecided": [_values(result, *each) for each in result.undecided],
        "equivalent": [
            {**_values(result, parameter, values), "why": why} for parameter, values, why in result.equivalent
        ],
        "without_effect": list(map(str, result.without_effect)),
        "unexplained": [
            {
                "example": each.name,
                "rule": each.rule,
                "case": case_data(each.case),
                "observed": {level: observed_data(observed[each][level]) for level in each.levels},
            }
            for each in result.unexplained
        ],
    }


def _values(result: InferenceResult, parameter: Parameter, others: Sequence[Any]) -> dict[str, Any]:
    return {"parameter": str(parameter), "value": parameter.value(result.dialect), "others": list(others)}
