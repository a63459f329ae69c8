"""The words every part of cmdpoint shares: case, request, image config, outcome, step, prediction.

A `Case` goes in, a `Prediction` comes out, and everything between the two is plain frozen data.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from oracle.kinds import Kind, Stage

if TYPE_CHECKING:
    from oracle.files import Files

Words = tuple[str, ...]
"""A list of words as Docker's JSON carries it: an entrypoint, a command, an argv."""


class Absent(Enum):
    """The type of `ABSENT`: a key that a request does not carry at all."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
"""A request's missing key, which JSON can tell from `null` (None) and from `[]` (an empty tuple)."""


@dataclass(frozen=True, slots=True)
class Image:
    """One image of a case, built from a Dockerfile.

    Attributes:
        name: What later images of the case call it in FROM.
        dockerfile: The text. A byte that is not UTF-8 stands as its surrogate escape (PEP 383).
        target: The stage to build (`docker build --target`), or None for the last one.
        build_args: What `--build-arg` sets: pairs of name and value.
    """

    name: str
    dockerfile: str
    target: str | None = None
    build_args: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What a request to create a container says of what runs: keys of `POST /containers/create`.

    Attributes:
        entrypoint: `Entrypoint`: absent, null (None), or a list of words, which may be empty.
        cmd: `Cmd`, likewise.
        env: `Env`: words `NAME=value`; a word without = takes the name away.
        working_dir: `WorkingDir`; empty for the image's.
        user: `User`; empty for the image's.
        init: `HostConfig.Init`: whether an init process runs the command.
    """

    entrypoint: Words | Absent | None = ABSENT
    cmd: Words | Absent | None = ABSENT
    env: Words = ()
    working_dir: str = ""
    user: str = ""
    init: bool = False

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Request":
        """The request of a JSON body, whose values are of the right types; see `body`."""
        lists = {"entrypoint": body.get("Entrypoint", ABSENT), "cmd": body.get("Cmd", ABSENT)}
        words = {key: tuple(value) if isinstance(value, list) else value for key, value in lists.items()}
        others = (tuple(body.get("Env") or ()), body.get("WorkingDir") or "", body.get("User") or "")
        return cls(
            words["entrypoint"], words["cmd"], *others, bool((body.get("HostConfig") or {}).get("Init"))
        )

    def body(self) -> dict[str, Any]:
        """The keys as the request's JSON carries them; what is absent or empty is not there."""
        lists = {"Entrypoint": self.entrypoint, "Cmd": self.cmd}
        body: dict[str, Any] = {
            key: None if value is None else list(value)
            for key, value in lists.items()
            if not isinstance(value, Absent)
        }
        others = {"Env": list(self.env), "WorkingDir": self.working_dir, "User": self.user}
        body |= {key: value for key, value in others.items() if value}
        return body | ({"HostConfig": {"Init": True}} if self.init else {})


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What somebody types: the words after `docker run`.

    Attributes:
        words: Options, the image, which `command_line.IMAGE` stands for, and its arguments.
    """

    words: Words


@dataclass(frozen=True, slots=True)
class Case:
    """A chain of images, each of which may be a later one's base, and how the last is asked to run."""

    images: tuple[Image, ...]
    request: Request | CommandLine = Request()


DEFAULT_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The PATH of a container whose image and request say nothing of it (EXEC-3)."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and as whom a program is looked for and run.

    Attributes:
        env: The environment, as pairs of name and value.
        working_dir: The working folder; empty for `/`.
        user: The user; empty for root.
    """

    env: tuple[tuple[str, str], ...] = ()
    working_dir: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """The part of an image's config that decides what runs; nothing and the empty list are the same here.

    Attributes:
        entrypoint: `Entrypoint`; empty where the image has none.
        cmd: `Cmd`; empty where the image has none.
        shell: `Shell`, the prefix that SHELL set; empty where it never did.
        on_build: `OnBuild`, the triggers kept for a later build.
        setting: Where and as whom a program is looked for and run. Not compared: few words of a Dockerfile
            decide about it, and it shows in what starts.
        files: What the image holds, or None where that is not known.
    """

    entrypoint: Words = ()
    cmd: Words = ()
    shell: Words = ()
    on_build: Words = ()
    setting: Setting = field(default=Setting(), compare=False, repr=False)
    files: "Files | None" = field(default=None, compare=False, repr=False)


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
        pairs = zip(astuple(self), astuple(other), strict=True)
        return all(one is None or another is None or one == another for one, another in pairs)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The outcome in which nothing runs.

    Attributes:
        stage: Where it happens.
        kind: What it is about.
        message: One sentence for a person.
        line: The line of the Dockerfile, from 1, where there is one to name.
        image: The image of the case whose build it ends, where there is one.
        codes: The numbers that tell of it.
    """

    stage: Stage
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


def agree(predicted: Outcome | ImageConfig, seen: Outcome | ImageConfig) -> bool:
    """Whether two outcomes, or two configs, are the same.

    Of refusals, the stage, the kind and the image count, and the line where both name one; the words do not.
    The codes count as far as both know them.
    """
    if isinstance(predicted, ImageConfig) or isinstance(seen, ImageConfig):
        return predicted == seen
    if not predicted.codes.agree(seen.codes):
        return False
    if isinstance(predicted, Refusal) and isinstance(seen, Refusal):
        lines = {predicted.line, seen.line} - {None}
        return (predicted.stage, predicted.kind, predicted.image, len(lines) < 2) == (
            seen.stage,
            seen.kind,
            seen.image,
            True,
        )
    return predicted == seen


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
        stage: When it was applied: while an image is built, the command line is read, a container is created,
            or it is started.
    """

    rule: str
    field: str
    before: object = None
    after: object = None
    image: str | None = None
    line: int | None = None
    note: str = ""
    stage: Literal["build", "client", "create", "start"] = "build"


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
    def rules(self) -> frozenset[str]:
        """The ids of the rules that were applied."""
        return frozenset(step.rule for step in self.steps)
