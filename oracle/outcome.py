"""What comes of a case: a process or a refusal, its numbers, and the steps that lead there."""

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from cmdpoint.oracle.case import ImageConfig, Request, Words
from cmdpoint.oracle.refusals import Kind, Phase


@dataclass(frozen=True, slots=True)
class Codes:
    """The numbers that tell how a container fared; None for one that is not known, or that there is none of.

    Attributes:
        create: The HTTP status of the request to create it.
        start: The HTTP status of the request to start it.
        state: `State.ExitCode`, once it has ended or could not be started.
        run: What `docker run` exits with.
    """

    create: int | None = None
    start: int | None = None
    state: int | None = None
    run: int | None = None

    def agree(self, other: "Codes") -> bool:
        """Whether the numbers that both know are the same."""
        pairs = (
            (self.create, other.create),
            (self.start, other.start),
            (self.state, other.state),
            (self.run, other.run),
        )
        return all(one is None or another is None or one == another for one, another in pairs)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The outcome in which nothing runs.

    Attributes:
        phase: Where it happens.
        kind: What it is about.
        message: One sentence for a person.
        line: The line of the Dockerfile, from 1, where there is one to name.
        image: The image of the case whose build it ends, where there is one.
        codes: The numbers that tell of it.
    """

    phase: Phase
    kind: Kind
    message: str
    line: int | None = None
    image: str | None = None
    codes: Codes = field(default=Codes(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Process:
    """The outcome in which something runs.

    Attributes:
        argv: What the program sees as its words, the first of them included.
        codes: The numbers that tell of it.
    """

    argv: Words
    codes: Codes = field(default=Codes(), compare=False, repr=False)


Outcome = Process | Refusal


StepPhase = Literal["build", "client", "create", "start"]
"""When a rule is applied: while an image is built, the command line is read, a container is created, or it is
started.
"""

LEFT_TO_CHANCE: Final = "chance"
"""The field of a step behind which an engine does now one thing and now another."""


class Step(NamedTuple):
    """One application of a rule.

    Attributes:
        rule: The rule's id in the spec, such as `STATE-2`.
        field: What it decided: `Entrypoint`, `Cmd`, `Shell`, `argv` ...
        before: The value that stood there.
        after: The value that stands there now; equal to `before` where the rule kept it.
        image: The image being built, or None once a container is being created.
        line: The line of that image's Dockerfile, from 1, or None where no line caused the step.
        note: A few words, where the values alone do not tell.
        phase: When it was applied: while an image is built, the command line is read, a container is created,
            or it is started.
    """

    rule: str
    field: str
    before: object = None
    after: object = None
    image: str | None = None
    line: int | None = None
    note: str = ""
    phase: StepPhase = "build"


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the oracle says of a case.

    Attributes:
        config: The last image's config, or None where it is never built.
        request: The request that is made, or None where it never comes to that.
        planned: The argv that create fixes, or the refusal that comes first.
        outcome: The process that starts, or the refusal.
        steps: Every rule applied, in order.
    """

    config: ImageConfig | None
    request: Request | None
    planned: Outcome
    outcome: Outcome
    steps: tuple[Step, ...]

    @property
    def is_settled(self) -> bool:
        """Whether the engine always does the same. Of what is left to chance, one outcome is predicted."""
        return all(step.field != LEFT_TO_CHANCE for step in self.steps)

    @property
    def rules(self) -> frozenset[str]:
        """The ids of the rules that were applied."""
        return frozenset(step.rule for step in self.steps)
