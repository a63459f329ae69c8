"""A quick run starts enough examples: each rule of starts with each of its results, and each exit code."""

from collections import Counter
from functools import partial

import hypothesis
import pytest

from cmdpoint.conformance.profiles import PROFILES
from cmdpoint.conformance.started_examples import (
    EXAMPLES,
    Kind,
    compared,
    decides_exit_code,
    is_started,
    same_on,
    shows_in_argv,
)
from cmdpoint.conformance.value_mutants import value_mutants
from cmdpoint.oracle import Case, CommandLine, Dialect, Image, Prediction, Refusal, predict
from cmdpoint.oracle.comparison import Level, agree, expected_at
from cmdpoint.oracle.dialect.reads import with_reads
from cmdpoint.spec.expectation import as_text, matches

pytestmark = pytest.mark.slow

DOCKER = Dialect.of("docker", "28.5.2", "classic", "runc-1.3.3")
ON_CRUN = Dialect.of("docker", "28.5.2", "classic", "crun-1.21")
PODMAN = Dialect.of("podman", "5.4.2", "buildah")


def started(kind: Kind, dialect: Dialect, numbers: range | None = None) -> list[int]:
    """The numbers of the examples that are started."""
    return [each for each in range(len(EXAMPLES[kind])) if is_started(kind, each, dialect, numbers)]


@pytest.mark.parametrize("dialect", [DOCKER, ON_CRUN, PODMAN], ids=str)
@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_rule_of_starts_is_started_with_every_result(kind: Kind, dialect: Dialect) -> None:
    """No rule is left out, neither where the program runs nor where it is refused."""

    def tested(numbers: range | list[int]) -> set[tuple[str, str]]:
        examples = [EXAMPLES[kind][number] for number in numbers]
        predictions = [predict(each.case, dialect) for each in examples if each.level == "observed"]
        return {
            (step.rule, each.outcome.kind if isinstance(each.outcome, Refusal) else "runs")
            for each in predictions
            for step in each.steps
            if step.phase == "start"
        }

    some = started(kind, dialect)
    assert tested(some) == tested(range(len(EXAMPLES[kind])))
    assert len(some) < 0.8 * len(EXAMPLES[kind])


@pytest.mark.parametrize("dialect", [DOCKER, ON_CRUN, PODMAN], ids=str)
def test_every_value_that_shows_is_found(dialect: Dialect) -> None:
    """Each other value of a behaviour that an example shows at its own level shows in what a run compares."""
    shown: set[str] = set()
    found: set[str] = set()
    mutants = list(value_mutants(dialect))
    for kind, examples in EXAMPLES.items():
        for number, example in enumerate(examples):
            case, level = compared(kind, number, dialect)
            right, reads = with_reads(partial(predict, example.case), dialect)
            for mutant in (each for each in mutants if each.behaviour in reads):
                name = f"{mutant.behaviour}: {mutant.now}"
                if not same_at(example.level, right, predict(example.case, mutant.wrong)):
                    shown.add(name)
                    if not same_at(level, predict(case, dialect), predict(case, mutant.wrong)):
                        found.add(name)
    assert shown - found == set()
    assert found


def same_at(level: Level, one: Prediction, other: Prediction) -> bool:
    """Whether two predictions are the same for a comparison at a level."""
    return agree(expected_at(level, one), expected_at(level, other))


@pytest.mark.parametrize("dialect", [DOCKER, ON_CRUN, PODMAN], ids=str)
def test_a_cheaper_level_shows_the_result_too(dialect: Dialect) -> None:
    """Examples of starts have no cheaper one; many others have."""
    cheaper = Counter[Kind]()
    for kind, examples in EXAMPLES.items():
        for number, example in enumerate(examples):
            case, level = compared(kind, number, dialect)
            cheaper[kind] += level != example.level
            expected = example.expected(dialect)
            assert expected is not None
            if example.applies(dialect) and predict(example.case, dialect).is_settled:
                assert matches(expected, as_text(expected_at(level, predict(case, dialect))))
    assert cheaper["start"] == 0
    assert cheaper["image"] > 100
    assert cheaper["request"] > 50


@pytest.mark.parametrize(
    "line", ["ENV PATH=/work", "USER 1", "WORKDIR /work", "COPY Dockerfile /work/", "RUN true"]
)
def test_the_argv_does_not_show_everything_that_a_build_does(line: str) -> None:
    """What it does not show makes an image unlike others, so that it is started."""
    before, after = (
        predict(Case((Image("image", f'FROM probe\n{each}\nCMD ["/a"]\n'),)), DOCKER)
        for each in ("LABEL a=b", line)
    )
    assert shows_in_argv(before)
    assert not shows_in_argv(after)


def test_each_rule_about_starts_has_an_example_that_is_started() -> None:
    """Some of these rules leave no step at a start."""
    rules = {EXAMPLES["start"][number].rule for number in started("start", ON_CRUN)}
    assert rules == {example.rule for example in EXAMPLES["start"]}


def test_each_builder_starts_only_its_own_share() -> None:
    """The examples of the other builder are not started, and do not stand for those of this one."""
    count = len(EXAMPLES["image"])
    halves = [started("image", DOCKER, range(first, count, 2)) for first in (0, 1)]
    assert all(number % 2 == first for first, half in enumerate(halves) for number in half)
    assert halves[0][0] == 0
    assert halves[1][0] == 1


@pytest.mark.parametrize("dialect", [DOCKER, ON_CRUN, PODMAN], ids=str)
def test_the_client_is_called_for_each_exit_code(dialect: Dialect) -> None:
    """And for each example of a rule about the client."""
    codes = {
        number: predict(example.case, dialect).outcome.codes.run
        for number, example in enumerate(EXAMPLES["start"])
        if isinstance(example.case.request, CommandLine)
    }
    called = [number for number in codes if decides_exit_code(number, dialect)]
    assert {codes[number] for number in called} == set(codes.values())
    assert {number for number in codes if EXAMPLES["start"][number].rule == "CLI-8"} <= set(called)
    assert len(called) < 0.8 * len(codes)


def test_what_a_runtime_changes_is_not_the_same() -> None:
    """An exit code counts, too: for crun, the client exits with 125 if the program is not found."""
    differing = {each.rule for each in EXAMPLES["start"] if not same_on(each, (DOCKER, ON_CRUN))}
    assert {"CLI-8", "EXEC-19"} <= differing
    assert all(same_on(each, (DOCKER, DOCKER)) for each in EXAMPLES["start"])


def test_a_thorough_run_starts_everything() -> None:
    """And calls the client for each start."""
    before = hypothesis.settings.get_current_profile_name()
    hypothesis.settings.load_profile("thorough")
    try:
        assert hypothesis.settings().max_examples == PROFILES["thorough"]
        assert started("start", DOCKER) == list(range(len(EXAMPLES["start"])))
        assert decides_exit_code(len(EXAMPLES["start"]) - 1, DOCKER)
    finally:
        hypothesis.settings.load_profile(before)
