"""Harness faults: what can go wrong around an engine. Each says what happened, why, and what to do next.

A fault is never a verdict about an engine. A command that ends because of one exits with its code.
"""

from typing import ClassVar


class Fault(Exception):
    """A problem around an engine that says nothing about how the engine behaves.

    Args:
        what: What happened, as one clause without a full stop.
        why: The cause, as far as it is known.
        remedy: What you can do next.
    """

    exit_code: ClassVar[int] = 20

    def __init__(self, what: str, why: str, remedy: str) -> None:
        super().__init__(what, why, remedy)
        self.what = what
        self.why = why
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what}\n  why: {self.why}\n  do:  {self.remedy}"


class NoEngine(Fault):
    """No daemon answers, and no private engine can be started on this machine."""

    exit_code = 21


class Unreachable(Fault):
    """Nothing answers at the address that was given."""

    exit_code = 22


class NotAnEngine(Fault):
    """What answers at the address does not speak the Docker Engine API."""

    exit_code = 23


class UnsupportedPlatform(Fault):
    """cmdpoint has no probe for the engine's containers: Windows containers, or another CPU."""

    exit_code = 24


class ApiTooOld(Fault):
    """The engine speaks an API that is older than cmdpoint needs."""

    exit_code = 25


class DiskFull(Fault):
    """The disk of the engine or of this machine is full."""

    exit_code = 26


class EngineDied(Fault):
    """The engine stopped answering during a run."""

    exit_code = 27


class UnknownEngine(Fault):
    """There is no engine of the given name."""

    exit_code = 28


class ArchiveFault(Fault):
    """The distribution's archive could not be read, or a package could not be unpacked."""

    exit_code = 29


class NoClient(Fault):
    """A daemon answers, but its `docker` or `podman` command is not installed."""

    exit_code = 30


class InvalidResponse(Fault):
    """The engine sent something other than the Docker Engine API describes."""

    exit_code = 31
