"""Which steps of a prediction a comparison tests."""

import pytest

from cmdpoint.observations.tally import Tally
from cmdpoint.oracle import Case, CommandLine, Dialect, Image, ImageConfig, Outcome, Process, Refusal, predict
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.comparison import Level, steps_tested
from cmdpoint.oracle.outcome import Codes

DOCKER = Dialect.from_name("docker-28.5.2/buildkit")


def rules(words: Words, level: Level, observed: Outcome | ImageConfig) -> set[str]:
    """The rules that a comparison tests, for words after `docker run` and an observed result."""
    case = Case((Image("app", "FROM probe\nUSER root\n"),), CommandLine(words))
    return {step.rule for step in steps_tested(level, predict(case, DOCKER), observed)}


@pytest.mark.parametrize(("code", "tested"), [(125, True), (None, False)])
def test_the_clients_exit_code_counts_where_it_was_observed(code: int | None, *, tested: bool) -> None:
    """CLI-8 decides the exit code of `docker run`, which a request to the API does not show."""
    observed = Refusal("create", "no-command", "", codes=Codes(create=400, run=code))
    found = rules(("IMAGE",), "observed", observed)
    assert ("CLI-8" in found) == tested
    assert "MERGE-8" in found


@pytest.mark.parametrize(("code", "tested"), [(127, True), (None, False)])
def test_the_containers_exit_code_counts_where_it_was_observed(code: int | None, *, tested: bool) -> None:
    """EXEC-17 decides the exit code of a container that could not be started."""
    observed = Refusal("start", "not-found", "", codes=Codes(201, 400, code, 127))
    found = rules(("IMAGE", "nope"), "observed", observed)
    assert ("EXEC-17" in found) == tested
    assert {"EXEC-9", "CLI-8"} <= found


@pytest.mark.parametrize(("code", "tested"), [(127, True), (None, False)])
def test_the_init_processs_exit_code_counts_where_it_was_observed(code: int | None, *, tested: bool) -> None:
    """EXEC-18 decides the exit code with which an init process ends if it cannot execute the program."""
    observed = Refusal("start", "not-found", "", codes=Codes(201, 204, code, 127))
    assert ("EXEC-18" in rules(("--init", "IMAGE", "nope"), "observed", observed)) == tested


def test_a_program_that_an_init_process_found_counts() -> None:
    """EXEC-18 decides which program runs; that is compared whatever codes were observed."""
    assert "EXEC-18" in rules(("--init", "IMAGE", "later"), "observed", Process(("later",)))


def test_a_level_shows_its_phases_only() -> None:
    """A config tests the build; a plan also tests create; a process tests all phases."""
    observed = Process(("nope",), Codes(201, 204, 127, 127))
    by_level = [rules(("IMAGE", "nope"), level, observed) for level in ("config", "planned", "observed")]
    assert [{"STATE-20", "MERGE-2", "EXEC-9"} & found for found in by_level] == [
        {"STATE-20"},
        {"STATE-20", "MERGE-2"},
        {"STATE-20", "MERGE-2", "EXEC-9"},
    ]


def test_the_tally_counts_what_was_compared() -> None:
    """A rule about an exit code is not counted if no exit code was observed."""
    case = Case((Image("app", "FROM probe\nUSER root\n"),), CommandLine(("IMAGE", "nope")))
    tally = Tally()
    for code in (None, None, 127):
        observed = Refusal("start", "not-found", "", codes=Codes(run=code))
        tally.add("docker", DOCKER, "observed", predict(case, DOCKER), observed)
    assert (tally.rules["docker", "EXEC-9"], tally.rules["docker", "CLI-8"]) == (3, 1)
    assert tally.rules["docker", "EXEC-17"] == 0
