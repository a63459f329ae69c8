"""The trace: the growing list of steps, and the place in the case that each one is noted at."""

from collections.abc import Iterable
from typing import Literal

from cmdpoint.oracle.outcome import Step


class Trace:
    """Collects steps in the order in which rules are applied.

    Attributes:
        phase: What is being done: an image is built, a command line read, a container created or started.
        image: The image being built; None once a container is being created.
        line: The line being read; None where no line is.
    """

    def __init__(self, steps: Iterable[Step] = ()) -> None:
        """Begin, behind the steps there are."""
        self.phase: Literal["build", "client", "create", "start"] = "build"
        self.image: str | None = None
        self.line: int | None = None
        self._steps = list(steps)

    def note(
        self, rule: str, field: str, before: object = None, after: object = None, note: str = ""
    ) -> None:
        """Record that a rule was applied at the present place; see `Step` for the arguments."""
        self._steps.append(Step(rule, field, before, after, self.image, self.line, note, self.phase))

    def note_at(self, line: int | None, rule: str, field: str, note: str = "") -> None:
        """Record that a rule was applied at a line of the image being built."""
        self.line = line
        self.note(rule, field, note=note)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps so far."""
        return tuple(self._steps)
