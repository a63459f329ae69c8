"""What can be wrong with the config that the user gives for a base image."""

from cmdpoint.engines.faults import Fault
from cmdpoint.exit_codes import ExitCode


class BadBase(Fault):
    """The value of a `--base` is not a name and a config."""

    exit_code = ExitCode.BAD_BASE
