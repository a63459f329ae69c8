"""An example of the spec: a chain of images, one command, and the expected results."""

import re
from dataclasses import dataclass
from functools import cache

from cmdpoint.oracle.case import Case, Chain, CommandLine
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.images import probe
from cmdpoint.spec.command import images_made_by, request_of
from cmdpoint.spec.expectation import Expectation


@dataclass(frozen=True, slots=True)
class Example:
    """One command in a rule's examples, with its expected results.

    Attributes:
        rule: The id of the rule it belongs to.
        chapter: The file name of the chapter.
        line: The command's line in that file, from 1.
        images: The chain of images; the command uses the last one.
        command: The command as written, without the prompt.
        expectations: The expected results; the first one whose condition is met counts.
    """

    rule: str
    chapter: str
    line: int
    images: Chain
    command: str
    expectations: tuple[Expectation, ...]

    def __str__(self) -> str:
        return f"{self.rule}:{self.line}"

    @property
    def case(self) -> Case:
        """The images and the command, as a case."""
        return _case(self.images, self.command)

    @property
    def level(self) -> Level:
        """What the expected results are: image configs, the argv that create fixes, or what runs."""
        if re.match("docker (inspect|commit|import|load)\\b", self.command):
            return "config"
        return "planned" if self.command.startswith("docker create ") else "observed"

    def applies(self, dialect: Dialect) -> bool:
        """Whether the engine has the command: only Podman's client creates containers itself."""
        request = self.case.request
        return dialect.engine == "podman" or not (isinstance(request, CommandLine) and request.local)

    def expected(self, dialect: Dialect) -> str | None:
        """The expected result in a dialect, or None if no condition is met."""
        return next((e.text for e in self.expectations if dialect.meets(e.condition)), None)


@cache
def _case(images: Chain, command: str) -> Case:
    """The case of an example, which is read for each dialect."""
    base = images[-1].name if images else probe.NAME
    return Case((*images, *images_made_by(command, base)), request_of(command))
