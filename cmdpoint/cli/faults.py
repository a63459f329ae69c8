"""Faults in what the user gives on the command line, each with its exit code."""

from cmdpoint.engines.faults import Fault
from cmdpoint.exit_codes import ExitCode


class NoDockerfile(Fault):
    """There is no such file, or no Dockerfile in a folder."""

    exit_code = ExitCode.NO_FILE


class IsFolder(Fault):
    """A folder was named where a file is needed."""

    exit_code = ExitCode.IS_FOLDER


class Unreadable(Fault):
    """The file exists, but cannot be read."""

    exit_code = ExitCode.UNREADABLE


class NotText(Fault):
    """The file is not UTF-8."""

    exit_code = ExitCode.NOT_TEXT


class BadDialect(Fault):
    """There is no dialect of that name."""

    exit_code = ExitCode.BAD_DIALECT


class BadSettings(Fault):
    """The settings of the project cannot be read, or have a wrong key or value."""

    exit_code = ExitCode.BAD_SETTINGS


class NotInstalled(Fault):
    """A library that the command needs is not installed."""

    exit_code = ExitCode.NOT_INSTALLED


class Unwritable(Fault):
    """The output, or the file for it, cannot be written."""

    exit_code = ExitCode.UNWRITABLE


class Unmarked(Fault):
    """The file lacks the marks between which the summary goes."""

    exit_code = ExitCode.UNMARKED


class OtherEngine(Fault):
    """The engine at an address is not the one that was named."""

    exit_code = ExitCode.OTHER_ENGINE


def install(extra: str) -> str:
    """How to install the libraries that a command needs; cmdpoint itself is on no package index.

    Args:
        extra: The name of the extra that has them, such as `live`.
    """
    return f"run pip install '.[{extra}]' in the clone of cmdpoint"
