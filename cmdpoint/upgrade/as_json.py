"""The result of `cmdpoint upgrade` as JSON; `schema/upgrade-output.schema.json` is its schema."""

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cmdpoint.bases.sources import as_data
from cmdpoint.bases.unknown import UnknownBase
from cmdpoint.cli import image_format
from cmdpoint.findings.finding import Finding
from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.changes import Change, changes
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.interchange.case import case_data
from cmdpoint.oracle.interchange.outcome import config_data, observed_data
from cmdpoint.oracle.outcome import Outcome, Prediction, Refusal
from cmdpoint.upgrade.change_text import outcome_text
from cmdpoint.upgrade.compare import Difference
from cmdpoint.upgrade.listing import example
from cmdpoint.upgrade.report import FileReport, UpgradeReport

if TYPE_CHECKING:
    from cmdpoint.upgrade.verification import Verification


def schema() -> str:
    """The JSON Schema of the output."""
    return files("cmdpoint").joinpath("schema/upgrade-output.schema.json").read_text("utf-8")


def of_files(
    found: UpgradeReport, titles: Mapping[str, str], verdicts: Iterable["Verification"] | None
) -> str:
    """The report on Dockerfiles.

    Args:
        found: The report.
        titles: The rules' titles by id.
        verdicts: The verifications on engines, if there were any.
    """
    needed = {cause.behaviour for file in found.files for each in file.differences for cause in each.causes}
    data = {
        **_head(found.before, found.after),
        "files": len(found.files),
        "changes": [_difference(file, each, titles) for file in found.files for each in file.differences],
        "reread": [_reread(file.name, each) for file in found.reread for each in file.reread],
        "refused_by_both": [
            {"file": file.name, **_without_image(file.refused), "message": file.refused.message}
            for file in found.files
            if file.refused is not None
        ],
        "faults": [{"what": each.what, "why": each.why, "do": each.remedy} for each in found.faults],
        "skipped": [{"file": each.path, "reason": each.reason} for each in found.skipped],
        "not_covered": [{"file": path, "reason": reason} for path, reason in found.not_covered.items()],
        "unknown": [
            {"file": file.name, "needs": [_need(each) for each in file.needs]} for file in found.unknown
        ],
        "unused_bases": list(found.unused),
        "image_format": [{"file": file.name, **_format(file.lost)} for file in found.with_losses],
        "bases": as_data(found.bases),
        "front_ends": found.front_ends,
        "behaviours": {
            change.name: _behaviour(change)
            for change in changes(found.before, found.after)
            if change.name in needed
        },
    }
    if verdicts is not None:
        data["verdicts"] = [_verdict(each) for each in verdicts]
    return json.dumps(data, indent=2) + "\n"


def _reread(file: str, finding: Finding) -> dict[str, Any]:
    return {
        "file": file,
        "line": finding.shown_line,
        "column": finding.column,
        "rule": finding.rule,
        "message": finding.message,
        "fix": None if finding.fix is None else finding.fix.text,
    }


def _format(keys: Sequence[str]) -> Mapping[str, Any]:
    return image_format.as_data(keys) or {}


def _need(base: UnknownBase) -> dict[str, Any]:
    return {"name": base.name, "keys": list(base.keys)}


def of_behaviours(before: Dialect, after: Dialect) -> str:
    """The behaviours that changed between two dialects, each with an example."""
    entry = {}
    for change in changes(before, after):
        shown = example(change, before, after)
        entry[change.name] = _behaviour(change) | {
            "rules": list(behaviours()[change.name].rules),
            "example": None
            if shown is None
            else {
                "rule": shown.rule,
                "case": case_data(shown.case),
                "before": _prediction(shown.before),
                "after": _prediction(shown.after),
            },
        }
    return json.dumps({**_head(before, after), "behaviours": entry}, indent=2) + "\n"


def _head(before: Dialect, after: Dialect) -> dict[str, Any]:
    verified = {"verified": before.verified and after.verified}
    return {"cmdpoint": "upgrade", "schema": 3, "from": str(before), "to": str(after), **verified}


def _difference(file: FileReport, difference: Difference, titles: Mapping[str, str]) -> dict[str, Any]:
    image = difference.case.images[-1].name
    causes = [
        {
            "behaviour": cause.behaviour,
            "rule": cause.rule,
            "title": titles.get(cause.rule, ""),
            "line": cause.line,
            "text": None if cause.line is None else notation.source_line(difference.case, image, cause.line),
        }
        for cause in difference.causes
    ]
    pair = difference.with_argument
    with_argument = {} if pair is None else {"before": _outcome(pair[0]), "after": _outcome(pair[1])}
    return {
        "file": file.name,
        "stage": difference.stage,
        "kind": difference.kind,
        "before": _prediction(difference.before),
        "after": _prediction(difference.after),
        **({"with_argument": with_argument} if with_argument else {}),
        "causes": causes,
        "fix": None if difference.fix is None else {"line": difference.fix[0], "text": difference.fix[1]},
    }


def _prediction(prediction: Prediction) -> dict[str, Any]:
    config = None if prediction.config is None else config_data(prediction.config)
    return {"config": config, **_outcome(prediction.outcome)}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return _without_image(outcome) if isinstance(outcome, Refusal) else observed_data(outcome)


def _without_image(refusal: Refusal) -> dict[str, Any]:
    data = observed_data(refusal)
    data["refusal"].pop("image", None)
    return data


def _behaviour(change: Change) -> dict[str, Any]:
    return {
        "about": behaviours()[change.name].meaning,
        "before": change.before,
        "after": change.after,
        "versions": [{"version": each.version, "source": each.source} for each in change.versions],
    }


def _verdict(verdict: "Verification") -> dict[str, Any]:
    return {
        "file": verdict.file,
        "stage": verdict.stage,
        "dialect": str(verdict.dialect),
        "agrees": verdict.agrees,
        "omission": verdict.omission or None,
        "predicted": _both(*verdict.predicted),
        "observed": _both(*verdict.observed),
    }


def _both(config: ImageConfig | Outcome, run: Outcome) -> dict[str, Any]:
    entry = {"config": config_data(config) if isinstance(config, ImageConfig) else None, **_outcome(run)}
    return entry | ({"message": outcome_text(run)} if isinstance(run, Refusal) else {})
