"""Faults of files of observations, each with its exit code."""

from cmdpoint.engines.faults import Fault
from cmdpoint.exit_codes import ExitCode


class Truncated(Fault):
    """The file has no footer, because writing it was interrupted."""

    exit_code = ExitCode.TRUNCATED


class Edited(Fault):
    """The footer does not match the lines above it."""

    exit_code = ExitCode.EDITED


class MalformedObservations(Fault):
    """The file, or a line of it, does not follow the schema."""

    exit_code = ExitCode.MALFORMED_OBSERVATIONS


class NewerObservations(Fault):
    """The schema of the file is newer than this version of cmdpoint."""

    exit_code = ExitCode.NEWER_OBSERVATIONS


class UnreadableObservations(Fault):
    """The file does not exist, or cannot be read."""

    exit_code = ExitCode.UNREADABLE_OBSERVATIONS


class NoObservations(Fault):
    """There are no observations."""

    exit_code = ExitCode.NO_OBSERVATIONS


class NoDialect(Fault):
    """The oracle has no dialect for an observed target."""

    exit_code = ExitCode.NO_DIALECT
