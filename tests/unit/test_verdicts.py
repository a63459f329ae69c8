"""What ends a conformance test is a verdict on the engine, a harness fault, or neither."""

import pytest
from docker.errors import APIError, DockerException

from cmdpoint.conformance.errors import HarnessFault, WrongExample, harness_fault, is_verdict
from cmdpoint.engines.driver.engine import Refused, raise_if_fault
from cmdpoint.engines.faults import DiskFull, EngineDied, Fault

DIED = EngineDied("the engine stopped answering", "it was killed", "start it again")


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (AssertionError("126 is not 127"), True),
        (pytest.fail.Exception("DID NOT RAISE"), True),
        (Refused(500, "no exec command specified"), True),
        (APIError("400 Client Error"), True),
        (Refused(404, "no such container"), False),  # another client may have removed it
        (WrongExample("correct 8-start.md:1"), False),
        (DIED, False),
        (HarnessFault(DIED), False),
        (DockerException("Error while fetching server API version"), False),
        (RuntimeError("the rewrite changes the prediction too"), False),
        (KeyError("State"), False),
        (None, False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_a_verdict(error: BaseException | None, verdict: bool) -> None:
    """A failed comparison and a refusal are."""
    assert is_verdict(error) == verdict
    assert not (verdict and harness_fault(error, of_cmdpoint=False))


def test_a_fault_is_one_unless_cmdpoint_itself_is_tested() -> None:
    """A test of cmdpoint fails if a fault is raised that it does not expect."""
    assert str(harness_fault(DIED, of_cmdpoint=False)) == str(DIED)
    assert harness_fault(DIED, of_cmdpoint=True) is None
    assert harness_fault(fault := HarnessFault(DIED), of_cmdpoint=True) is fault


def test_some_messages_of_an_engine_report_a_fault() -> None:
    """Whoever receives them: the API, a build or the client."""
    with pytest.raises(DiskFull):
        raise_if_fault("write /x: no space left on device")
    with pytest.raises(Fault, match="more time"):
        raise_if_fault("failed to start shim: DeadlineExceeded: context deadline exceeded")
    raise_if_fault("no such file or directory")
