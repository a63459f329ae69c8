"""Faults of files of observations, each with its exit code."""

from cmdpoint.engines.faults import Fault


class Truncated(Fault):
    """The file has no footer: writing it was interrupted."""

    exit_code = 50


class Edited(Fault):
    """The footer does not match the lines above it."""

    exit_code = 51


class MalformedObservations(Fault):
    """The file, or a line of it, does not follow the schema."""

    exit_code = 52


class NewerObservations(Fault):
    """The schema of the file is newer than this version of cmdpoint."""

    exit_code = 53


class UnreadableObservations(Fault):
    """The file does not exist, or cannot be read."""

    exit_code = 54


class NoObservations(Fault):
    """There are no observations."""

    exit_code = 55


class NoDialect(Fault):
    """The oracle has no dialect for an observed target."""

    exit_code = 56
