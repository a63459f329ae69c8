"""What can be wrong with files of observations and with what is written of them, each with its exit code."""

from cmdpoint.engines.faults import Fault


class Truncated(Fault):
    """The file has no footer: whoever wrote it did not come to the end."""

    exit_code = 50


class Edited(Fault):
    """The footer does not fit what stands above it."""

    exit_code = 51


class MalformedObservations(Fault):
    """The file, or a line of it, is not of the schema."""

    exit_code = 52


class NewerObservations(Fault):
    """The file is of a schema that came later than this program."""

    exit_code = 53


class UnreadableObservations(Fault):
    """The file is not there, or cannot be read."""

    exit_code = 54


class NoObservations(Fault):
    """There is no file of observations, or nothing in it."""

    exit_code = 55


class NoDialect(Fault):
    """The oracle knows no dialect of a place where something was seen."""

    exit_code = 56
