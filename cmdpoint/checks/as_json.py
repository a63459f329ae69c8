"""Problems as JSON; `schema/check-output.schema.json` is its schema."""

import json
from importlib.resources import files
from typing import Any

from cmdpoint.bases.sources import as_data
from cmdpoint.checks.problem import Problem
from cmdpoint.checks.report import CheckReport
from cmdpoint.cli import image_format
from cmdpoint.spec.titles import titles


def schema() -> str:
    """The JSON Schema of the output."""
    return files("cmdpoint").joinpath("schema/check-output.schema.json").read_text("utf-8")


def render(report: CheckReport) -> str:
    """The report as JSON."""
    data = {
        "cmdpoint": "check",
        "schema": 1,
        "dialects": list(map(str, report.dialects)),
        "files": len(report.files),
        "problems": [_problem(each) for each in report.problems],
        "ignored": [
            {**_problem(each.problem), "reason": each.reason, "by": each.by} for each in report.ignored
        ],
        "unknown": [
            {
                "file": file.name,
                "needs": [{"name": each.name, "keys": list(each.keys)} for each in file.needs],
            }
            for file in report.unknown
        ],
        "skipped": [{"file": each.path, "reason": each.reason} for each in report.skipped],
        "not_covered": [{"file": file.name, "reason": file.not_covered} for file in report.not_covered],
        "assumed": report.assumed,
        "image_format": [
            {"file": file.name, **(image_format.as_data(file.lost) or {})}
            for file in report.files
            if file.lost
        ],
        "bases": as_data(report.bases),
        "faults": [{"what": each.what, "why": each.why, "do": each.remedy} for each in report.faults],
    }
    return json.dumps(data, indent=2) + "\n"


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "rule": problem.rule,
        "title": titles().get(problem.rule),
        "severity": problem.severity,
        "message": problem.message,
        "fix": None
        if problem.fix is None
        else {
            "text": problem.fix.text,
            "first_line": problem.fix.first,
            "last_line": problem.fix.last,
        },
        "advice": problem.advice or None,
        "only": list(problem.dialects),
    }
