"""Problems as SARIF 2.1.0, which code scanners read.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

import json
from importlib import metadata
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from cmdpoint.checks.problem import Ignored, Problem, Replacement
from cmdpoint.checks.report import CheckReport
from cmdpoint.spec.titles import titles

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_KINDS: Final = {"comment": "inSource", "settings": "external"}


def render(report: CheckReport) -> str:
    """The report as SARIF."""
    results: list[tuple[Problem, Ignored | None]] = [(problem, None) for problem in report.problems]
    results += [(each.problem, each) for each in report.ignored]
    rules = list(dict.fromkeys(problem.rule for problem, _ in results))
    driver: dict[str, Any] = {"name": "cmdpoint", "rules": [_rule(rule) for rule in rules]}
    if version := _version():
        driver["version"] = version
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.faults,
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": f"{fault.what}: {fault.why}"}}
                    for fault in report.faults
                ],
            }
        ],
        "results": [_result(problem, ignored, rules) for problem, ignored in results],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _version() -> str | None:
    try:
        return metadata.version("cmdpoint")
    except metadata.PackageNotFoundError:
        return None


def _rule(rule: str) -> dict[str, Any]:
    title = titles().get(rule, "A comment that ignores problems")
    return {"id": rule, "shortDescription": {"text": title}}


def _result(problem: Problem, ignored: Ignored | None, rules: list[str]) -> dict[str, Any]:
    location = {"uri": _uri(problem.file)}
    advice = f"\nWhat to do: {problem.advice}." if problem.advice else ""
    result: dict[str, Any] = {
        "ruleId": problem.rule,
        "ruleIndex": rules.index(problem.rule),
        "level": problem.severity,
        "message": {"text": f"{problem.message}.{advice}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": location,
                    "region": {"startLine": problem.line, "startColumn": problem.column},
                }
            }
        ],
    }
    if problem.fix is not None:
        result["fixes"] = [_fix(problem.fix, location)]
    if ignored is not None:
        result["suppressions"] = [{"kind": _KINDS[ignored.by], "justification": ignored.reason}]
    return result


def _fix(fix: Replacement, location: dict[str, str]) -> dict[str, Any]:
    region = {"startLine": fix.first, "startColumn": 1, "endLine": fix.last, "endColumn": fix.width + 1}
    replacement = {"deletedRegion": region, "insertedContent": {"text": fix.text}}
    return {
        "description": {"text": f"Replace it with {fix.text}"},
        "artifactChanges": [{"artifactLocation": location, "replacements": [replacement]}],
    }


def _uri(file: str) -> str:
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
