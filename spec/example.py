"""What an example of the spec is: images, what is done with the last one, and what is to be seen."""

import ast
import json
import re
import shlex
from dataclasses import dataclass
from typing import Final

from cmdpoint.oracle.case import Case, Chain, CommandLine, Commit, Image, Import, Load, PyCall, Request
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.images import probe

MADE: Final = "made"
"""The name of an image that a command makes."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an example says is to be seen, for the dialects that meet a condition.

    Attributes:
        text: An argv as JSON, `refused at STAGE: KIND`, or a config as JSON. A refusal's numbers may follow:
            `line` of the Dockerfile, what `docker run` does `exit` with, the HTTP status of the `start`, the
            `state`'s ExitCode.
        condition: See `Dialect.meets`; empty for every dialect.
    """

    text: str
    condition: str


@dataclass(frozen=True, slots=True)
class Example:
    """One command of a rule's example and what it shows.

    Attributes:
        rule: The id of the rule it stands under.
        chapter: The file name of the chapter.
        line: The command's line in that file, from 1.
        images: The chain of images.
        command: The command as written, without the prompt.
        expectations: What is to be seen; the first one whose condition is met counts.
    """

    rule: str
    chapter: str
    line: int
    images: tuple[Image, ...]
    command: str
    expectations: tuple[Expectation, ...]

    def __str__(self) -> str:
        return f"{self.rule}:{self.line}"

    @property
    def case(self) -> Case:
        """The case, asked for as the command does."""
        made = _made_by(self.command, self.images[-1].name if self.images else probe.NAME)
        return Case((*self.images, *made), request_of(self.command))

    @property
    def shows_config(self) -> bool:
        """Whether the command shows the image's config rather than what runs."""
        return re.match("docker (inspect|commit|import|load)\\b", self.command) is not None

    def expected(self, dialect: Dialect) -> str | None:
        """What is to be seen in a dialect, or None where the example does not say."""
        return next((e.text for e in self.expectations if dialect.meets(e.condition)), None)


def _made_by(command: str, base: str) -> Chain:
    """The image that a command of an example makes, if it does.

    Args:
        command: `docker commit [--change X]... $(docker create [--entrypoint X] IMAGE [ARG]...)`,
            `docker import [--change X]... FILES`, `docker load {JSON}`, or one that makes none.
        base: The image that `IMAGE` stands for.
    """
    if command.startswith("docker load "):
        return (Load(MADE, command.removeprefix("docker load ")),)
    commit = re.fullmatch(r"docker commit (.*)\$\(docker create (.*)\)", command)
    if commit is not None:
        options, words = map(shlex.split, commit.groups())
        at = words.index("IMAGE")
        request = Request(tuple(words[1:at]) or None, tuple(words[at + 1 :]) or None)
        return (Commit(MADE, base, request, tuple(options[1::2])),)
    if command.startswith("docker import "):
        options = shlex.split(command)[2:-1]
        return (Import(MADE, tuple(options[1::2])),)
    return ()


def request_of(command: str) -> Request | CommandLine | PyCall:
    """How a command of an example asks for a container.

    Args:
        command: `docker run [OPTION...] IMAGE [ARG...]`, quoted as for a shell; `POST /containers/create
            {JSON}`; `client.containers.create(...)` of docker-py; or one that asks for none.

    Raises:
        ValueError: It is none of these.
    """
    if command.startswith("POST /containers/create "):
        body = json.loads(command.removeprefix("POST /containers/create "))
        return Request.of(body)
    if command.startswith("client.containers.create("):
        return _docker_py(command)
    program, verb, *words = shlex.split(command)
    if program == "docker" and verb in ("inspect", "build", "commit", "import", "load"):
        return Request()
    if (program, verb) != ("docker", "run"):
        raise ValueError(f"no command of an example: {command}")
    return CommandLine(tuple(words))


def _docker_py(call: str) -> PyCall:
    """A call of docker-py: the image, the command and the entrypoint."""
    parsed = ast.parse(call, mode="eval").body
    assert isinstance(parsed, ast.Call)
    given = dict(zip(("image", "command"), parsed.args, strict=False))
    given |= {str(keyword.arg): keyword.value for keyword in parsed.keywords}
    del given["image"]
    values = {name: ast.literal_eval(value) for name, value in given.items()}
    return PyCall(**{name: tuple(v) if isinstance(v, list) else v for name, v in values.items()})
