"""The JSON of `cmdpoint explain`; `schema/explain-output.schema.json` is its schema."""

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final

from cmdpoint.bases.sources import as_data
from cmdpoint.bases.symbols import symbols
from cmdpoint.cli import image_format
from cmdpoint.cli.assumptions import assumptions
from cmdpoint.cli.explanation import Explanation
from cmdpoint.command_lines.pasted import ExecLine
from cmdpoint.findings.finding import Finding
from cmdpoint.findings.severity import severity_of
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.explain.steps import origins
from cmdpoint.oracle.outcome import Outcome, Prediction, Process, Step
from cmdpoint.oracle.predict import has_context
from cmdpoint.spec.titles import titles

HEAD: Final = {"cmdpoint": "explain", "schema": 1}


def schema() -> str:
    """The JSON Schema of the output."""
    return files("cmdpoint").joinpath("schema/explain-output.schema.json").read_text("utf-8")


def render(explained: Explanation, executed: ExecLine | None = None) -> str:
    """An explanation as JSON.

    Args:
        explained: The explanation.
        executed: The pasted `exec`, if it was one; the explanation is about process 1 then.
    """
    answer = explained.answer
    known = symbols(answer.bases.unknown)
    verdict = "runs" if isinstance(answer.prediction.outcome, Process) else "refused"
    data: dict[str, Any] = {
        **HEAD,
        "dialect": str(explained.dialect),
        "verified": explained.dialect.verified,
        "verdict": "unknown" if answer.needs else verdict,
        "certain": answer.holds and not any(each.date for each in explained.found.values()),
        **_outcome(answer.prediction, known.keys()),
        "needs": [{"name": each.name, "keys": list(each.keys)} for each in answer.needs],
        "findings": [_finding(each) for each in explained.findings],
        "elsewhere": [
            {
                "ranges": each.ranges,
                "dialects": list(map(str, each.dialects)),
                **_outcome(each.prediction, known.keys()),
            }
            for each in explained.elsewhere
        ],
        "bases": as_data(explained.found),
        "likely": None
        if explained.likely is None
        else {**_outcome(explained.likely.prediction, ()), "bases": as_data(explained.likely_found)},
        "unused_bases": list(answer.unused),
        **_assumed(explained),
    }
    if executed is not None:
        words = list(executed.words)
        data["exec"] = {"client": executed.client, "container": executed.container, "argv": words}
    if explained.layout.steps:
        data["steps"] = [_step(each) for each in answer.prediction.steps]
    return json.dumps(data, indent=2) + "\n"


def _assumed(explained: Explanation) -> dict[str, Any]:
    """What is assumed about the format of images, and about files if the build context is given."""
    known = symbols(explained.answer.bases.unknown).keys()
    always = {
        "image_format": image_format.as_data(explained.lost),
        "releases": [
            {"front_end": each.name, "range": each.range, **_outcome(each.prediction, known)}
            for each in explained.releases
        ],
    }
    is_given = has_context(explained.case) or explained.layout.unknown_context
    return always | ({"assumed": list(assumptions(explained))} if is_given else {})


def _outcome(prediction: Prediction, known: Any) -> dict[str, Any]:
    outcome: Outcome = prediction.outcome
    if isinstance(outcome, Process):
        pairs = zip(outcome.argv, origins(prediction, outcome.argv), strict=True)
        words = [{"word": word, "origin": origin, "stands_for_base": word in known} for word, origin in pairs]
        return {"argv": words, "refusal": None}
    refusal = {"phase": outcome.phase, "kind": outcome.kind, "message": outcome.message, "line": outcome.line}
    return {"argv": None, "refusal": refusal}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "line": finding.shown_line,
        "column": None if finding.line is None else finding.column,
        "rule": finding.rule,
        "title": titles().get(finding.rule, ""),
        "severity": severity_of(finding.weight),
        "message": finding.message,
        "fix": None if finding.fix is None else finding.fix.text,
        "advice": finding.advice or None,
    }


def _step(step: Step) -> dict[str, Any]:
    values = {key: _value(value) for key, value in (("before", step.before), ("after", step.after))}
    where = {"phase": step.phase, "image": step.image, "line": step.line}
    return {"rule": step.rule, "field": step.field, **values, **where, "note": step.note}


def _value(value: object) -> object:
    """A value of a step: words as a list, texts and numbers as they are, all else as text."""
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, Sequence):
        return [each if isinstance(each, str) else str(each) for each in value]
    return notation.value_text(value)


def invalid(dialect: object, reason: str, remedy: str) -> str:
    """The JSON for a command line that its client refuses because of the image's name."""
    refusal = {"phase": "client", "kind": "invalid-reference", "message": reason, "line": None}
    finding = _finding(Finding(weight=0, rule="CLI-1", message=reason, advice=remedy))
    data = {
        **HEAD,
        "dialect": str(dialect),
        "verified": True,
        "verdict": "refused",
        "certain": True,
        "argv": None,
        "refusal": refusal,
        "needs": [],
        "findings": [finding],
        "elsewhere": [],
        "bases": [],
        "likely": None,
        "unused_bases": [],
        "image_format": None,
        "releases": [],
    }
    return json.dumps(data, indent=2) + "\n"
