"""Several machines share a run: shards are the whole run together, and what one finds, others try first."""

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cmdpoint.observations.collection import ObservationSet, read_observations
from cmdpoint.observations.reader import ObservationReader
from cmdpoint.observations.records import Observation
from cmdpoint.oracle.interchange.case import case_data
from tests.suite import runs
from tests.suite.wrong_rules import WRONG_RULES

FILES = ("tests/conformance/test_spec.py", "tests/conformance/test_properties.py")
SELECTED = (*FILES, "-k", "SHELL-4 or MERGE-3 or test_config")
PROFILE = ("--hypothesis-profile", "brief")
COUNT = 2


@dataclass(frozen=True)
class Shared:
    """What a run left.

    Attributes:
        seen: Its observations.
        tests: The properties of its tests in the JUnit XML, by name.
    """

    seen: ObservationSet
    tests: dict[str, dict[str, str]]


def observed(engine: str, folder: Path, *options: str) -> Shared:
    """What a run observed, which has an example database of its own."""
    name = "-".join(options).replace("/", "of") or "whole"
    log, database = folder / f"{name}.jsonl", folder / f"{name}.examples"
    workers = ("-p", "no:xdist") if options else ("-n", "2")  # they decide who runs a test, not which
    status, output = runs.run(
        engine,
        *(*SELECTED, *PROFILE, *options, *workers, "--hypothesis-seed=7"),
        *(f"--observations={log}", f"--example-database={database}", f"--junit-xml={log}.xml"),
    )
    assert status == 0, output
    return Shared(read_observations([log]), properties(Path(f"{log}.xml")))


def properties(junit: Path) -> dict[str, dict[str, str]]:
    """The properties of the tests in a file, by the name of the test."""
    return {
        test.get("name", ""): {each.get("name", ""): each.get("value", "") for each in test.iter("property")}
        for test in ElementTree.parse(junit).iter("testcase")
    }


@pytest.mark.long
def test_shards_observe_what_the_whole_run_observes(engine_url: str, tmp_path: Path) -> None:
    """With one seed, the cases of the shards are those of the run without shards, on the same targets."""
    whole = observed(engine_url, tmp_path)
    shards = [observed(engine_url, tmp_path, f"--shard={number}/{COUNT}") for number in range(1, COUNT + 1)]
    names = [name for shard in shards for name in shard.tests]
    assert sorted(names) == sorted(whole.tests), "each test is in exactly one shard"
    assert all(shard.seen.errors for shard in shards), "a report of one shard says that others are missing"
    merged = read_observations(sorted(tmp_path.glob("--shard*.jsonl")))
    assert merged.errors == {}
    assert merged.targets == whole.seen.targets
    assert sorted_results(merged) == sorted_results(whole.seen)
    assert all(len(shard.seen.cases) < len(whole.seen.cases) for shard in shards)
    for name, found in whole.tests.items():
        assert found["cmdpoint-target"] in whole.seen.targets
        assert int(found["cmdpoint-cases"]) > 0
        assert ("cmdpoint-rule" in found) == ("example" in name)


def sorted_results(found: ObservationSet) -> dict[str, list[str]]:
    """The results by case and level, in an order that does not depend on the order of the run."""
    return {
        repr((case_data(case), level)): sorted(map(repr, results))
        for (case, level), results in found.cases.items()
    }


@pytest.mark.long
def test_a_divergence_is_tried_first_by_another_machine(engine_url: str, tmp_path: Path) -> None:
    """Two runs with different seeds share a folder; the second begins with what the first has found."""
    (mutant,) = (each for each in WRONG_RULES if each.rule == "STATE-2")
    checkout = mutant.put(tmp_path / "checkout")
    first_cases = []
    for seed in (1, 2):
        log = tmp_path / f"{seed}.jsonl"
        status, output = runs.run(
            engine_url,
            *("tests/conformance/test_properties.py", "-k", mutant.test, "-x"),
            *("-p", "no:xdist", f"--hypothesis-seed={seed}", f"--observations={log}"),
            *(f"--example-database={tmp_path / 'shared'}", f"--junit-xml={log}.xml"),
            folder=checkout,
        )
        assert status == 1, f"{mutant.rule}: {output}"
        with ObservationReader(log) as reader:
            cases = [each.case for each in reader if isinstance(each, Observation)]
        first_cases.append((cases, output))
    (found, _), (tried, output) = first_cases
    assert tried[0] in found
    assert len(tried) < len(found)
    (test,) = (each for each in properties(tmp_path / "2.jsonl.xml").values() if "cmdpoint-report" in each)
    assert "STATE-" in test["cmdpoint-diverging rules"]
    assert re.search(r"^1 tests found that an engine diverges", output, re.MULTILINE)
