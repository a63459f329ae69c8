"""The matrix as JSON; `schema/matrix.schema.json` describes it."""

import json
from importlib.resources import files
from typing import Any, Final

from cmdpoint.observations.replay import ResultGroup
from cmdpoint.oracle.interchange.case import case_data
from cmdpoint.oracle.interchange.outcome import observed_data
from cmdpoint.report.matrix import VERDICTS, DivergentCase, Example, Matrix, Row
from cmdpoint.report.suspects import Suspicion

SCHEMA: Final = 2
"""The number of the schema, which increases when the meaning of a key changes."""


def schema() -> str:
    """The JSON Schema of the matrix."""
    return files("cmdpoint.report").joinpath("schema/matrix.schema.json").read_text("utf-8")


def render(matrix: Matrix) -> str:
    """The matrix as one JSON object, with one line for each rule."""
    targets = {
        name: {
            "verified": dialect.verified,
            "cases": matrix.cases[name],
            "diverging": matrix.diverging[name],
            "verdicts": {verdict: matrix.count(name, verdict) for verdict in VERDICTS},
            "harness_faults": list(matrix.errors.get(name, ())),
        }
        for name, dialect in matrix.targets.items()
    }
    head: dict[str, Any] = {"cmdpoint": "matrix", "schema": SCHEMA, "date": matrix.date, "targets": targets}
    if matrix.suspicions:
        head["suspicions"] = [_suspicion(suspicion) for suspicion in matrix.suspicions]
    rules = ",\n".join(_line(_row(row)) for row in matrix.rows)
    return f'{_line(head)[:-1]},"rules":[\n{rules}\n]}}\n'


def _line(data: object) -> str:
    # ASCII with escapes, because UTF-8 cannot encode a lone surrogate.
    return json.dumps(data, separators=(",", ":"))


def _row(row: Row) -> dict[str, Any]:
    rule = row.rule
    return {
        "id": rule.id,
        "title": rule.title,
        "chapter": rule.chapter,
        "line": rule.line,
        "statement": rule.statement,
        "sources": rule.sources,
        "cells": {
            target: {"verdict": cell.verdict, "cases": cell.cases, "diverging": cell.diverging}
            for target, cell in row.cells.items()
        },
        "differing": sorted(sorted(pair) for pair in row.differing),
        "examples": [_example(example) for example in row.examples],
    }


def _suspicion(suspicion: Suspicion[DivergentCase]) -> dict[str, Any]:
    return {
        "rules": list(suspicion.rules),
        "targets": suspicion.targets,
        "diverging": len(suspicion.divergent),
        "agreeing": suspicion.agreeing,
        "diverging_examples": suspicion.diverging_examples,
        "agreeing_examples": suspicion.agreeing_examples,
        "smallest": _example(suspicion.divergent[0].example),
    }


def _example(example: Example) -> dict[str, Any]:
    return {
        "case": case_data(example.case),
        "level": example.level,
        "from_spec": example.from_spec,
        "differing": sorted(sorted(pair) for pair in example.differing),
        "results": [_result_group(group) for group in example.results],
    }


def _result_group(group: ResultGroup) -> dict[str, Any]:
    predicted = {target: observed_data(expected) for target, expected in group.diverging.items()}
    return {
        "targets": list(group.targets),
        "observed": observed_data(group.result),
        **({"predicted": predicted} if predicted else {}),
    }
