"""What ends a conformance test is a verdict on the engine, a harness fault, or neither."""

from pathlib import Path
from typing import Any

import pytest
from docker.errors import APIError, DockerException

from cmdpoint.conformance.errors import HarnessFault, WrongExample, harness_fault, is_verdict
from cmdpoint.conformance.selected_tests import TESTS
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


@pytest.mark.parametrize("error", [DIED, HarnessFault(DIED), AssertionError()], ids=repr)
@pytest.mark.parametrize("when", ["setup", "call", "teardown"])
@pytest.mark.parametrize("path", [TESTS / "test_process_one.py", Path("tests/suite/test_fleet.py")], ids=str)
def test_what_is_a_harness_fault(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, error: Any, when: Any, path: Path
) -> None:
    """A fault is one, but the call of a test of cmdpoint fails by a fault that it does not expect."""

    def fail() -> None:
        raise error

    monkeypatch.setattr(request.node, "path", path)
    found = harness_fault(request.node, pytest.CallInfo.from_call(fail, when))
    fails = isinstance(error, AssertionError) or (error is DIED and when == "call" and path.parent != TESTS)
    assert (found is None) == fails
    assert found is None or str(found) == str(DIED)


def test_some_messages_of_an_engine_report_a_fault() -> None:
    """Whoever receives them: the API, a build or the client."""
    with pytest.raises(DiskFull):
        raise_if_fault("write /x: no space left on device")
    with pytest.raises(Fault, match="more time"):
        raise_if_fault("failed to start shim: DeadlineExceeded: context deadline exceeded")
    raise_if_fault("no such file or directory")
