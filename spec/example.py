"""What an example of the spec is: images, what is done with the last one, and what is to be seen."""

import json
import shlex
from dataclasses import dataclass

from oracle.dialect import Dialect
from oracle.model import Case, CommandLine, Image, Request


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
        return Case(self.images, request_of(self.command))

    @property
    def shows_config(self) -> bool:
        """Whether the command shows the image's config rather than what runs."""
        return self.command.startswith("docker inspect")

    def expected(self, dialect: Dialect) -> str | None:
        """What is to be seen in a dialect, or None where the example does not say."""
        return next((e.text for e in self.expectations if dialect.meets(e.condition)), None)


def request_of(command: str) -> Request | CommandLine:
    """How a command of an example asks for a container.

    Args:
        command: `docker run [OPTION...] IMAGE [ARG...]`, quoted as for a shell; `POST /containers/create
            {JSON}`; or one that asks for none.

    Raises:
        ValueError: It is none of these.
    """
    if command.startswith("POST /containers/create "):
        body = json.loads(command.removeprefix("POST /containers/create "))
        return Request.of(body)
    program, verb, *words = shlex.split(command)
    if (program, verb) in {("docker", "inspect"), ("docker", "build")}:
        return Request()
    if (program, verb) != ("docker", "run"):
        raise ValueError(f"no command of an example: {command}")
    return CommandLine(tuple(words))
