"""The program that reports what it sees of its machine; `report-amd64` is compiled from `report.c`."""

from importlib.resources import files
from typing import Final

COMPILE: Final = (
    *("gcc", "-static", "-nostdlib", "-ffreestanding", "-fno-pie", "-no-pie", "-fno-stack-protector"),
    *("-fno-asynchronous-unwind-tables", "-fcf-protection=none", "-O1", "-Wall", "-Werror"),
    *("-Wl,--build-id=none", "-Wl,-z,noseparate-code", "-s"),
)
"""The command that compiled it, without its output and its source."""


def program() -> bytes:
    """The program for amd64."""
    return files("cmdpoint.machines.probe").joinpath("report-amd64").read_bytes()
