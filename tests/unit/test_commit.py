"""What a committed image keeps of its container, as far as the spec's examples cannot show it."""

import pytest

from cmdpoint.oracle import Case, Dialect, Image, Process, Refusal, Request, predict
from cmdpoint.oracle.case import Commit, Import, Load, Words


@pytest.mark.parametrize("name", ["docker-28.5.2/buildkit", "docker-20.10.24/classic", "podman-5.4.2"])
@pytest.mark.parametrize(
    ("request_of_container", "program"),
    [(Request(env=("PATH=/work",)), "program"), (Request(working_dir="/work"), "./program")],
)
def test_the_request_of_the_container_counts(name: str, request_of_container: Request, program: str) -> None:
    """Its variables and its working directory decide whether a program is found, as these engines showed."""
    base = Image("base", f'FROM probe\nCMD ["{program}"]\n')
    dialect = Dialect.from_name(name)
    assert not isinstance(predict(Case((base,)), dialect).outcome, Process)
    committed = Commit("image", "base", request_of_container)
    assert predict(Case((base, committed)), dialect).outcome == Process((program,))


@pytest.mark.parametrize("base", [Image("base", 'FROM probe\nCMD ["a"]\n'), Import("base", ('CMD ["a"]',))])
@pytest.mark.parametrize("changes", [(), ("ENV A=b",), ('ENTRYPOINT ["a"]',)])
def test_a_variable_without_a_value_stays_without_one(base: Image | Import, changes: Words) -> None:
    """Docker records the word itself, so that a container of the image has no PATH either."""
    case = Case((base, Commit("image", "base", Request(env=("PATH",)), changes)))
    for name in ("docker-28.5.2/buildkit", "docker-20.10.24/classic"):
        outcome = predict(case, Dialect.from_name(name)).outcome
        assert isinstance(outcome, Refusal)
        assert (outcome.phase, outcome.kind) == ("start", "not-found")


def test_a_variable_that_is_given_twice_is_recorded_twice() -> None:
    """The last one counts when a container starts."""
    base = Image("base", 'FROM probe\nCMD ["program"]\n')
    for paths, runs in ((("PATH=/x", "PATH=/work"), True), (("PATH=/work", "PATH=/x"), False)):
        case = Case((base, Commit("image", "base", Request(env=paths))))
        outcome = predict(case, Dialect.from_name("docker-28.5.2/buildkit")).outcome
        assert isinstance(outcome, Process) == runs


@pytest.mark.parametrize(("dialect", "runs"), [("docker-28.5.2", True), ("podman-5.4.2", False)])
@pytest.mark.parametrize(
    ("config", "folder"),
    [('{"Cmd": ["/a"], "WorkingDir": "/new"}', ""), ('{"Cmd": ["/a"]}', "/new")],
)
def test_the_working_directory_is_made_with_the_container(
    dialect: str, runs: bool, config: str, folder: str
) -> None:
    """So it is in the image on Docker; Podman makes it when the container starts. Observed on both."""
    images = (Load("base", config), Commit("image", "base", Request(working_dir=folder)))
    case = Case(images, Request(cmd=("/new/../a",), working_dir="/"))
    assert isinstance(predict(case, Dialect.from_name(dialect)).outcome, Process) == runs
