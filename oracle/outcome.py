"""The outcome of a case, a process or a refusal, with its codes; and the prediction, with its steps."""

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from cmdpoint.oracle.case import ImageConfig, Request, Words
from cmdpoint.oracle.refusals import Kind, Phase


@dataclass(frozen=True, slots=True)
class Codes:
    """The status and exit codes of a run. One that does not exist or is not known is None.

    Attributes:
        create: The HTTP status of the request to create it.
        start: The HTTP status of the request to start it.
        state: `State.ExitCode` of a container that has ended or could not be started.
        run: What `docker run` exits with.
    """

    create: int | None = None
    start: int | None = None
    state: int | None = None
    run: int | None = None

    def agree(self, other: "Codes") -> bool:
        """Whether each code that both have is the same."""
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
        phase: The phase that it ends.
        kind: What is refused.
        message: One sentence for people.
        line: The line of the Dockerfile, from 1, if one is the cause.
        image: The image of the case whose build it ends, if any.
        codes: The codes that go with it.
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
        argv: The words that the program gets, its name included.
        codes: The codes that go with it.
    """

    argv: Words
    codes: Codes = field(default=Codes(), compare=False, repr=False)


Outcome = Process | Refusal


StepPhase = Literal["build", "client", "create", "start"]
"""When a rule is applied: while an image is built, the command line is read, a container is created, or it is
started.
"""

LEFT_TO_CHANCE: Final = "chance"
"""The field of a step after which an engine does sometimes one thing and sometimes another."""

TRIGGER: Final = "trigger"
"""The field of a step at which a trigger of the base starts to run; `after` is its text."""


class Step(NamedTuple):
    """One application of a rule.

    Attributes:
        rule: The rule's id in the spec, such as `STATE-2`.
        field: What it decided: `Entrypoint`, `Cmd`, `Shell`, `argv` ...
        before: The value before the step.
        after: The value after the step; equal to `before` where the rule leaves it unchanged.
        image: The image that is built, or None once a container is created.
        line: The line of that image's Dockerfile, from 1, or None where no line is the cause.
        note: A few words, where the values alone do not say enough.
        phase: When it was applied.
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
    """What a case runs, according to the oracle.

    Attributes:
        config: The last image's config, or None where an image is refused.
        request: The create request, or None where the case is refused before it is sent.
        planned: The argv that create fixes, or an earlier refusal.
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
        """Whether the engine always does the same; where it is left to chance, one outcome is predicted."""
        return all(step.field != LEFT_TO_CHANCE for step in self.steps)

    @property
    def rules(self) -> frozenset[str]:
        """The ids of the rules that were applied."""
        return frozenset(step.rule for step in self.steps)
