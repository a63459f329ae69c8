"""The matrix as JSON, for tools; `schema/matrix.schema.json` tells machines what it is."""

import json
from importlib.resources import files
from typing import Any, Final

from cmdpoint.observations.replay import ResultGroup
from cmdpoint.oracle.interchange.case import case_data
from cmdpoint.oracle.interchange.outcome import observed_data
from cmdpoint.report.matrix import VERDICTS, Example, Matrix, Row

SCHEMA: Final = 2
"""The number of the schema, which grows when a key comes to mean something else."""


def schema() -> str:
    """The JSON Schema of the matrix."""
    return files("cmdpoint.report").joinpath("schema/matrix.schema.json").read_text("utf-8")


def render(matrix: Matrix) -> str:
    """The matrix as one JSON object, on lines of its own for each rule."""
    targets = {
        name: {
            "verified": dialect.verified,
            "cases": matrix.cases[name],
            "diverging": matrix.wrong[name],
            "verdicts": {verdict: matrix.count(name, verdict) for verdict in VERDICTS},
            "harness_faults": list(matrix.errors.get(name, ())),
        }
        for name, dialect in matrix.targets.items()
    }
    head = {"cmdpoint": "matrix", "schema": SCHEMA, "date": matrix.date, "targets": targets}
    rules = ",\n".join(_line(_row(row)) for row in matrix.rows)
    return f'{_line(head)[:-1]},"rules":[\n{rules}\n]}}\n'


def _line(data: object) -> str:
    # As ASCII, which can hold what UTF-8 cannot: a lone surrogate.
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
            target: {"verdict": cell.verdict, "cases": cell.cases, "diverging": cell.wrong}
            for target, cell in row.cells.items()
        },
        "differing": sorted(sorted(pair) for pair in row.apart),
        "examples": [_exhibit(exhibit) for exhibit in row.exhibits],
    }


def _exhibit(exhibit: Example) -> dict[str, Any]:
    return {
        "case": case_data(exhibit.case),
        "level": exhibit.level,
        "from_spec": exhibit.own,
        "differing": sorted(sorted(pair) for pair in exhibit.apart),
        "results": [_answer(answer) for answer in exhibit.answers],
    }


def _answer(answer: ResultGroup) -> dict[str, Any]:
    predicted = {target: observed_data(expected) for target, expected in answer.wrong.items()}
    return {
        "targets": list(answer.targets),
        "observed": observed_data(answer.result),
        **({"predicted": predicted} if predicted else {}),
    }
