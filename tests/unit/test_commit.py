"""What a committed image keeps of its container, as far as the spec's examples cannot show it."""

import pytest

from cmdpoint.oracle import Case, Dialect, Image, Process, Request, predict
from cmdpoint.oracle.case import Commit


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
