"""The exit codes of all commands, in one list: commands and faults take theirs from here.

A code never changes its meaning. Codes from 20 on name a fault, in ranges: 20 to 39 for engines, 40 to 49 for
what you give a command, 50 to 59 for files of observations, 60 to 69 for `upgrade --verify`,
80 to 89 for the settings of a project. `cmdpoint.conformance.exit_status` has 70 and 71.
"""

from enum import IntEnum, unique
from typing import Self


@unique
class ExitCode(IntEnum):
    """An exit code, and what it means."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        """Make the member of a number and its meaning."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    DONE = 0, "done"
    IN_USE = 1, "some engines are in use and were not removed"
    USAGE = 2, "the command line is wrong"
    FINDING = 3, "the answer needs a look: nothing runs, something changes, or a case is not explained"
    ENGINE_DIFFERS = 4, "an engine did something else than predicted"
    UNKNOWN = 5, "the config of a base image, or the release of a front end, decides, and it is not given"
    NOT_COVERED = 6, "not covered: Windows, YAML, or another program's command line"

    FAULT = 20, "a fault of the engine or its surroundings"
    NO_ENGINE = 21, "no engine answers, and none can be started here"
    UNREACHABLE = 22, "nothing answers at the address"
    NOT_AN_ENGINE = 23, "what answers at the address is not a container engine"
    UNSUPPORTED_PLATFORM = 24, "the engine runs containers that cmdpoint has no probe for"
    API_TOO_OLD = 25, "the engine's API is too old"
    DISK_FULL = 26, "no room is left on a disk"
    ENGINE_DIED = 27, "the engine stopped answering"
    UNKNOWN_ENGINE = 28, "there is no engine of that name"
    ARCHIVE = 29, "the distribution's archive cannot be read"
    NO_CLIENT = 30, "the engine's docker or podman command is not installed"
    INVALID_RESPONSE = 31, "the engine sent something that its API does not describe"
    REGISTRY = 32, "a registry cannot be read"

    NO_FILE = 40, "there is no such file, or no Dockerfile in a folder"
    IS_FOLDER = 41, "the file is a folder"
    UNREADABLE = 42, "a file or a folder cannot be read"
    NOT_TEXT = 43, "a file is not UTF-8"
    BAD_DIALECT = 44, "there is no such dialect"
    BAD_BASE = 45, "a --base is malformed"
    MALFORMED_LINES = 46, "some lines are malformed; each is answered with what is wrong with it"
    NOT_INSTALLED = 47, "a library is not installed"
    UNWRITABLE = 48, "the output cannot be written"
    UNMARKED = 49, "the file lacks the marks between which the summary goes"

    TRUNCATED = 50, "a file of observations is truncated"
    EDITED = 51, "a file of observations was edited"
    MALFORMED_OBSERVATIONS = 52, "a file of observations is malformed"
    NEWER_OBSERVATIONS = 53, "a file of observations is of a newer version"
    UNREADABLE_OBSERVATIONS = 54, "a file of observations cannot be read"
    NO_OBSERVATIONS = 55, "there are no observations"
    NO_DIALECT = 56, "no dialect predicts an observed engine"

    OTHER_ENGINE = 60, "the engine is not the one that was named"

    BAD_SETTINGS = 80, "the project's settings cannot be used"

    INTERRUPTED = 130, "interrupted by Ctrl-C"
    READER_LEFT = 141, "the program that read the output ended"


ENGINE_FAULTS = tuple(code for code in ExitCode if 20 <= code < 40)
"""The codes of a command that talks to an engine."""

ANY_COMMAND = (ExitCode.USAGE, ExitCode.UNWRITABLE, ExitCode.INTERRUPTED, ExitCode.READER_LEFT)
"""The codes that any command may end with."""


def help_text(*codes: ExitCode | tuple[ExitCode, str]) -> str:
    """The exit codes of a command, as its `--help` shows them.

    Args:
        codes: The codes besides `ANY_COMMAND`; as a pair with the meaning that one has for this command.
    """
    meanings = {code: code.meaning for code in ANY_COMMAND}
    for each in codes:
        code, meaning = each if isinstance(each, tuple) else (each, each.meaning)
        meanings[code] = meaning
    lines = (f"  {code:<5d}{meaning}\n" for code, meaning in sorted(meanings.items()))
    return f"exit status:\n{''.join(lines)}"
