"""Harness faults: what can go wrong around an engine. Each says what happened, why, and what to do next.

A fault is never a verdict about an engine. A command that ends because of one exits with its code.
"""

from typing import ClassVar

from cmdpoint.exit_codes import ExitCode


class Fault(Exception):
    """A problem around an engine that says nothing about how the engine behaves.

    Args:
        what: What happened, as one clause without a full stop.
        why: The cause, as far as it is known.
        remedy: What you can do next.
    """

    exit_code: ClassVar[int] = ExitCode.FAULT

    def __init__(self, what: str, why: str, remedy: str) -> None:
        super().__init__(what, why, remedy)
        self.what = what
        self.why = why
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what}\n  why: {self.why}\n  do:  {self.remedy}"


class NoEngine(Fault):
    """No daemon answers, and no private engine can be started on this machine."""

    exit_code = ExitCode.NO_ENGINE


class Unreachable(Fault):
    """Nothing answers at the address that was given."""

    exit_code = ExitCode.UNREACHABLE


class NotAnEngine(Fault):
    """What answers at the address does not speak the Docker Engine API."""

    exit_code = ExitCode.NOT_AN_ENGINE


class UnsupportedPlatform(Fault):
    """cmdpoint has no probe for the engine's containers: Windows containers, or another CPU."""

    exit_code = ExitCode.UNSUPPORTED_PLATFORM


class ApiTooOld(Fault):
    """The engine speaks an API that is older than cmdpoint needs."""

    exit_code = ExitCode.API_TOO_OLD


class DiskFull(Fault):
    """The disk of the engine or of this machine is full."""

    exit_code = ExitCode.DISK_FULL


class EngineDied(Fault):
    """The engine stopped answering during a run."""

    exit_code = ExitCode.ENGINE_DIED


class UnknownEngine(Fault):
    """There is no engine of the given name."""

    exit_code = ExitCode.UNKNOWN_ENGINE


class ArchiveFault(Fault):
    """The distribution's archive could not be read, or a package could not be unpacked."""

    exit_code = ExitCode.ARCHIVE


class NoClient(Fault):
    """A daemon answers, but its `docker` or `podman` command is not installed."""

    exit_code = ExitCode.NO_CLIENT


class InvalidResponse(Fault):
    """The engine sent something other than the Docker Engine API describes."""

    exit_code = ExitCode.INVALID_RESPONSE
