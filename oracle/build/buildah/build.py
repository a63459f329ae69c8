"""Building an image with Buildah: stage by stage, each instruction checked when its turn comes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cmdpoint.oracle.build.buildah.arguments import Arguments
from cmdpoint.oracle.build.buildah.stages import Stage, bases_of, find_target, needed, read_stages
from cmdpoint.oracle.build.buildah.triggers import read_triggers
from cmdpoint.oracle.build.state import StageState
from cmdpoint.oracle.build.variables import expand
from cmdpoint.oracle.case import Image, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong, check
from cmdpoint.oracle.dockerfile.commands import Command, Reader
from cmdpoint.oracle.dockerfile.reference import is_reference
from cmdpoint.oracle.outcome import LEFT_TO_CHANCE, Refusal
from cmdpoint.oracle.refusals import Kind, Phase
from cmdpoint.oracle.trace import Scope


def build(
    image: Image, bases: Mapping[str, ImageConfig], dialect: Dialect, scope: Scope
) -> ImageConfig | Refusal:
    """Build an image; see `oracle.build.build`.

    Source: containers/buildah, `imagebuildah/build.go:buildDockerfilesOnce`, `executor.go:Build`,
    `stage_executor.go:Execute`.
    """
    reader = Reader(dialect, scope)
    if not image.dockerfile:
        return _refused("parse", "LEX-23", "empty-dockerfile", "the Dockerfile is empty", None, scope)
    commands = reader.read(image.dockerfile)
    if isinstance(commands, Refusal):
        return commands
    found = read_stages(commands, image, dialect, scope)
    if isinstance(found, Refusal):
        return found
    stages, arguments = found
    if image.target:
        last = find_target(stages, image.target, dialect, scope)
        if last is None:
            scope.note("STATE-15", "target", image.target, None)
            return Refusal("build", "no-such-target", f"no stage is called {image.target!r}")
        stages = stages[: last + 1]
    if not stages:
        return _refused("parse", "LEX-23", "no-stages", "there is nothing to build", None, scope)
    return _Build(stages, arguments, image, bases, dialect, scope, reader.escape).run()


@dataclass(slots=True)
class _Build:
    """The stages of one Dockerfile, up to the target, while they are built."""

    stages: list[Stage]
    arguments: Arguments
    image: Image
    bases: Mapping[str, ImageConfig]
    dialect: Dialect
    scope: Scope
    escape: str
    built: list[tuple[str, ImageConfig]] = field(default_factory=list)

    def run(self) -> ImageConfig | Refusal:
        wanted = self._wanted()
        if isinstance(wanted, Refusal):
            return wanted
        if len(self.stages) > 1 or self.image.target:
            last = len(self.stages) - 1
            self.scope.at(self.stages[-1].line).note(
                "STATE-15", "stage", None, last, "the stage that becomes the image"
            )
        config: ImageConfig | Refusal = ImageConfig()
        for at, stage in enumerate(self.stages):
            if at not in wanted:
                note = "not needed: it is not even looked at"
                self.scope.at(stage.line).note("STATE-15", "stage", note=note)
                continue
            config = self._stage(stage)
            if isinstance(config, Refusal):
                break
            self.built.append((stage.name, config))
        return config

    def _wanted(self) -> set[int] | Refusal:
        """The stages that are built."""
        if self.dialect.unneeded_stages == "built":
            return set(range(len(self.stages)))
        values = self.arguments.of_needs(self.dialect)
        bases = bases_of(self.stages, values, self.dialect, self.scope)
        return bases if isinstance(bases, Refusal) else needed(self.stages, bases)

    def _stage(self, stage: Stage) -> ImageConfig | Refusal:
        name = self._from(stage)
        if isinstance(name, Refusal):
            return name
        is_stage = any(each == name for each, _ in self.built)
        base = self._base(stage, name)
        if isinstance(base, Refusal):
            return base
        scope = self.scope.at(stage.line)
        if base != ImageConfig():
            scope.note("STATE-10", "config", None, base, f"inherited from {name}")
        state = StageState.on(
            base,
            self.dialect,
            base_is_stage=is_stage,
            given=dict(self.image.build_args),
            escape=self.escape,
        )
        triggers = self._triggers(base, scope, base_is_stage=is_stage)
        if isinstance(triggers, Refusal):
            return triggers
        if not triggers and not stage.commands and name != "scratch":
            if base.on_build:
                scope.note(
                    "ONB-8", "OnBuild", base.on_build, base.on_build, "nothing was done: it is the base"
                )
            return base
        return self._apply(stage, triggers, state)

    def _triggers(self, base: ImageConfig, scope: Scope, *, base_is_stage: bool) -> list[Command] | Refusal:
        """What the triggers of a base say."""
        if not base.on_build:
            return []
        scope.note("ONB-5", "OnBuild", note="triggers are run, not inherited")
        if base_is_stage:
            scope.note("ONB-6", "OnBuild", base.on_build, (), "a stage's triggers are an image's")
        return read_triggers(base.on_build, self.dialect, scope)

    def _apply(self, stage: Stage, triggers: list[Command], state: StageState) -> ImageConfig | Refusal:
        """Apply the triggers of the base and a stage's own commands, checking each before it is applied."""
        state.in_trigger = True
        scope = self.scope.at(stage.line)
        for command in triggers:
            if wrong := self._check(command, scope):
                scope.note("FORM-18", "build", None, "refused", "it is looked at only now")
                return Refusal("build", wrong[1], f"a trigger: {wrong[2]}")
            keyword, before = command.instruction.keyword, state.cmd
            state.apply(command, scope)
            if keyword in ("CMD", "ENTRYPOINT"):
                note = f"{keyword} counts as one of this stage's own"
                scope.note("ONB-4", "config", before, state.cmd, note)
        state.in_trigger = False
        for command in stage.commands:
            scope = self.scope.at(command.instruction.line)
            if wrong := self._check(command, scope):
                scope.note("LEX-31", "build", note="checked when its turn has come")
                return self._wrong(wrong, command)
            if command.instruction.flags and command.instruction.keyword in self.dialect.unchecked_flags:
                scope.note("LEX-27", "flags", command.instruction.flags, (), "passed over")
            state.apply(command, scope)
        return state.config

    def _check(self, command: Command, scope: Scope) -> Wrong | None:
        """What is wrong with an instruction; one that is unknown may be none."""
        wrong = check(command, self.dialect)
        if wrong and wrong[0] == "LEX-22" and self.dialect.unknown_instructions == "passed over":
            scope.note("LEX-22", "config", note=f"{command.instruction.keyword} is passed over")
            return None
        return wrong

    def _from(self, stage: Stage) -> str | Refusal:
        """What the FROM of a stage comes to."""
        if stage.start is None:
            return self._refuse("LEX-23", "no-current-stage", "the stage has no FROM", stage.line)
        if wrong := check(stage.start, self.dialect):
            return self._wrong(wrong, stage.start)
        name = expand(stage.base, self.arguments.of_from, self.dialect)
        if name != stage.base:
            note = "the ARGs before the first FROM are put in"
            self.scope.at(stage.line).note("STATE-16", "base", stage.base, name, note)
        if name is None:
            message = f"the variables of {stage.base!r} cannot be read"
            return self._refuse("STATE-16", "bad-syntax", message, stage.line)
        if not name:
            return self._refuse("STATE-16", "blank-base-name", f"{stage.base!r} is blank", stage.line)
        return name

    def _base(self, stage: Stage, name: str) -> ImageConfig | Refusal:
        """The config a stage starts with."""
        scope = self.scope.at(stage.line)
        if any(each == name for each, _ in self.built):
            scope.note("STATE-12", "base", stage.base, name, "an earlier stage of this file")
            configs = [config for each, config in self.built if each == name]
            if len(configs) > 1:
                self._note_duplicates(stage, name, configs)
            return configs[-1]
        if name == "scratch":
            scope.note("STATE-11", "config", None, ImageConfig(), "scratch is empty")
            return ImageConfig(files={})
        if name in self.bases:
            return self.bases[name]
        if is_reference(name):
            scope.note("STATE-12", "base", name, None, "neither an earlier stage nor an image")
            return Refusal("build", "no-such-image", f"there is no image {name!r}", stage.line)
        return self._refuse("STATE-25", "invalid-reference", f"{name!r} is no image reference", stage.line)

    def _note_duplicates(self, stage: Stage, name: str, configs: list[ImageConfig]) -> None:
        """Say which of several stages of one name is found.

        Directly behind the last of them, that is left to chance: it has been built, but may not have taken
        over the name yet.
        """
        if self.built[-1][0] == name and configs[-1] != configs[-2]:
            note = "either the last stage of that name is found, or the one before it"
            self.scope.at(stage.line).note("STATE-13", LEFT_TO_CHANCE, stage.base, name, note)
        else:
            self.scope.at(stage.line).note(
                "STATE-13", "base", stage.base, name, "the last stage of that name counts"
            )

    def _wrong(self, wrong: Wrong, command: Command) -> Refusal:
        rule, kind, message = wrong
        return self._refuse(rule, kind, message, command.instruction.line)

    def _refuse(self, rule: str, kind: Kind, message: str, line: int) -> Refusal:
        return _refused("build", rule, kind, message, line, self.scope)


def _refused(stage: Phase, rule: str, kind: Kind, message: str, line: int | None, scope: Scope) -> Refusal:
    scope.at(line).note(rule, "build", None, "refused")
    return Refusal(stage, kind, message, line)
