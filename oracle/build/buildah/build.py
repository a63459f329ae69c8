"""Buildah: stage by stage, each instruction checked only when it is reached, in a stage that is needed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cmdpoint.oracle.build.buildah.arguments import Arguments, needs_arguments, with_platform
from cmdpoint.oracle.build.buildah.execution import execute, refuse
from cmdpoint.oracle.build.buildah.stages import bases_of, find_target, needed, read_stages, required_by_flag
from cmdpoint.oracle.build.buildah.triggers import read_triggers
from cmdpoint.oracle.build.platforms import wrong_platform
from cmdpoint.oracle.build.stage import Stage, find_image, inherited, platform_of
from cmdpoint.oracle.build.state import StageState
from cmdpoint.oracle.build.variables import expand
from cmdpoint.oracle.build.words import expand_flags
from cmdpoint.oracle.case import Image, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong, check
from cmdpoint.oracle.dockerfile.commands import Command, Reader
from cmdpoint.oracle.dockerfile.flag_checks import check_bare
from cmdpoint.oracle.dockerfile.go_strings import index
from cmdpoint.oracle.files import Files, Origins
from cmdpoint.oracle.outcome import LEFT_TO_CHANCE, Refusal
from cmdpoint.oracle.trace import Scope


def build(
    image: Image, images: Mapping[str, ImageConfig], dialect: Dialect, scope: Scope
) -> ImageConfig | Refusal:
    """Build an image; see `oracle.build.docker.build`.

    Source: containers/buildah, `imagebuildah/build.go:buildDockerfilesOnce`, `executor.go:Build`,
    `stage_executor.go:Execute`.
    """
    reader = Reader(dialect, scope)
    if not image.dockerfile:
        return refuse("LEX-23", "empty-dockerfile", "the Dockerfile is empty", scope, "parse")
    with_arguments = with_platform(image, dialect) if image.build_args else image
    if with_arguments is None:
        return refuse("STATE-16", "bad-syntax", "the given TARGETPLATFORM is no platform", scope)
    image = with_arguments
    commands = reader.read(image.dockerfile)
    if isinstance(commands, Refusal):
        return commands
    read = read_stages(
        commands, image, dialect, scope, needs_arguments=needs_arguments(commands, image, images)
    )
    if isinstance(read, Refusal):
        return read
    stages, arguments = read
    if image.target:
        last = find_target(stages, image.target, dialect, scope)
        if last is None:
            scope.note("STATE-15", "target", image.target, None)
            return Refusal("build", "no-such-target", f"no stage is called {image.target!r}")
        stages = stages[: last + 1]
    if not stages:
        return refuse("LEX-23", "no-stages", "there is nothing to build", scope, "parse")
    return _Build(stages, arguments, image, images, dialect, scope, reader.escape).run()


@dataclass(slots=True)
class _Build:
    """The build of the stages of one Dockerfile, up to the target.

    Attributes:
        built: The stages that are built, with their names, in order.
        context: The files of the build context; None if they are not known.
    """

    stages: list[Stage]
    arguments: Arguments
    image: Image
    images: Mapping[str, ImageConfig]
    dialect: Dialect
    scope: Scope
    escape: str
    built: list[tuple[str | None, ImageConfig]] = field(default_factory=list)
    context: Files | None = field(init=False)

    def __post_init__(self) -> None:
        """Index the build context by path."""
        self.context = None if self.image.context is None else dict(self.image.context)

    def run(self) -> ImageConfig | Refusal:
        wanted = self._wanted()
        if isinstance(wanted, Refusal):
            return wanted
        if len(self.stages) > 1 or self.image.target:
            last, note = len(self.stages) - 1, "the stage that becomes the image"
            self.scope.at(self.stages[-1].line).note("STATE-15", "stage", None, last, note)
        config: ImageConfig | Refusal = ImageConfig()
        for at, stage in enumerate(self.stages):
            if at not in wanted:
                self.scope.at(stage.line).note("STATE-15", "stage", note="not needed, so not even checked")
                continue
            config = self._stage(stage)
            if isinstance(config, Refusal):
                return config if len(wanted) == 1 else self._reported(config, at, wanted)
            self.built.append((stage.name, config))
        return config

    def _reported(self, refused: Refusal, at: int, wanted: set[int]) -> Refusal:
        """The refusal of a stage, or of a later one if it waits for a stage that is not built (STATE-13)."""
        name = self._from(self.stages[at], self.scope.apart())
        skipped = {each.name for number, each in enumerate(self.stages[:at]) if number not in wanted}
        for later in sorted(each for each in wanted if each > at and name in skipped):
            config = self._stage(self.stages[later])
            if isinstance(config, Refusal):
                scope = self.scope.at(self.stages[at].line)
                scope.note("STATE-13", LEFT_TO_CHANCE, note="it waits while another stage is refused")
                return config
            self.built.append((self.stages[later].name, config))
        return refused

    def _wanted(self) -> set[int] | Refusal:
        """The stages that are built."""
        after = self._after()
        if isinstance(after, Refusal):
            return after
        plain = all(stage.has_plain_base for stage in self.stages)
        if (plain and len(self.stages) == 1) or self.dialect.unneeded_stages == "built":
            return set(range(len(self.stages)))
        values = self.arguments.of_needs(self.dialect)
        bases = bases_of(self.stages, {} if plain else values, self.dialect, self.scope)
        return (
            bases if isinstance(bases, Refusal) else needed(self.stages, bases, after, values, self.dialect)
        )

    def _after(self) -> list[str | None] | Refusal:
        """The stages that `--after` names, if any FROM has that flag."""
        has_flags = any(stage.flags for stage in self.stages)
        if not has_flags or self.dialect.after_flag == "ignored":
            return [None] * len(self.stages)
        return required_by_flag(self.stages, self.arguments.of_needs(self.dialect), self.dialect, self.scope)

    def _stage(self, stage: Stage) -> ImageConfig | Refusal:
        scope = self.scope.at(stage.line)
        name = self._from(stage, scope)
        if isinstance(name, Refusal):
            return name
        is_stage = any(each == name for each, _ in self.built)
        if is_stage:
            base: ImageConfig | Refusal = self._earlier_stage(stage, name, scope)
        else:
            base = find_image(name, self.images, self.dialect, scope)
        if isinstance(base, Refusal):
            return base
        base = inherited(base, name, self.dialect, scope, base_is_stage=is_stage)
        triggers = read_triggers(base.on_build, self.dialect, scope) if base.on_build else []
        if isinstance(triggers, Refusal):
            return triggers
        if not triggers and not stage.commands and name != "scratch":
            if base.on_build:
                note = "there is nothing to do: the image is the base"
                scope.note("ONB-8", "OnBuild", base.on_build, base.on_build, note)
            return base
        given = dict(self.image.build_args)
        defaults = {**self.arguments.predefined, **self.arguments.head}
        state = StageState(
            base,
            self.dialect,
            base_is_stage=is_stage,
            given=given,
            defaults=defaults,
            escape=self.escape,
            origins=Origins(self._files_of, self.context),
        )
        return self._apply_triggers(triggers, stage, state, scope) or self._apply(stage, state)

    def _apply_triggers(
        self, triggers: list[Command], stage: Stage, state: StageState, scope: Scope
    ) -> Refusal | None:
        """Apply the triggers of the base, each checked before it is applied."""
        for command in triggers:
            if wrong := self._check_in(state, command, stage, scope):
                scope.note("FORM-18", "build", None, "refused", "it is checked only now")
                return Refusal("build", wrong[1], f"a trigger: {wrong[2]}")
            if refusal := execute(command, state, scope, is_trigger=True):
                return refusal
        return None

    def _apply(self, stage: Stage, state: StageState) -> ImageConfig | Refusal:
        """Apply a stage's own commands, each checked before it is applied."""
        for command in stage.commands:
            read = command.instruction
            scope = self.scope.at(read.line)
            if wrong := self._check_in(state, command, stage, scope):
                if wrong[0] != "STATE-31":
                    scope.note("LEX-31", "build", note="checked when it is reached")
                return refuse(*wrong, scope)
            if read.flags and read.keyword in self.dialect.unchecked_flags:
                scope.note("LEX-27", "flags", read.flags, (), "passed over")
            if refusal := execute(command, state, scope, is_trigger=False):
                return refusal
        return state.config

    def _check_in(self, state: StageState, command: Command, stage: Stage, scope: Scope) -> Wrong | None:
        """What is wrong with an instruction: its words are read first, then `--from`, then the flags."""
        wrong = self._wrong_flag(command, stage, state)
        if wrong is None:
            known = state.base.files is not None
            read = expand_flags(command, state.variables, self.escape, self.dialect, all_known=known)
            wrong = self._check(read, scope) if isinstance(read, Command) else read
        words = state.check(command) if wrong and command.instruction.words else None
        return words if words and words[0] == "STATE-26" else wrong

    def _check(self, command: Command, scope: Scope) -> Wrong | None:
        """What is wrong with an instruction; an unknown one may be passed over."""
        wrong = check(command, self.dialect)
        if wrong and wrong[0] == "LEX-22" and self.dialect.unknown_instructions == "ignored":
            scope.note("LEX-22", "config", note=f"{command.instruction.keyword} is passed over")
            return None
        return wrong

    def _files_of(self, source: str) -> Files | None:
        """The files of the stage that a COPY names; None if they are not known."""
        found = [config for name, config in self.built if name == source]
        return found[-1].files if len(found) == 1 and not found[-1].open_paths else None

    def _wrong_flag(self, command: Command, stage: Stage, state: StageState) -> Wrong | None:
        """What is wrong with flags without their values, and with `--from` of a COPY (STATE-31), in order."""
        read = command.instruction
        for flag in read.flags if read.keyword in ("ADD", "COPY") else ():
            if wrong := check_bare(read, flag, self.dialect):
                return wrong
            if read.keyword == "COPY" and flag.startswith("--from="):
                wrong = self._wrong_stage(flag.removeprefix("--from="), stage, state)
                if wrong:
                    return wrong
        return None

    def _wrong_stage(self, written: str, stage: Stage, state: StageState) -> Wrong | None:
        """What is wrong with the value of `--from`; its variables are the ARGs of the stage.

        If the base is not known, the values of ARGs may depend on it: a name with variables is not checked.
        """
        if "=" in written:
            return "STATE-31", "bad-flag", f"--from={written} is not the name of one stage or image"
        if "$" in written and state.base.files is None:
            return None
        arguments = state.environment.arguments if state.environment else {}
        name = expand(written, arguments, self.dialect)
        if name is None:
            return "STATE-26", "bad-syntax", f"the variables of --from={written} cannot be replaced"
        if (number := index(name)) is not None and number < self.stages.index(stage):
            name = self.stages[number].name or name
        is_stage = name != stage.name and any(name == each for each, _ in self.built)
        if is_stage or name in self.images:
            return None
        return "STATE-31", "no-such-image", f"--from={name} is neither a stage nor an image"

    def _from(self, stage: Stage, scope: Scope) -> str | Refusal:
        """The name of a stage's base, with the variables replaced (STATE-16)."""
        if stage.start is None:
            return refuse("LEX-23", "no-current-stage", "the stage has no FROM", scope)
        usable = self.arguments.of_flags(self.dialect)
        start = expand_flags(stage.start, usable, self.escape, self.dialect, all_known=True)
        if not isinstance(start, Command):
            return refuse(*start, scope)
        if wrong := check(start, self.dialect):
            return refuse(*wrong, scope)
        name = expand(stage.base, self.arguments.of_from, self.dialect)
        if name != stage.base:
            note = "its variables are the ARGs before the first FROM"
            scope.note("STATE-16", "base", stage.base, name, note)
        if name is None:
            message = f"the variables of {stage.base!r} cannot be replaced"
            return refuse("STATE-16", "bad-syntax", message, scope)
        if not name:
            message = f"{stage.base!r} is empty once it is replaced"
            return refuse("STATE-16", "blank-base-name", message, scope)
        platform = platform_of(start.instruction.flags)
        is_read = platform and "FROM" not in self.dialect.unchecked_flags
        if is_read and (why := wrong_platform(platform, self.dialect)):
            return refuse("STATE-35", "bad-flag", why, scope)
        return name

    def _earlier_stage(self, stage: Stage, name: str, scope: Scope) -> ImageConfig:
        """The config of an earlier stage that is a base (STATE-12).

        Of several stages of the name it is the last. Directly behind that one it is left to chance: it is
        built, but may not have taken over the name yet.
        """
        scope.note("STATE-12", "base", stage.base, name, "an earlier stage of this file")
        configs = [config for each, config in self.built if each == name]
        if len(configs) > 1:
            if self.built[-1][0] == name and configs[-1] != configs[-2]:
                note = "the base is either the last stage of that name or the one before it"
                scope.note("STATE-13", LEFT_TO_CHANCE, stage.base, name, note)
            else:
                scope.note("STATE-13", "base", stage.base, name, "the last stage of that name is the base")
        return configs[-1]
