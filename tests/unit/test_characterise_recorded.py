"""The rows of Docker 29 are found from what was recorded of it."""

import tomllib
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from cmdpoint.characterise.experiment import Experiment
from cmdpoint.characterise.inference import Inference
from cmdpoint.characterise.parameters import described_dialect, parameters
from cmdpoint.characterise.rows import InferredBuilder, rows
from cmdpoint.conformance.profiles import at_least
from cmdpoint.conformance.recording.curate import RECORDED
from cmdpoint.observations.reader import ObservationReader
from cmdpoint.observations.records import Observation
from cmdpoint.oracle.case import Case, ImageConfig, Load
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.data import version_number
from cmdpoint.oracle.outcome import Outcome
from tests.unit.test_characterise import CACHE, FULL, missed, use_data

pytestmark = pytest.mark.slow


@cache
def recorded() -> dict[str, dict[Case, dict[Level, Outcome | ImageConfig]]]:
    """What Docker 29.7.2 was observed to do in the recorded cases, by target.

    The profile `thorough` takes all of them; `quick` each sixth, and all that load an image.
    """
    every = 1 if at_least("thorough") else 6
    seen: dict[str, dict[Case, dict[Level, Outcome | ImageConfig]]] = {}
    with ObservationReader(RECORDED) as reader:
        for each in reader:
            if isinstance(each, Observation) and (each.line % every == 0 or loads(each.case)):
                for target in each.targets:
                    if target.startswith("docker-29.7.2"):
                        seen.setdefault(target, {}).setdefault(each.case, {})[each.level] = each.result
    return seen


def loads(case: Case) -> bool:
    """Whether a case loads an image; only that shows what a store does with a config of wrong types."""
    return any(isinstance(image, Load) for image in case.images)


ROWS_OF_29 = [
    ("docker-29.7.2+graphdriver/buildkit", {"saved_string": "wrong type"}),
    ("docker-29.7.2+graphdriver/classic", {"saved_string": "wrong type", "check_comment": "no answer"}),
    ("docker-29.7.2+containerd/buildkit", {"wrong_type": "refused"}),
    ("docker-29.7.2+containerd/classic", {"wrong_type": "refused", "check_comment": "no answer"}),
]
"""The values of each target; the first and the last target have all of them."""


@pytest.mark.parametrize(
    ("target", "expected"),
    ROWS_OF_29 if at_least("thorough") else ROWS_OF_29[::3],
)
def test_the_rows_of_docker_29_are_found_from_recorded_answers(
    target: str, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the rows since 29.0, the records give their values, as far as a case depends on them."""
    seen, (name, builder) = recorded()[target], target.split("/")
    store = "containerd" if name.endswith("+containerd") else ""
    truth = described_dialect("docker", "29.7.2", builder, "runc-1.3.6", store)
    assert truth is not None
    data = deepcopy(FULL)
    data["row"] = [
        row for row in data["row"] if row["engine"] != "docker" or version_number(row["since"]) < (29,)
    ]
    use_data(data, monkeypatch)
    recorded_experiments = sorted(
        (Experiment(case, tuple(levels), "", "") for case, levels in seen.items()), key=lambda each: each.size
    )
    start = described_dialect("docker", "29.7.2", builder, "runc-1.3.6", store)
    assert start is not None
    inference = Inference(
        recorded_experiments, parameters("docker"), CACHE, lambda experiment: seen[experiment.case]
    )
    found = inference.run(start, [start], everything=True)
    added = rows("docker", "29.7.2", store, "runc-1.3.6", [InferredBuilder(builder, start, found.dialect)])
    (row,) = tomllib.loads(added)["row"]
    assert {name: value for name, value in row.items() if name in behaviours()} == expected
    assert found.unexplained == ()
    # Every other value of the deleted rows is reported as undecided, but for a list that no other row has.
    assert set(missed(found, truth)) <= {"flags"}
