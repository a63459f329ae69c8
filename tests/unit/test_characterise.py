"""`cmdpoint characterise` without an engine: the oracle acts as one, and the data file lacks rows."""

import tomllib
from collections import Counter
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

import pytest

import cmdpoint.oracle.dialect.dialect
import cmdpoint.oracle.dialect.known
from cmdpoint.characterise.equivalent import EQUIVALENCES
from cmdpoint.characterise.evidence import Evidence, same
from cmdpoint.characterise.experiment import Experiment
from cmdpoint.characterise.experiments import experiments
from cmdpoint.characterise.inference import Inference, InferenceResult
from cmdpoint.characterise.parameters import described_dialect, parameters, with_runtimes
from cmdpoint.characterise.rows import InferredBuilder, rows
from cmdpoint.characterise.word_variants import word_variants
from cmdpoint.conformance.profiles import at_least
from cmdpoint.oracle import CommandLine, Dialect
from cmdpoint.oracle.comparison import expected_at
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.data import dialect_data, version_number
from cmdpoint.oracle.dialect.known import known_dialects, runtime_dialects
from cmdpoint.oracle.predict import predict
from cmdpoint.oracle.prediction_cache import PredictionCache, Results, results_of
from cmdpoint.spec.rules import all_rules

pytestmark = pytest.mark.slow

FULL = dialect_data()
CACHE = PredictionCache(results_of)


@pytest.fixture(autouse=True, scope="module")
def _before_any_change() -> None:
    """Compute the pool before a test replaces the content of the data file."""
    pool()


@cache
def examples() -> tuple[Experiment, ...]:
    """The experiments with the spec's examples."""
    return tuple(experiments(all_rules().values()))


@cache
def pool() -> tuple[Experiment, ...]:
    """The experiments with the spec's examples, and their variants, which show single words of lists."""
    return (*examples(), *word_variants(examples(), parameters("docker")))


def pool_for(*, lists: bool = False) -> tuple[Experiment, ...]:
    """The experiments for a test; without the variants, unless lists are inferred or all is tried."""
    return pool() if lists or at_least("thorough") else examples()


def _is_first(row: dict[str, Any]) -> bool:
    """Whether a row is that of the oldest version; without that row, the engine is not described at all."""
    same = [each["since"] for each in FULL["row"] if each["engine"] == row["engine"]]
    return bool(row["since"] == min(same, key=version_number))


ROWS = [at for at, row in enumerate(FULL["row"]) if not _is_first(row) and set(row) & set(behaviours())]


def use_data(data: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the content of the data file."""
    for name in (
        "cmdpoint.oracle.dialect.data",
        "cmdpoint.oracle.dialect.dialect",
        "cmdpoint.oracle.dialect.known",
        "cmdpoint.oracle.dialect.unknown",
        "cmdpoint.characterise.parameters",
        "cmdpoint.characterise.rows",
    ):
        monkeypatch.setattr(f"{name}.dialect_data", lambda: data)
    for module, name in (
        (cmdpoint.oracle.dialect.dialect, "_differences"),
        (cmdpoint.oracle.dialect.dialect, "_usual_runtime"),
        (cmdpoint.oracle.dialect.known, "_known"),
    ):  # they remember what they computed from other data
        monkeypatch.setattr(module, name, cache(getattr(module, name).__wrapped__))


def characterise(
    truth: Dialect, start: Dialect, known: list[Dialect], *, everything: bool = False, lists: bool = False
) -> InferenceResult:
    """What is inferred about an engine that behaves as a dialect; no experiment is run twice."""
    runs: Counter[Experiment] = Counter()

    def observe(experiment: Experiment) -> Results:
        runs[experiment] += 1
        assert runs[experiment] == 1
        return CACHE.predict(experiment.case, truth)

    return Inference(pool_for(lists=lists), parameters(truth.engine), CACHE, observe).run(
        start, known, everything=everything
    )


def of_builder(dialect: Dialect) -> list[Dialect]:
    """The dialects of a builder that the data file describes."""
    target = (dialect.engine, dialect.builder)
    return [each for each in known_dialects() if (each.engine, each.builder) == target]


def missed(found: InferenceResult, truth: Dialect) -> dict[str, Any]:
    """The parameters whose true value was neither found nor reported as undecided, each with that value."""
    excused = {(parameter, value) for parameter, values in found.undecided for value in values}
    excused |= {(parameter, value) for parameter, values, _ in found.equivalent for value in values}
    excused |= {(parameter, parameter.value(truth)) for parameter in found.without_effect}
    excused |= {
        (parameter, parameter.value(truth))
        for first, second, _ in found.alternatives
        for parameter in (first, second)
    }
    return {
        str(parameter): parameter.value(truth)
        for parameter in parameters(truth.engine)
        if parameter.value(found.dialect) != parameter.value(truth)
        and (parameter, parameter.value(truth)) not in excused
    }


def test_the_cache_returns_what_the_oracle_predicts() -> None:
    """This holds for a dialect that differs in any one value, whatever was predicted before."""
    random = Random(5)
    known = {engine: parameters(engine) for engine in ("docker", "podman")}
    for experiment in random.sample(pool(), 30):
        for name in ("docker-28.5.2/buildkit", "docker-23.0/classic", "podman-5.0"):
            dialect = Dialect.from_name(name)
            parameter = random.choice(known[dialect.engine])
            other = parameter.with_value(dialect, random.choice(parameter.values))
            prediction = predict(experiment.case, other)
            cached = CACHE.predict(experiment.case, other)
            assert all(expected_at(level, prediction) == result for level, result in cached.items())


@pytest.mark.parametrize(
    ("old", "new", "mistaken"),
    [
        ("docker-20.10/buildkit", "docker-28.5.2/buildkit", set()),
        # Other values compensate for this one, and no example distinguishes them.
        ("podman-3.0/buildah", "podman-5.8.6/buildah", {"unneeded_stages"}),
    ],
)
def test_every_change_is_found_if_only_the_oldest_version_is_described(
    old: str, new: str, mistaken: set[str]
) -> None:
    """All rows of a builder after the first are found in one run, if other rows have their values."""
    if mistaken and not at_least("thorough"):
        pytest.skip("takes 40 s: --hypothesis-profile thorough")
    truth, oldest = Dialect.from_name(new), Dialect.from_name(old)
    start = described_dialect(oldest.engine, oldest.version, oldest.builder, truth.runtime, "")
    assert start is not None
    found = characterise(truth, start, [start], lists=True)
    assert found.unexplained == ()
    assert set(missed(found, truth)) <= mistaken


TRIED = next(at for at in ROWS if FULL["row"][at].get("trailing_text"))
"""The row that each run tries: a comment behind an array makes it a text. `thorough` tries all."""


@pytest.mark.parametrize("at", ROWS if at_least("thorough") else [TRIED])
def test_a_deleted_row_is_found_again(at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values of other rows are found or reported as undecided; a new value leaves cases unexplained."""
    row = FULL["row"][at]
    builder = row.get("builder", FULL["engine"][row["engine"]]["builders"][0])
    truth = Dialect.of(row["engine"], row["since"], builder, store=row.get("store", ""))
    data = deepcopy(FULL)
    del data["row"][at]
    use_data(data, monkeypatch)
    start = described_dialect(truth.engine, truth.version, builder, truth.runtime, truth.store)
    assert start is not None
    found = characterise(truth, start, of_builder(truth), everything=True)
    known = {str(parameter): parameter.values for parameter in parameters(truth.engine)}
    left = missed(found, truth)
    if found.unexplained:
        assert any(value not in known[name] for name, value in left.items())
    # Buildah reads no flag behind the stage that it builds, so an unknown list of flags may go unnoticed.
    assert found.unexplained or set(left) <= ({"flags"} if truth.engine == "podman" else set())
    added = rows(
        truth.engine,
        truth.version,
        truth.store,
        truth.runtime,
        [InferredBuilder(builder, start, found.dialect)],
    )
    for kind, more in tomllib.loads(added).items():
        data[kind] += more
    assert (
        described_dialect(truth.engine, truth.version, builder, truth.runtime, truth.store) == found.dialect
    )


@pytest.mark.parametrize("builder", ["classic", "buildkit"])
def test_a_described_engine_has_no_row_to_add(builder: str) -> None:
    """Nothing differs, nothing is unexplained, each rule is tried, and each value that shows is decided."""
    truth = Dialect.of("docker", "28.5.2", builder)
    found = characterise(truth, truth, of_builder(truth), lists=True)
    tried = {experiment.rule for experiment, _ in found.observations}
    assert tried == {experiment.rule for experiment in pool_for(lists=True)}
    assert (found.dialect, found.nearest) == (truth, truth)
    assert (found.unexplained, found.alternatives) == ((), ())
    assert found.undecided == ()
    assert rows("docker", "28.5.2", "", truth.runtime, [InferredBuilder(builder, truth, found.dialect)]) == ""


def test_two_values_are_found_that_show_only_together() -> None:
    """An empty name is looked up on PATH, and the folder found there refused: either alone shows nothing."""
    start = Dialect.from_name("docker-28.5.2/buildkit")
    together = {"empty_name": "looked up", "unusable_on_path": "refused"}
    truth = start.with_values(together)
    (experiment,) = (each for each in examples() if each.rule == "EXEC-6" and _words(each) == ("IMAGE", ""))
    for name, value in together.items():
        alone = CACHE.predict(experiment.case, start.with_values({name: value}))
        assert same(experiment, alone, CACHE.predict(experiment.case, start))
    some = [each for each in parameters("docker") if each.behaviour in together]
    search = Inference([experiment], some, CACHE, lambda each: CACHE.predict(each.case, truth))
    found = search.run(start, [start])
    assert (found.dialect, found.unexplained) == (truth, ())


def _words(experiment: Experiment) -> tuple[str, ...]:
    """The words of an experiment's command line."""
    request = experiment.case.request
    return request.words if isinstance(request, CommandLine) else ()


def test_equivalent_values_predict_the_same() -> None:
    """No experiment distinguishes values that are reported to do the same, wherever the report says so."""
    every = at_least("thorough")
    newest = {(each.engine, each.builder, each.store): each for each in known_dialects()}
    dialects = [*(known_dialects() if every else newest.values()), *runtime_dialects()]
    evidence = Evidence(pool_for(), CACHE)
    for each in EQUIVALENCES:
        where = [dialect for dialect in dialects if each.holds(dialect)]
        assert where
        for one in where:
            first, *others = (one.with_values({each.behaviour: value}) for value in each.values)
            for experiment in pool_for():
                if each.behaviour in evidence.reads(experiment, first):
                    predicted = evidence.predict(experiment, first)
                    assert all(
                        same(experiment, predicted, evidence.predict(experiment, other)) for other in others
                    )


@pytest.mark.parametrize("name", ["docker-28.5.2/classic/crun-1.21", "podman-5.8.6/buildah/crun-1.28"])
def test_a_runtime_has_a_row_and_a_table_of_its_own(name: str) -> None:
    """From the oldest version, the search finds the runtime and its exit codes for a failed start."""
    truth = Dialect.from_name(name)
    start = Dialect.of(truth.engine, truth.version, truth.builder, "crun-0.17")
    found = characterise(truth, start, [start, *with_runtimes(start)])
    assert missed(found, truth) == {}
    added = tomllib.loads(
        rows(
            truth.engine,
            truth.version,
            "",
            truth.runtime,
            [InferredBuilder(truth.builder, start, found.dialect)],
        )
    )
    ((row,), kind) = added.pop("runtime"), truth.runtime.partition("-")
    assert added == {}
    assert (row["name"], row["since"]) == (kind[0], kind[2])
    codes = row.pop(f"{truth.engine}_start")
    assert {why: tuple(numbers) for why, numbers in codes.items()} == {
        why: numbers[-len(codes[why]) :] for why, numbers in truth.start_codes.items()
    }
