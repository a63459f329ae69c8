"""What can be wrong with what a person gives the command line, each with an exit code of its own."""

from cmdpoint.engines.faults import Fault


class NoDockerfile(Fault):
    """There is no file where the Dockerfile should be."""

    exit_code = 40


class IsFolder(Fault):
    """A folder was named where a Dockerfile was meant."""

    exit_code = 41


class Unreadable(Fault):
    """The file is there, but may not or cannot be read."""

    exit_code = 42


class NotText(Fault):
    """The file is not UTF-8."""

    exit_code = 43


class BadDialect(Fault):
    """No dialect goes by the name that was given."""

    exit_code = 44


class BadBase(Fault):
    """What was given for a base image is not a name and a config."""

    exit_code = 45


class NotInstalled(Fault):
    """A library that a command needs is not there."""

    exit_code = 47


class Unwritable(Fault):
    """The file that the answer is to go to cannot be written."""

    exit_code = 48


class Unmarked(Fault):
    """The file lacks the marks between which a summary is to stand."""

    exit_code = 49


class OtherEngine(Fault):
    """The engine that was to be asked is another than the one that was named."""

    exit_code = 60
