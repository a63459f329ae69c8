"""Docker's builders, the classic one and BuildKit: from a Dockerfile to the config of its image."""

from collections.abc import Mapping, Sequence

from cmdpoint.oracle.build.copies import check_from, sources, stage_index
from cmdpoint.oracle.build.from_line import FromLine
from cmdpoint.oracle.build.front_end import chosen_front_end
from cmdpoint.oracle.build.global_arguments import global_arguments
from cmdpoint.oracle.build.stage import Dockerfile, find_image, inherited, no_image, parse
from cmdpoint.oracle.build.state import StageState
from cmdpoint.oracle.build.triggers import refuse_words, run_triggers
from cmdpoint.oracle.build.variables import CHANGED
from cmdpoint.oracle.case import Image, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.go_strings import lower
from cmdpoint.oracle.dockerfile.reference import can_name_image
from cmdpoint.oracle.files import Files, Origins
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope


def build(
    image: Image, images: Mapping[str, ImageConfig], dialect: Dialect, scope: Scope
) -> ImageConfig | Refusal:
    """Build an image.

    Args:
        image: The Dockerfile, the target and the build arguments.
        images: The images that exist, by name.
        dialect: How the builder behaves.
        scope: Takes the steps, each at a line of the Dockerfile.

    Returns:
        The image's config, or the refusal, at phase `parse` or `build`.
    """
    if "syntax" in image.dockerfile.lower() or image.build_args:
        named = chosen_front_end(image, images, dialect, scope)
        if isinstance(named, Refusal):
            return named
        dialect = named
    file = parse(image.dockerfile, dialect, scope)
    return file if isinstance(file, Refusal) else _Build(file, image, images, dialect, scope).run()


class _Build:
    """The build of one Dockerfile.

    The classic builder builds each stage up to the target in order, and reads a FROM when it reaches it.
    BuildKit first reads every FROM, and then builds the stages that the target needs.
    """

    def __init__(
        self,
        file: Dockerfile,
        image: Image,
        images: Mapping[str, ImageConfig],
        dialect: Dialect,
        scope: Scope,
    ) -> None:
        self.file = file
        self.stages = file.stages
        self.image = image
        self.images = images
        self.dialect = dialect
        self.scope = scope
        self.values: Mapping[str, str] = {}
        self.bases = [stage.base for stage in file.stages]
        self.built: dict[int, ImageConfig | Refusal] = {}
        self.context = None if image.context is None else dict(image.context)
        self.failure: tuple[Wrong, Scope] | None = None

    def run(self) -> ImageConfig | Refusal:
        several = len(self.stages) > 1 or self.image.target is not None
        in_order = not several or self.dialect.unneeded_stages == "built"
        built = self._in_order() if in_order else self._needed()
        if self.failure is None or isinstance(built, Refusal):
            return built
        return refuse_words(*self.failure)

    def _in_order(self) -> ImageConfig | Refusal:
        """Build each stage up to the target."""
        last = self._last()
        if isinstance(last, Refusal):
            return last
        if wrong := self._read_arguments():
            return wrong
        for index in range(last):
            built = self._name_is_taken(index) or self._expand(index) or self._stage(index)
            if isinstance(built, Refusal):
                return built
        return self._name_is_taken(last) or self._expand(last) or self._empty(last) or self._stage(last)

    def _needed(self) -> ImageConfig | Refusal:
        """Build the target, and the stages that it needs."""
        if wrong := self._read_arguments():
            return wrong
        for index in range(len(self.stages)):
            if wrong := self._expand(index):
                return wrong
        last = self._last()
        return last if isinstance(last, Refusal) else self._wrong_reference() or self._stage(last)

    # Before the stages

    def _last(self) -> int | Refusal:
        """The stage that becomes the image."""
        last = len(self.stages) - 1
        if self.image.target is not None:
            target = lower(self.image.target)
            found = self._target(target)
            if found is None:
                self.scope.note("STATE-15", "target", target, None)
                return Refusal("build", "no-such-target", f"no stage is called {target!r}")
            last = found
        if len(self.stages) > 1:
            note = "the stage that becomes the image"
            self.scope.at(self.stages[last].line).note("STATE-15", "stage", None, last, note)
        return last

    def _target(self, name: str) -> int | None:
        """The stage with the target's name; of several, the classic builder takes the first."""
        if self.dialect.duplicate_stage_names == "refused":
            return next((i for i, stage in enumerate(self.stages) if stage.name == name), None)
        return self._find_stage(name, before=len(self.stages))

    def _read_arguments(self) -> Refusal | None:
        """Read the ARGs in front of the first FROM, where there are any or their values may be used."""
        commands = (command for stage in self.stages for command in stage.commands)
        plain = all(stage.has_plain_base and CHANGED.isdisjoint(stage.platform) for stage in self.stages)
        unused = plain and not any(command.instruction.keyword == "ARG" for command in commands)
        if not self.file.arguments and unused:
            return None
        given, target = dict(self.image.build_args), self.image.target or self.stages[-1].name or "default"
        file = self.file
        values = global_arguments(file.arguments, given, target, file.escape, self.dialect, self.scope)
        if isinstance(values, Refusal):
            return values
        self.values = values
        return None

    def _expand(self, index: int) -> Refusal | None:
        """Read a FROM: the classic builder begins with the platform, and BuildKit with the base."""
        stage = self.stages[index]
        if stage.has_plain_base and not stage.platform and stage.name is None:
            return None
        line = FromLine(stage, self.values, self.file.escape, self.dialect, self.scope.at(stage.line))
        wrong = line.wrong_platform() if self.dialect.unneeded_stages == "built" else None
        if wrong:
            return wrong
        base = line.base()
        if isinstance(base, Refusal):
            return base
        self.bases[index] = base
        return line.wrong_platform() or line.wrong_name()

    def _name_is_taken(self, index: int) -> Refusal | None:
        """The refusal of a stage that has the name of an earlier one (STATE-13)."""
        stage = self.stages[index]
        if stage.name is None or self._find_stage(stage.name, before=index) is None:
            return None
        if self.dialect.duplicate_stage_names != "refused":
            return None
        self.scope.at(stage.line).note("STATE-13", "build", note="refused")
        return Refusal("build", "duplicate-stage-name", f"two stages are called {stage.name!r}", stage.line)

    def _empty(self, index: int) -> Refusal | None:
        """The refusal of a stage without instructions, if no stage that it is built on has any (STATE-11)."""
        if not self._has_nothing(index) or self.dialect.empty_image == "built":
            return None
        self.scope.at(self.stages[index].line).note("STATE-11", "build", None, "refused")
        return Refusal("build", "empty-image", "no instruction follows FROM scratch: there is no image")

    def _has_nothing(self, index: int) -> bool:
        if self.stages[index].commands:
            return False
        earlier = self._find_base(self.bases[index], before=index)
        return self.bases[index] == "scratch" if earlier is None else self._has_nothing(earlier)

    def _wrong_reference(self) -> Refusal | None:
        """The refusal of a stage, needed or not, whose FROM cannot name an image (STATE-25).

        The only stage of a file is needed: its FROM is checked where its base is looked for.
        """
        for index, base in enumerate(self.bases if len(self.bases) > 1 else ()):
            if can_name_image(base, self.dialect) or self._find_base(base, before=index) is not None:
                continue
            if base not in self.images:
                return no_image(base, self.dialect, self.scope.at(self.stages[index].line))
        return None

    # A stage

    def _stage(self, index: int) -> ImageConfig | Refusal:
        """Build a stage, unless it is built."""
        if index not in self.built:
            self.built[index] = self._build_stage(index)
        return self.built[index]

    def _build_stage(self, index: int) -> ImageConfig | Refusal:
        if index and self.dialect.unneeded_stages == "skipped" and (refused := self._wrong_source(index)):
            return refused
        stage, name = self.stages[index], self.bases[index]
        scope = self.scope.at(stage.line)
        earlier = self._find_base(name, before=index)
        is_stage = earlier is not None
        if earlier is None:
            base = find_image(name, self.images, self.dialect, scope)
        else:
            base = self._earlier_stage(earlier, name, scope)
        if isinstance(base, Refusal):
            return base
        base = inherited(base, name, self.dialect, scope, base_is_stage=is_stage)
        state = StageState(
            base,
            self.dialect,
            base_is_stage=is_stage,
            given=dict(self.image.build_args),
            defaults=self.values,
            escape=self.file.escape,
            origins=Origins(lambda source: self._files_of(source, index), self.context),
        )
        if base.on_build:
            if is_stage and self.dialect.in_file_triggers == "run and remain":
                state.on_build.extend(base.on_build)
            if refused := run_triggers(base.on_build, state, self.dialect, scope):
                return refused
        return self._apply(stage.commands, state, index)

    def _apply(self, commands: Sequence[Command], state: StageState, index: int) -> ImageConfig | Refusal:
        """Apply a stage's own commands."""
        for command in commands:
            here = self.scope.at(command.instruction.line)
            wrong = state.check(command)
            # The classic builder expands the words and looks at --chmod before it looks for the stage.
            first = wrong is not None and wrong[0] in ("STATE-26", "LEX-33")
            if command.instruction.flags and not (first and self.dialect.unneeded_stages == "built"):
                wrong = self._check_from(command, index) or wrong
            if wrong is not None:
                return refuse_words(wrong, here)
            if wrong := state.check_files(command):
                if self.dialect.unneeded_stages == "built":
                    return refuse_words(wrong, here)
                # BuildKit reads all instructions before it executes the first.
                self.failure = self.failure or (wrong, here)
            state.apply(command, here)
        return state.config

    def _files_of(self, source: str, index: int) -> Files | None:
        """The files of the earlier stage that a COPY names; None if they are not known."""
        other = stage_index(source, [each.name for each in self.stages], index)
        config = self._stage(other) if other is not None and other < index else None
        return config.files if isinstance(config, ImageConfig) and not config.open_paths else None

    def _check_from(self, command: Command, index: int) -> Wrong | None:
        names = [each.name for each in self.stages]
        return check_from(command, index, names, self.images, self.dialect)

    def _wrong_source(self, index: int) -> Refusal | None:
        """The refusal of a stage that files are copied from: BuildKit builds it, too."""
        names = [each.name for each in self.stages]
        for command in self.stages[index].commands:
            for name in sources(command) if command.instruction.flags else ():
                other = stage_index(name, names, index)
                if other is not None and other < index:
                    built = self._stage(other)
                    if isinstance(built, Refusal):
                        return built
        return None

    def _earlier_stage(self, earlier: int, name: str, scope: Scope) -> ImageConfig | Refusal:
        """The config of an earlier stage that is a base (STATE-12)."""
        if self._find_base(name, before=earlier) is not None:
            scope.note("STATE-13", "base", name, earlier, "the last stage of that name is the base")
        config = self._stage(earlier)
        scope.note("STATE-12", "base", name, earlier, "an earlier stage of this file")
        return config

    def _find_base(self, name: str, *, before: int) -> int | None:
        """The last stage before an index that a FROM of this name is based on."""
        if before and lower(name) != name and self.dialect.stage_name_case == "folded":
            name = lower(name)
        return self._find_stage(name, before=before)

    def _find_stage(self, name: str, *, before: int) -> int | None:
        """The last stage of a name before an index."""
        return next((i for i in reversed(range(before)) if self.stages[i].name == name), None)
