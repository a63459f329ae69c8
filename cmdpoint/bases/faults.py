"""What can be wrong with the configs of base images: those that are given, and those that are looked up."""

from cmdpoint.engines.faults import Fault
from cmdpoint.exit_codes import ExitCode


class BadBase(Fault):
    """The value of a `--base` is not a name and a config."""

    exit_code = ExitCode.BAD_BASE


class RegistryFault(Fault):
    """A registry cannot be read."""

    exit_code = ExitCode.REGISTRY
