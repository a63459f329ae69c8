"""Scopes: where a rule is applied (phase, image, line), and the one list of steps that it is noted in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from cmdpoint.oracle.outcome import Step, StepPhase


@dataclass(frozen=True, slots=True)
class Scope:
    """Where steps are noted.

    A scope never changes. `at`, `in_image` and `in_phase` return a new one that appends to the same list, so
    that a step has the line of the code that noted it, whatever ran before.

    Attributes:
        phase: The phase of the steps.
        image: The image that is built; None once a container is created.
        line: The line of that image's Dockerfile, from 1; None where no line is the cause.
    """

    phase: StepPhase
    image: str | None
    line: int | None
    _steps: list[Step]

    @classmethod
    def after(cls, steps: Iterable[Step] = ()) -> Self:
        """The scope of no image and no line, whose list begins with the given steps."""
        return cls("build", None, None, list(steps))

    def in_image(self, name: str) -> "Scope":
        """The scope of an image that is built, as a whole."""
        return Scope("build", name, None, self._steps)

    def in_phase(self, phase: StepPhase) -> "Scope":
        """The scope of a phase that follows the builds."""
        return Scope(phase, None, None, self._steps)

    def at(self, line: int | None) -> "Scope":
        """The scope of a line of the same image; of the image as a whole where the line is None."""
        return Scope(self.phase, self.image, line, self._steps)

    def apart(self) -> "Scope":
        """The same scope with an empty list of its own: for steps that are dropped, or noted otherwise."""
        return Scope(self.phase, self.image, self.line, [])

    def note(
        self, rule: str, field: str, before: object = None, after: object = None, note: str = ""
    ) -> None:
        """Append the step that a rule was applied here; see `Step` for the arguments."""
        self._steps.append(Step(rule, field, before, after, self.image, self.line, note, self.phase))

    def extend(self, steps: Iterable[Step]) -> None:
        """Append steps that were noted in another list."""
        self._steps.extend(steps)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps so far, of all scopes that share the list."""
        return tuple(self._steps)
