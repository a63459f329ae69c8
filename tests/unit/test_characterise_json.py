"""`cmdpoint characterise --format json`: a report matches its schema."""

import json

import jsonschema
import pytest

from cmdpoint.__main__ import main
from cmdpoint.characterise import as_json
from cmdpoint.characterise.experiments import experiments
from cmdpoint.characterise.inference import Inference
from cmdpoint.characterise.parameters import parameters
from cmdpoint.characterise.session import BuilderReport, EngineReport
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.prediction_cache import PredictionCache, results_of
from cmdpoint.spec.rules import all_rules


@pytest.mark.slow
def test_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    """A changed behaviour is reported with its values; rows are empty for an engine that is described."""
    truth, start = Dialect.from_name("docker-28.5.2/classic"), Dialect.from_name("docker-26.1.5/classic")
    cache = PredictionCache(results_of)
    pool = experiments(all_rules().values())[:200]
    inference = Inference(
        pool, parameters("docker"), cache, lambda experiment: cache.predict(experiment.case, truth)
    )
    found = inference.run(start, [start])
    report = EngineReport("docker", "28.5.2", "docker-28.5.2", "", truth.runtime, ("buildkit",))
    report.builders.append(BuilderReport("classic", start, found, inference, 1.0))
    assert main(["characterise", "--schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    data = json.loads(as_json.render(report))
    jsonschema.Draft202012Validator(schema).validate(data)
    (builder,) = data["builders"]
    assert builder["described"] == str(start)
    assert builder["changed"]["trailing_text"] == {"before": "ignored", "after": "shell form"}
    assert builder["experiments"] == len(found.observations) > 0
    assert data["skipped"] == ["buildkit"]


def test_an_engine_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without `--engine` and `--schema`, the command line is wrong."""
    with pytest.raises(SystemExit, match="2"):
        main(["characterise"])
    assert "--engine" in capsys.readouterr().err
