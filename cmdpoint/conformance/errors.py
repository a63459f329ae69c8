"""The exceptions that end a test: a confirmed divergence, or a harness fault."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from docker.errors import APIError, ContainerError

from cmdpoint.conformance.selected_tests import is_conformance_test
from cmdpoint.engines.driver.engine import Refused
from cmdpoint.engines.faults import Fault, InvalidResponse


@dataclass(frozen=True, slots=True)
class Evidence:
    """What may explain a divergence.

    Attributes:
        rules: The rules that the comparison tests.
        values: The values of behaviours with which the oracle predicts what was observed.
        as_specified: Whether the engine does what an example of the specification shows.
    """

    rules: tuple[str, ...]
    values: tuple[str, ...]
    as_specified: bool


class ConfirmedDivergence(AssertionError):
    """A divergence that the engine repeated; the text of the exception is the report.

    Attributes:
        target: The name of the target.
        evidence: What may explain it.
        report: The file of the report; empty if it could not be written.
        command: The command that reproduces the divergence; empty likewise.
    """

    def __init__(self, text: str, target: str, evidence: Evidence, report: str, command: str) -> None:
        super().__init__(text)
        self.target = target
        self.evidence = evidence
        self.report = report
        self.command = command


class WrongExample(AssertionError):
    """An example of the specification shows something other than what is predicted and observed."""


class HarnessFault(BaseException):
    """A fault around the engine, which is no verdict on it.

    It is not an `Exception`, so Hypothesis neither shrinks nor catches it.

    Attributes:
        exit_code: The exit status of a run without a divergence.
    """

    def __init__(self, fault: Fault | str) -> None:
        super().__init__(str(fault))
        self.exit_code = fault.exit_code if isinstance(fault, Fault) else Fault.exit_code


def harness_fault(item: pytest.Item, call: pytest.CallInfo[None]) -> HarnessFault | None:
    """The harness fault that ended a phase of a test, if any.

    A fixture raises the fault itself: if it raises anything but an `Exception`, pytest cannot run it again.
    Conformance tests that use an engine without a comparator raise the fault itself, too. A test of cmdpoint
    fails by a fault that it does not expect.
    """
    error = call.excinfo.value if call.excinfo is not None else None
    if isinstance(error, Fault) and (call.when != "call" or is_conformance_test(item.path)):
        return HarnessFault(error)
    return error if isinstance(error, HarnessFault) else None


def is_verdict(error: BaseException | None) -> bool:
    """Whether what ended a conformance test is a verdict on the engine.

    It is if a comparison failed, or the engine refused what the test needs. Anything else is no verdict: a
    fault that no one has foreseen, or an error of cmdpoint. So is the response that a container or an image
    does not exist: another client may have removed it.
    """
    if isinstance(error, WrongExample) or (isinstance(error, Refused) and error.status == 404):
        return False
    return isinstance(error, AssertionError | pytest.fail.Exception | Refused | APIError | ContainerError)


@contextmanager
def responses_of(engine: str) -> Iterator[None]:
    """Turn every exception that an engine's response causes into a fault.

    A response may be anything: half of a JSON document, a list in place of an object, a page of HTML.

    Args:
        engine: The engine, as the user named it.

    Raises:
        Fault: The `with` statement's body raised an exception; faults are raised unchanged.
    """
    try:
        yield
    except Fault:
        raise
    except Exception as error:
        frame = traceback.extract_tb(sys.exc_info()[2])[-1]
        raise InvalidResponse(
            f"the engine {engine} sent a response that cmdpoint cannot use",
            f"{type(error).__name__}: {error} ({frame.name}, line {frame.lineno})",
            "check that the address (--engine, DOCKER_HOST) is that of a Docker or Podman engine, "
            "and not of a proxy",
        ) from error
