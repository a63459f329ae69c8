"""What ends a test: a divergence that was confirmed, or a harness fault."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from cmdpoint.engines.faults import Fault, InvalidResponse


class ConfirmedDivergence(AssertionError):
    """A divergence that the engine repeated; its text is the report."""


class HarnessFault(BaseException):
    """A fault around the engine, no verdict on it.

    It is no `Exception`, so that Hypothesis neither shrinks nor swallows it.

    Attributes:
        exit_code: The exit status of a run in which nothing worse happened.
    """

    def __init__(self, fault: Fault | str) -> None:
        super().__init__(str(fault))
        self.exit_code = fault.exit_code if isinstance(fault, Fault) else Fault.exit_code


@contextmanager
def answers_of(engine: str) -> Iterator[None]:
    """Turn every exception that an engine's answer causes into a fault.

    An engine may answer with anything: half of a JSON document, a list instead of an object, a page of HTML.

    Args:
        engine: The engine, as the user named it.

    Raises:
        Fault: The block raised an exception; a fault stays as it is.
    """
    try:
        yield
    except Fault:
        raise
    except Exception as error:
        frame = traceback.extract_tb(sys.exc_info()[2])[-1]
        raise InvalidResponse(
            f"{engine} gives an answer that cmdpoint cannot use",
            f"{type(error).__name__}: {error} ({frame.name}, line {frame.lineno})",
            "check that the address (--engine, DOCKER_HOST) is that of a Docker or Podman engine, "
            "and that no proxy stands before it",
        ) from error
