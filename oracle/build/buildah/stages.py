"""From commands to stages as openshift/imagebuilder has them: named as written, or numbered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cmdpoint.oracle.build.buildah.arguments import Arguments, read_arguments
from cmdpoint.oracle.build.variables import expand
from cmdpoint.oracle.case import Image
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.refusals import Kind
from cmdpoint.oracle.trace import Scope


@dataclass(slots=True)
class Stage:
    """A FROM and the commands below it.

    Attributes:
        name: What AS calls it, in the letters it is written with; or else its number, from 0.
        start: Its FROM; None for what stands before the first, which makes a stage too.
        commands: What follows, up to the next FROM.
    """

    name: str
    start: Command | None
    commands: list[Command] = field(default_factory=list)

    @property
    def line(self) -> int:
        """The line it begins in."""
        return (self.start or self.commands[0]).instruction.line

    @property
    def base(self) -> str:
        """What FROM names, as written; nothing where it names nothing."""
        words = self.start.instruction.words if self.start is not None else []
        return words[0] if words else ""


def read_stages(
    commands: list[Command], image: Image, dialect: Dialect, scope: Scope
) -> tuple[list[Stage], Arguments] | Refusal:
    """Make stages of commands.

    Args:
        commands: All commands of a file.
        image: For the build arguments.
        dialect: Whose builder builds.
        scope: Takes the steps.

    Returns:
        The stages, of which there may be none, and what their FROMs see; or the refusal.

    Source: openshift/imagebuilder, `builder.go:NewStages`.
    """
    head, rest = _split(commands)
    arguments = read_arguments(head, commands, dict(image.build_args), dialect, scope)
    if isinstance(arguments, Refusal):
        return arguments
    stages: list[Stage] = []
    for command in rest:
        if command.instruction.keyword == "FROM":
            stages.append(Stage(str(len(stages)), command))
            words = command.instruction.words
            if len(words) > 2 and words[1].lower() == "as":
                stages[-1].name = words[2]
        else:
            if not stages:
                stages.append(Stage("0", None))
            stages[-1].commands.append(command)
    for number, stage in enumerate(stages):
        wrong = _name(stage, arguments, dialect) or _start(stage, number, dialect)
        if wrong is not None:
            rule, kind, message = wrong
            scope.at(stage.line).note(rule, "build", note="refused")
            return Refusal("build" if kind == "bad-syntax" else "parse", kind, message, stage.line)
    return stages, arguments


def _split(commands: list[Command]) -> tuple[list[Command], list[Command]]:
    """The ARGs before the first FROM, and everything else."""
    keywords = [command.instruction.keyword for command in commands]
    first = keywords.index("FROM") if "FROM" in keywords else len(commands)
    is_head = [at < first and keyword == "ARG" for at, keyword in enumerate(keywords)]
    pairs = list(zip(commands, is_head, strict=True))
    return [each for each, head in pairs if head], [each for each, head in pairs if not head]


Wrong = tuple[str, Kind, str]


def _name(stage: Stage, arguments: Arguments, dialect: Dialect) -> Wrong | None:
    """Put the variables into what AS gives (STATE-14)."""
    if dialect.stage_name_variables == "put in":
        name = expand(stage.name, arguments.of_names, dialect)
        if name is None:
            return "STATE-14", "bad-syntax", f"the variables of {stage.name!r} cannot be read"
        stage.name = name
    return None


def _start(stage: Stage, number: int, dialect: Dialect) -> Wrong | None:
    """What is wrong with how a stage begins, where that is looked at before all else."""
    if dialect.stage_without_from == "refused in its turn":
        return None
    if stage.start is None:
        return "LEX-23", "no-current-stage", f"stage {number + 1} does not begin with FROM"
    if not stage.base:
        return "STATE-14", "argument-count", "FROM takes one argument, or three"
    bare = next(
        (each for each in stage.commands if each.instruction.keyword == "ARG" and not each.words), None
    )
    if bare is not None:
        return "LEX-31", "missing-argument", "ARG needs an argument"
    return None


def find_target(stages: Sequence[Stage], target: str, dialect: Dialect, scope: Scope) -> int | None:
    """The stage that a target names: the first of that name, or the last; or else that number's."""
    named = [at for at, stage in enumerate(stages) if stage.name == target]
    if named:
        which = dialect.duplicate_stage_names
        if len(named) > 1:
            scope.note("STATE-13", "target", target, named, which)
        return named[0 if which == "the first is the target" else -1]
    if dialect.stage_numbers == "of all stages" and target.isdecimal() and int(target) < len(stages):
        return int(target)
    return None


def needed(stages: Sequence[Stage], bases: Sequence[str]) -> set[int]:
    """The stages that the last one is built on, and those of like names.

    Args:
        stages: The stages up to the target.
        bases: What the FROM of each comes to, as far as is known before anything is built.

    Source: containers/buildah, `imagebuildah/executor.go:Build`.
    """
    needs: dict[str, list[str]] = {}
    for stage, base in zip(stages, bases, strict=True):
        needs[stage.name] = []
        if base in needs:
            needs[stage.name].append(base)
    names: set[str] = set()
    waiting = [stages[-1].name]
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.add(name)
            waiting += needs[name]
    return {at for at, stage in enumerate(stages) if stage.name in names}


def bases_of(
    stages: Sequence[Stage], values: Mapping[str, str], dialect: Dialect, scope: Scope
) -> list[str] | Refusal:
    """What each FROM comes to where the needed stages are looked for; or the refusal of one."""
    bases: list[str] = []
    for stage in stages:
        base = expand(stage.base, values, dialect) if stage.base != "scratch" else ""
        if base is None:
            scope.at(stage.line).note("STATE-16", "build", note="refused")
            message = f"the variables of {stage.base!r} cannot be read"
            return Refusal("build", "bad-syntax", message, stage.line)
        bases.append(base)
    return bases
