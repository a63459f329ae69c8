"""Faults of a pasted command line."""

from cmdpoint.engines.faults import Fault
from cmdpoint.exit_codes import ExitCode


class NotCovered(Fault):
    """The question is outside of what cmdpoint predicts."""

    exit_code = ExitCode.NOT_COVERED


class BadCommandLine(Fault):
    """The command line cannot be read as its shell or its client would read it."""

    exit_code = ExitCode.USAGE
