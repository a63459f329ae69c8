"""The mutants of a dialect: all values of the usual runtime's dialect, the runtime's own of another one's."""

import pytest

from cmdpoint.conformance.value_mutants import has_usual_runtime, value_mutants
from cmdpoint.oracle import Dialect


def mutated(runtime: str | None) -> set[str]:
    """The behaviours of Docker 28.5.2 with a runtime that have mutants."""
    return {each.behaviour for each in value_mutants(Dialect.of("docker", "28.5.2", "classic", runtime))}


def test_another_version_of_the_usual_runtime_has_all_mutants() -> None:
    """A distribution may have a later runc than the one that Docker was released with."""
    assert mutated("runc-1.3.6") == mutated(None)
    assert "open_word" in mutated(None)


def test_another_runtime_has_its_own_mutants() -> None:
    """The others are those of the usual dialect."""
    assert "start_codes" in mutated("crun-1.28")
    assert "open_word" not in mutated("crun-1.28")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("docker-28.5.2/buildkit/runc-1.3.6", True),
        ("docker-28.5.2/classic/crun-1.28", False),
        ("docker-28.5.2/classic/runsc-20240729.0", False),
        ("podman-5.4.2/buildah", True),
        ("podman-5.4.2/buildah/runc-1.3.6", False),
    ],
)
def test_the_kind_of_a_runtime_decides(name: str, expected: bool) -> None:
    """Its version does not."""
    assert has_usual_runtime(Dialect.from_name(name)) == expected
