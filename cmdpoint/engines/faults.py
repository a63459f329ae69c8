"""Harness faults: what can go wrong around an engine, told to a person as what, why and what to do next.

A fault is never a verdict about an engine's semantics. Whoever catches one reports a harness error, and a
process that ends because of one exits with the fault's own code.
"""

from typing import ClassVar


class Fault(Exception):
    """A fault of the surroundings, not of the engine's semantics.

    Args:
        what: What happened, as one clause without a full stop.
        why: The cause as far as it is known.
        remedy: What the reader can do next.
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
    """No daemon answers and none can be started here."""

    exit_code = 21


class Unreachable(Fault):
    """An address was named, but nothing answers there."""

    exit_code = 22


class NotAnEngine(Fault):
    """Something answers, but it does not speak the Docker Engine API."""

    exit_code = 23


class UnsupportedPlatform(Fault):
    """The engine runs containers cmdpoint has no probe for: Windows containers or an unknown CPU."""

    exit_code = 24


class ApiTooOld(Fault):
    """The engine speaks an API older than cmdpoint needs."""

    exit_code = 25


class DiskFull(Fault):
    """The engine or this machine has no room left."""

    exit_code = 26


class EngineDied(Fault):
    """The engine stopped answering in the middle of the work."""

    exit_code = 27


class UnknownEngine(Fault):
    """No engine goes by the name that was asked for."""

    exit_code = 28


class ArchiveFault(Fault):
    """The distribution's archive could not be read, or what it holds could not be unpacked."""

    exit_code = 29


class NoClient(Fault):
    """A daemon answers, but there is no `docker` command to ask it with."""

    exit_code = 30
