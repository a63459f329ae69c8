"""From stages to an image config: which stages are built, on which bases, and what they leave."""

from collections.abc import Mapping

from cmdpoint.oracle.build.buildah import build as buildah
from cmdpoint.oracle.build.global_arguments import global_arguments
from cmdpoint.oracle.build.state import StageState
from cmdpoint.oracle.build.triggers import run_triggers
from cmdpoint.oracle.build.variables import expand
from cmdpoint.oracle.case import Image, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.reference import is_reference
from cmdpoint.oracle.dockerfile.stages import Parsed, ParsedStage, parse
from cmdpoint.oracle.images.load import ONE_WORD
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.refusals import Kind
from cmdpoint.oracle.trace import Scope


def build(
    image: Image, bases: Mapping[str, ImageConfig], dialect: Dialect, scope: Scope
) -> ImageConfig | Refusal:
    """Build an image.

    Args:
        image: The Dockerfile, the target and the build arguments.
        bases: The images that exist, by name.
        dialect: Whose builder builds.
        scope: Takes the steps.

    Returns:
        The image's config, or the refusal, at stage `parse` or `build`.
    """
    if dialect.front_end == "imagebuilder":
        return buildah.build(image, bases, dialect, scope)
    parsed = parse(image.dockerfile, dialect, scope)
    if isinstance(parsed, Refusal):
        return parsed
    return _Stages(parsed, image, bases, dialect, scope).build()


class _Stages:
    """The stages of one Dockerfile while they are built."""

    def __init__(
        self,
        parsed: Parsed,
        image: Image,
        bases: Mapping[str, ImageConfig],
        dialect: Dialect,
        scope: Scope,
    ) -> None:
        self.parsed = parsed
        self.image = image
        self.stages = parsed.stages
        self.bases = bases
        self.dialect = dialect
        self.scope = scope
        self.values: Mapping[str, str] = {}

    def build(self) -> ImageConfig | Refusal:
        if self.dialect.unneeded_stages == "built":
            last = self._last()
            return last if isinstance(last, Refusal) else self._read_arguments() or self._in_order(last)
        wrong = self._read_arguments() or next(filter(None, map(self._expand, self.stages)), None)
        if wrong is not None:
            return wrong
        last = self._last()
        return last if isinstance(last, Refusal) else self._wrong_reference() or self._stage(last)

    def _last(self) -> int | Refusal:
        """The stage that becomes the image."""
        last = len(self.stages) - 1
        if self.image.target is not None:
            target = self.image.target.lower()
            found = self._target(target)
            if found is None:
                self.scope.note("STATE-15", "target", target, None)
                return self._refuse("no-such-target", f"no stage is called {target!r}", None)
            last = found
        if len(self.stages) > 1:
            self.scope.at(self.stages[last].line).note(
                "STATE-15", "stage", None, last, "the stage that becomes the image"
            )
        return last

    def _in_order(self, last: int) -> ImageConfig | Refusal:
        """Build each stage up to the last one wanted; a FROM is looked at when it is reached."""
        built: ImageConfig | Refusal = ImageConfig()
        for index, stage in enumerate(self.stages[: last + 1]):
            refused = self.dialect.duplicate_stage_names == "refused"
            if refused and stage.name is not None and self._named(stage.name, before=index) is not None:
                self.scope.at(stage.line).note("STATE-13", "build", note="refused")
                message = f"two stages are called {stage.name!r}"
                return self._refuse("duplicate-stage-name", message, stage.line)
            built = self._expand(stage) or self._stage(index)
            if isinstance(built, Refusal):
                break
        return built

    def _read_arguments(self) -> Refusal | None:
        values = global_arguments(self.parsed, self.image, self.dialect, self.scope)
        if isinstance(values, Refusal):
            return values
        self.values = values
        return None

    def _expand(self, stage: ParsedStage) -> Refusal | None:
        """Put the variables into a FROM (STATE-16)."""
        if not any(char in stage.base for char in "$\"'\\`"):
            return None
        name = expand(stage.base, self.values, self.dialect, self.parsed.escape)
        note = "the ARGs before the first FROM are put in"
        self.scope.at(stage.line).note("STATE-16", "base", stage.base, name, note)
        if name is None:
            return self._refuse("bad-syntax", f"the variables of {stage.base!r} cannot be read", stage.line)
        if name == "":
            return self._refuse("blank-base-name", f"{stage.base!r} comes to nothing", stage.line)
        stage.base = name
        return None

    def _stage(self, index: int) -> ImageConfig | Refusal:
        stage = self.stages[index]
        base, base_is_stage = self._base(index)
        if isinstance(base, Refusal):
            return base
        scope = self.scope.at(stage.line)
        if base != ImageConfig():
            scope.note("STATE-10", "config", None, base, f"inherited from {stage.base}")
        state = StageState.on(
            base,
            self.dialect,
            base_is_stage=base_is_stage,
            given=dict(self.image.build_args),
            escape=self.parsed.escape,
        )
        if base.on_build:
            self._note_inheritance(base, scope, base_is_stage=base_is_stage)
            if base_is_stage and self.dialect.in_file_triggers == "run and stay":
                state.on_build.extend(base.on_build)
            refused = run_triggers(base.on_build, state, self.dialect, scope)
            if refused is not None:
                return refused
        for command in stage.commands:
            state.apply(command, self.scope.at(command.instruction.line))
        return state.config

    def _note_inheritance(self, base: ImageConfig, scope: Scope, *, base_is_stage: bool) -> None:
        note = "triggers are run, not inherited"
        scope.note("ONB-5", "OnBuild", note=note)
        if base_is_stage:
            scope.note("ONB-6", "OnBuild", base.on_build, (), "a stage's triggers are an image's")

    def _target(self, name: str) -> int | None:
        """The stage that a target names; where several bear the name, the classic builder takes the first."""
        stages = range(len(self.stages))
        if self.dialect.duplicate_stage_names == "refused":
            return next((i for i in stages if self.stages[i].name == name), None)
        return self._named(name, before=len(self.stages))

    def _base(self, index: int) -> tuple[ImageConfig | Refusal, bool]:
        """The config a stage starts with, and whether another stage of the file gives it."""
        stage = self.stages[index]
        scope = self.scope.at(stage.line)
        name = self._looked_for(stage)
        earlier = self._named(name, before=index)
        if earlier is not None:
            if any(self.stages[i].name == name for i in range(earlier)):
                scope.note("STATE-13", "base", stage.base, earlier, "the last stage of that name counts")
            config = self._stage(earlier)
            scope.note("STATE-12", "base", stage.base, earlier, "an earlier stage of this file")
            return config, True
        if stage.base == "scratch":
            scope.note("STATE-11", "config", None, ImageConfig(), "scratch is empty")
            return ImageConfig(files={}), False
        if stage.base not in self.bases:
            return self._no_image(stage), False
        base = self.bases[stage.base]
        if base.unreadable:
            scope.note("LOAD-4", "base", stage.base, "refused", "its config cannot be read")
            kind = self.dialect.unreadable_base
            return self._refuse(kind, f"the config of {stage.base!r} cannot be read", None), False
        if not set(base.strings_for_lists) <= set(ONE_WORD[self.dialect.string_for_list]):
            scope.note("LOAD-1", "base", stage.base, "refused", "a string stands for a list in its config")
            return self._refuse("bad-config", f"the config of {stage.base!r} cannot be read", None), False
        return base, False

    def _wrong_reference(self) -> Refusal | None:
        """The refusal of a stage, needed or not, whose FROM can name no image (STATE-25)."""
        for index, stage in enumerate(self.stages):
            if is_reference(stage.base) or self._named(self._looked_for(stage), before=index) is not None:
                continue
            if stage.base not in self.bases:
                return self._no_image(stage)
        return None

    def _no_image(self, stage: ParsedStage) -> Refusal:
        scope = self.scope.at(stage.line)
        if is_reference(stage.base):
            scope.note("STATE-12", "base", stage.base, None, "neither an earlier stage nor an image")
            return self._refuse("no-such-image", f"there is no image {stage.base!r}", stage.line)
        scope.note("STATE-25", "base", stage.base, None, "no image can be called so")
        return self._refuse("invalid-reference", f"{stage.base!r} is no image reference", stage.line)

    def _looked_for(self, stage: ParsedStage) -> str:
        """The name by which a FROM looks for an earlier stage."""
        return stage.base.lower() if self.dialect.stage_name_case == "folded" else stage.base

    def _named(self, name: str, *, before: int) -> int | None:
        """The last stage before an index that AS calls so."""
        return next((i for i in reversed(range(before)) if self.stages[i].name == name), None)

    def _refuse(self, kind: Kind, message: str, line: int | None) -> Refusal:
        return Refusal("build", kind, message, line)
