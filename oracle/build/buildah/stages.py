"""Group commands into stages as openshift/imagebuilder does, and find those that the target needs."""

from collections.abc import Iterator, Mapping, Sequence

from cmdpoint.oracle.build.buildah.arguments import Arguments, read_arguments
from cmdpoint.oracle.build.copies import sources
from cmdpoint.oracle.build.global_arguments import PLATFORM
from cmdpoint.oracle.build.stage import Stage
from cmdpoint.oracle.build.variables import expand
from cmdpoint.oracle.case import Image
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.go_strings import index, is_same
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope


def read_stages(
    commands: list[Command], image: Image, dialect: Dialect, scope: Scope, *, needs_arguments: bool
) -> tuple[list[Stage], Arguments] | Refusal:
    """Group commands into stages.

    Args:
        commands: All commands of a file.
        image: The image that is built; its build arguments count.
        dialect: How the builder behaves.
        scope: Takes the steps.
        needs_arguments: Whether the build uses the arguments; if not, they are not read.

    Returns:
        The stages, if any, and the variables that their FROMs may use; or the refusal.

    Source: openshift/imagebuilder, `builder.go:NewStages`.
    """
    head, rest = _split(commands)
    given = dict(image.build_args)
    arguments: Arguments | Refusal = Arguments({}, given, frozenset(), {})
    if needs_arguments:
        arguments = read_arguments(head, commands, given, dialect, scope)
    if isinstance(arguments, Refusal):
        return arguments
    stages = _grouped(rest)
    for number, stage in enumerate(stages):
        wrong = _expand_name(stage, arguments, dialect) or _check_start(stage, number, dialect)
        if wrong is not None:
            rule, kind, message = wrong
            scope.at(stage.line).note(rule, "build", note="refused")
            return Refusal("build" if kind == "bad-syntax" else "parse", kind, message, stage.line)
    return stages, arguments


def _split(commands: list[Command]) -> tuple[list[Command], list[Command]]:
    """The ARGs in front of the first FROM, and all other commands."""
    keywords = [command.instruction.keyword for command in commands]
    first = keywords.index("FROM") if "FROM" in keywords else len(commands)
    is_head = [at < first and keyword == "ARG" for at, keyword in enumerate(keywords)]
    pairs = list(zip(commands, is_head, strict=True))
    return [each for each, head in pairs if head], [each for each, head in pairs if not head]


def _grouped(commands: list[Command]) -> list[Stage]:
    """The stages that commands are in."""
    stages: list[Stage] = []
    for command in commands:
        if command.instruction.keyword == "FROM":
            stages.append(Stage(str(len(stages)), command))
            words = command.instruction.words
            if len(words) > 2 and is_same(words[1], "as"):
                stages[-1].name = words[2]
        else:
            if not stages:
                stages.append(Stage("0", None))
            stages[-1].commands.append(command)
    return stages


def _expand_name(stage: Stage, arguments: Arguments, dialect: Dialect) -> Wrong | None:
    """Replace the variables of the name behind AS (STATE-14)."""
    name = expand(stage.name, arguments.of_names, dialect) if stage.name else stage.name
    if name != stage.name and dialect.stage_name_variables == "expanded":
        if name is None:
            return "STATE-14", "bad-syntax", f"the variables of {stage.name!r} cannot be replaced"
        stage.name = name
    return None


def _check_start(stage: Stage, number: int, dialect: Dialect) -> Wrong | None:
    """Check a stage before anything is built: how it begins, which old builders check later, and its ARGs.

    An ARG without words ends the service of old versions, so that nothing is built either.

    Source: containers/buildah, `imagebuildah/build.go:warnOnUnsetBuildArgs`.
    """
    early = dialect.stage_without_from != "refused when reached"
    return (_wrong_start(stage, number) if early else None) or _bare_argument(stage)


def _wrong_start(stage: Stage, number: int) -> Wrong | None:
    if stage.start is None:
        return "LEX-23", "no-current-stage", f"stage {number + 1} does not begin with FROM"
    if not stage.base:
        return "STATE-14", "argument-count", "FROM takes one argument, or three"
    return None


def _bare_argument(stage: Stage) -> Wrong | None:
    if any(each.instruction.keyword == "ARG" and not each.words for each in stage.commands):
        return "LEX-31", "missing-argument", "ARG needs an argument"
    return None


def find_target(stages: Sequence[Stage], target: str, dialect: Dialect, scope: Scope) -> int | None:
    """The stage with the target's name, the first or the last of several; or else the one with its number."""
    found = [at for at, stage in enumerate(stages) if stage.name == target]
    if found:
        which = dialect.duplicate_stage_names
        if len(found) > 1:
            scope.note("STATE-13", "target", target, found, which)
        return found[0 if which == "the first is the target" else -1]
    number = index(target) if dialect.stage_numbers == "of all stages" else None
    return number if number is not None and number < len(stages) else None


def needed(
    stages: Sequence[Stage],
    bases: Sequence[str | None],
    after: Sequence[str | None],
    values: Mapping[str, str],
    dialect: Dialect,
) -> set[int]:
    """The stages that the last one needs as bases or copies from, and every other stage with the name of one.

    Args:
        stages: The stages up to the target.
        bases: The base that each FROM names, as far as is known before anything is built; None for `scratch`.
            A base without a name is a stage without one: both names may come from variables.
        after: The stage that each FROM names with `--after`, or None.
        values: The variables that are known before anything is built.
        dialect: How the builder behaves.

    Source: containers/buildah, `imagebuildah/executor.go:Build`.
    """
    needs: dict[str | None, list[str]] = {}
    for stage, base, first in zip(stages, bases, after, strict=True):
        needs[stage.name] = []
        wanted = (base, first, *_source_stages(stage, stages, values, dialect))
        needs[stage.name] += (name for name in wanted if name is not None and name in needs)
    names: set[str | None] = set()
    waiting: list[str | None] = [stages[-1].name]
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.add(name)
            waiting += needs[name]
    return {at for at, stage in enumerate(stages) if stage.name in names}


def _source_stages(
    stage: Stage, stages: Sequence[Stage], values: Mapping[str, str], dialect: Dialect
) -> Iterator[str]:
    """The stages and images that a stage copies from, as far as is known before anything is built."""
    own: dict[str, str] = {}
    for command in stage.commands:
        if command.words and dialect.source_variables == "all arguments, and those of the stage":
            name, assigned, default = command.words[0].partition("=")
            is_argument = assigned and command.instruction.keyword == "ARG"
            own |= {name: expand(default, PLATFORM, dialect) or ""} if is_argument else {}
        for source in sources(command):
            known = dialect.source_variables != "not replaced"
            read = expand(source, {**own, **values}, dialect) if known else source
            number = None if read is None else index(read)
            read = stages[number].name if number is not None and number < len(stages) else read
            yield source if read is None else read


def bases_of(
    stages: Sequence[Stage], values: Mapping[str, str], dialect: Dialect, scope: Scope
) -> list[str | None] | Refusal:
    """The bases by which the needed stages are determined, None for each `scratch`; or the refusal of one."""
    bases: list[str | None] = []
    for stage in stages:
        if stage.base == "scratch":
            bases.append(None)
            continue
        base = expand(stage.base, values, dialect)
        if base is None:
            scope.at(stage.line).note("STATE-16", "build", note="refused")
            message = f"the variables of {stage.base!r} cannot be replaced"
            return Refusal("build", "bad-syntax", message, stage.line)
        bases.append(base)
    return bases


def required_by_flag(
    stages: Sequence[Stage], values: Mapping[str, str], dialect: Dialect, scope: Scope
) -> list[str | None] | Refusal:
    """The stage that each FROM names with `--after`, None if it names none; or the refusal of one.

    Args:
        stages: The stages up to the target.
        values: The variables that a flag may use.
        dialect: How the builder behaves.
        scope: Takes the steps.

    Source: containers/buildah, `imagebuildah/executor.go:Build`.
    """
    after: list[str | None] = []
    for at, stage in enumerate(stages):
        names = [flag.removeprefix("--after=") for flag in stage.flags if flag.startswith("--after=")]
        name = expand(names[0], values, dialect) if names else ""
        if name is None:
            scope.at(stage.line).note("STATE-16", "build", note="refused")
            message = f"the variables of --after={names[0]} cannot be replaced"
            return Refusal("build", "bad-syntax", message, stage.line)
        if (number := index(name)) is not None and number < at:
            name = stages[number].name
        if len(names) > 1 or (names and name not in {each.name for each in stages[:at]}):
            scope.at(stage.line).note("LEX-33", "build", note="refused")
            return Refusal("build", "bad-flag", f"--after={names[-1]} names no earlier stage", stage.line)
        if names:
            scope.at(stage.line).note("STATE-15", "stage", None, name, "needed, and built first")
        after.append(name if names else None)
    return after
