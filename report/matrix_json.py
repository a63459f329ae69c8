"""The matrix as JSON, for tools; `schema/matrix.schema.json` tells machines what it is."""

import json
from importlib.resources import files
from typing import Any, Final

from oracle.case_json import case_data
from oracle.outcome_json import seen_data
from report.matrix import VERDICTS, Exhibit, Matrix, Row
from report.replay import Answer

SCHEMA: Final = 1
"""The number of the schema, which grows when a key comes to mean something else."""


def schema() -> str:
    """The JSON Schema of the matrix."""
    return files("report").joinpath("schema/matrix.schema.json").read_text("utf-8")


def render(matrix: Matrix) -> str:
    """The matrix as one JSON object, on lines of its own for each rule."""
    places = {
        name: {
            "verified": dialect.verified,
            "cases": matrix.cases[name],
            "wrong": matrix.wrong[name],
            "verdicts": {verdict: matrix.count(name, verdict) for verdict in VERDICTS},
            "harness_errors": list(matrix.errors.get(name, ())),
        }
        for name, dialect in matrix.places.items()
    }
    head = {"cmdpoint": "matrix", "schema": SCHEMA, "date": matrix.date, "places": places}
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
            place: {"verdict": cell.verdict, "cases": cell.cases, "wrong": cell.wrong}
            for place, cell in row.cells.items()
        },
        "apart": sorted(sorted(pair) for pair in row.apart),
        "exhibits": [_exhibit(exhibit) for exhibit in row.exhibits],
    }


def _exhibit(exhibit: Exhibit) -> dict[str, Any]:
    return {
        "case": case_data(exhibit.case),
        "cost": exhibit.cost,
        "own": exhibit.own,
        "apart": sorted(sorted(pair) for pair in exhibit.apart),
        "answers": [_answer(answer) for answer in exhibit.answers],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    wrong = {place: seen_data(expected) for place, expected in answer.wrong.items()}
    return {
        "places": list(answer.places),
        "seen": seen_data(answer.seen),
        **({"wrong": wrong} if wrong else {}),
    }
