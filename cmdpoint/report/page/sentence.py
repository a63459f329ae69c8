"""The sentence about a result in an example: a subject, a verb, and the result."""

from collections.abc import Mapping
from typing import Final

from cmdpoint.observations.replay import Result
from cmdpoint.oracle.case import Commit, Image, ImageConfig, Import, Load, Origin, Tag
from cmdpoint.oracle.outcome import Process
from cmdpoint.report.matrix import Example
from cmdpoint.report.wording import clipped, command

VERBS: Final = ("runs", "leaves the config", "is")
"""The verbs about a process, a config and a refusal; changes of what runs come first on the page."""


_COMMANDS: Final[Mapping[type[Origin], str]] = {
    Image: "docker build",
    Commit: "docker commit",
    Import: "docker import",
    Load: "docker load",
    Tag: "docker tag",
}
"""The command that makes the last image of a case."""


def subject(example: Example) -> str:
    """The command whose result the sentences about an example state."""
    if example.level != "config":
        return clipped(command(example.case, "observed"))
    return _COMMANDS[type(example.case.images[-1])]


def verb(result: Result) -> str:
    """The verb of the sentence about a result."""
    if isinstance(result, ImageConfig):
        return VERBS[1]
    return VERBS[0] if isinstance(result, Process) else VERBS[2]
