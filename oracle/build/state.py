"""The state of a stage: what CMD, ENTRYPOINT, SHELL and ONBUILD leave in the image config.

A stage begins with a copy of its base's config, without the triggers (STATE-10, ONB-5). Each instruction then
changes one list:

- Entrypoint and Cmd are lists of words. The exec form stores its words. The shell form stores the words of
  the shell that is in force at this line, and the whole text as one more word (SHELL-3).
- Shell is the list that the last SHELL gave, here or in a base. Where no SHELL was ever given it is empty,
  and `/bin/sh -c` runs the shell form (SHELL-1).
- OnBuild collects the text of each ONBUILD, in order, for later builds. The triggers of the base run before
  the first instruction, and count as instructions of this stage (ONB-4).

The last CMD and the last ENTRYPOINT win (STATE-1). CMD leaves Entrypoint alone (STATE-5). ENTRYPOINT drops an
inherited Cmd, which was written for another entrypoint (STATE-2). It does not drop the stage's *own* Cmd, set
by a CMD above it (STATE-4). Own is what this stage's instructions or the triggers of its base set; what an
earlier stage of the same file set is inherited (STATE-9). Whether a CMD that stores no words counts as the
stage's own is a behaviour of the dialect (STATE-3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from cmdpoint.oracle.build.added_files import UNKNOWN_FOLDER
from cmdpoint.oracle.build.copied_paths import missing_source, wrong_destination
from cmdpoint.oracle.build.copy_flags import CopyFlags
from cmdpoint.oracle.build.environment import Environment
from cmdpoint.oracle.build.folders import wrong_container
from cmdpoint.oracle.build.owners import check_owner
from cmdpoint.oracle.build.stage_files import StageFiles
from cmdpoint.oracle.build.words import WITH_WORDS, check_words
from cmdpoint.oracle.case import ImageConfig, Setting, Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.form import ExecForm, Form, ShellForm
from cmdpoint.oracle.dockerfile.go_strings import readable
from cmdpoint.oracle.files import Files, Origins
from cmdpoint.oracle.trace import Scope

DEFAULT_SHELL: Final[Words] = ("/bin/sh", "-c")
"""What runs the shell form where no SHELL was ever given (SHELL-1)."""


@dataclass(slots=True)
class StageState:
    """A stage while its instructions are applied, one after the other.

    Attributes:
        base: The config that the stage begins with.
        dialect: How the builder behaves.
        base_is_stage: Whether the base is another stage of the same file.
        given: The build arguments, by name.
        defaults: The values of the ARGs before the first FROM, by name.
        escape: The file's escape character.
        origins: Where COPY and ADD find files.
        entrypoint: The config's `Entrypoint` so far.
        cmd: The config's `Cmd` so far.
        shell: The config's `Shell` so far; empty while no SHELL was given.
        on_build: The config's `OnBuild` so far.
        in_trigger: Whether a trigger of the base is being applied.
        entrypoint_is_own: Whether an ENTRYPOINT of this stage set the entrypoint.
        cmd_is_own: Whether a CMD of this stage set the command.
        cmd_counts_as_set: Whether that CMD keeps an ENTRYPOINT from dropping it.
        shell_is_own: Whether a SHELL of this stage set the shell.
        files: The files so far.
        environment: That of this stage, once it differs from the base's.
    """

    base: ImageConfig
    dialect: Dialect
    base_is_stage: bool = False
    given: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    escape: str = "\\"
    origins: Origins = field(default_factory=Origins)
    entrypoint: Words = field(init=False)
    cmd: Words = field(init=False)
    shell: Words = field(init=False)
    on_build: list[str] = field(init=False, default_factory=list)
    in_trigger: bool = field(init=False, default=False)
    entrypoint_is_own: bool = field(init=False, default=False)
    cmd_is_own: bool = field(init=False, default=False)
    cmd_counts_as_set: bool = field(init=False, default=False)
    shell_is_own: bool = field(init=False, default=False)
    files: StageFiles = field(init=False)
    environment: Environment | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Begin with a copy of the base's config."""
        self.entrypoint, self.cmd, self.shell = self.base.entrypoint, self.base.cmd, self.base.shell
        base, setting = self.base, self.base.setting
        files = base.files, base.open_paths, base.certain_files
        self.files = StageFiles(self.origins, self.dialect, *files)
        has_unknown_folder = base.files is None and not (self.base_is_stage and setting.working_dir)
        if self.origins.context is not None and has_unknown_folder:
            self.base = replace(base, setting=replace(setting, working_dir=UNKNOWN_FOLDER))

    @property
    def config(self) -> ImageConfig:
        """The image config that the instructions so far leave."""
        lists = (self.entrypoint, self.cmd, self.shell, tuple(self.on_build))
        config = ImageConfig(*lists, self._setting, files=self.files.files, open_paths=self.files.open_paths)
        return replace(config, certain_files=self.files.certain) if self.files.certain else config

    @property
    def _setting(self) -> Setting:
        """The setting that the instructions so far leave."""
        return self.base.setting if self.environment is None else self.environment.setting

    @property
    def _working_dir(self) -> str:
        """The working directory that the instructions so far leave."""
        return (self.base.setting if self.environment is None else self.environment).working_dir

    @property
    def variables(self) -> Mapping[str, str]:
        """The variables that the next instruction may use, as far as they are known."""
        return dict(self.base.setting.env) if self.environment is None else self.environment.variables

    def check(self, command: Command) -> Wrong | None:
        """What is wrong with the words of an instruction, once their variables are replaced.

        A base whose files are not known may also set any variable.
        """
        if command.instruction.keyword not in WITH_WORDS:
            return None
        known = self.base.files is not None
        return check_words(command, self.variables, self.given, self.escape, self.dialect, all_known=known)

    def check_files(self, command: Command) -> Wrong | None:
        """What is wrong with an instruction because of the files that are, or are not, there."""
        read = command.instruction
        if read.keyword in ("ADD", "COPY"):
            return self._check_copy(command)
        if read.keyword == "RUN" and self.dialect.workdir_folder == "made by each instruction":
            return self.check_working_dir()
        if read.keyword != "WORKDIR":
            if not self._has_container(read.keyword):
                return None
            return wrong_container(self._working_dir, self.files.at_start, self.dialect)
        known = self._found_by(command) is not None
        return self.files.wrong_folder(self._own_environment().folder(read.text)) if known else None

    def _check_copy(self, command: Command) -> Wrong | None:
        """What is wrong with a COPY or ADD: with a source, the owner or the destination."""
        flags, files = CopyFlags.of(command, self.dialect), self._found_by(command)
        if (wrong := missing_source(command, self.origins, flags)) or files is None:
            return wrong
        wrong = check_owner(command, files, self.variables, self.escape, self.dialect)
        where = self._working_dir, self.origins
        return wrong or wrong_destination(command, files, *where, flags, self.dialect)

    def _found_by(self, command: Command) -> Files | None:
        """The files that an instruction finds; None if they, or its variables, may be those of the base."""
        may_be_of_base = self.files.files is None and "$" in command.instruction.original
        return None if may_be_of_base else self.files.at_start

    def check_working_dir(self) -> Wrong | None:
        """What is wrong with the working directory, where a builder makes it for each instruction."""
        return self.files.wrong_folder(self._working_dir) if self._working_dir else None

    def apply(self, command: Command, scope: Scope) -> None:
        """Apply one instruction; one that is not about what runs changes none of the lists (STATE-20).

        Args:
            command: The instruction.
            scope: Takes the steps: at the instruction's line, or for a trigger at the line of FROM.
        """
        keyword, text = command.instruction.keyword, command.instruction.text
        if self._has_container(keyword):
            self.files.make_folder(self._working_dir, scope)
        match keyword, command.form:
            case "CMD", ExecForm() | ShellForm() as form:
                self._cmd(form, text, scope)
            case "ENTRYPOINT", ExecForm() | ShellForm() as form:
                self._entrypoint(form, text, scope)
            case "SHELL", ExecForm(words):
                self._shell(words, scope)
            case "ONBUILD", _:
                self._on_build(command.trigger, scope)
            case _:
                if keyword in ("ENV", "WORKDIR", "USER", "ARG", "EXPOSE"):
                    self._set(command, scope)
                elif keyword == "VOLUME":
                    self.files.open_volumes(command, scope)
                elif keyword in ("ADD", "COPY", "RUN"):
                    self.files.add(command, self._working_dir, scope)
                scope.note(
                    "STATE-20", "config", note=f"{keyword} changes neither Entrypoint, Cmd, Shell nor OnBuild"
                )

    def _has_container(self, keyword: str) -> bool:
        """Whether the builder creates a container to store an instruction: the classic one, without files."""
        is_classic = self.dialect.front_end == "docker" and self.dialect.unneeded_stages == "built"
        return is_classic and keyword not in ("ADD", "COPY", "WORKDIR") and bool(self._working_dir)

    def _cmd(self, form: Form, written: str, scope: Scope) -> None:
        before, self.cmd = self.cmd, self._command("Cmd", form, written, scope)
        if self.cmd_is_own:
            scope.note("STATE-1", "Cmd", before, self.cmd, "the last CMD of a stage wins")
        if form == ExecForm(()):
            scope.note("STATE-7", "Cmd", before, self.cmd, "no default arguments")
        if self.entrypoint:
            note = "CMD does not change the Entrypoint"
            scope.note("STATE-5", "Entrypoint", self.entrypoint, self.entrypoint, note)
        self.cmd_is_own = True
        if form in (ExecForm(()), ShellForm(None)):
            counts = self.dialect.cmd_counts_as_set == "always"
            note = "counts as a CMD of this stage" if counts else "does not count as a CMD of this stage"
            scope.note("STATE-3", "Cmd", self.cmd, self.cmd, note)
            self.cmd_counts_as_set |= counts
        else:
            self.cmd_counts_as_set = True

    def _entrypoint(self, form: Form, written: str, scope: Scope) -> None:
        before, self.entrypoint = self.entrypoint, self._command("Entrypoint", form, written, scope)
        if self.entrypoint_is_own:
            scope.note(
                "STATE-1", "Entrypoint", before, self.entrypoint, "the last ENTRYPOINT of a stage wins"
            )
        if form == ExecForm(()):
            scope.note("STATE-6", "Entrypoint", before, self.entrypoint, "cleared")
        if form == ExecForm(("",)):
            scope.note("STATE-8", "Entrypoint", before, self.entrypoint, "stored as it is")
        self.entrypoint_is_own = True
        if self.cmd_counts_as_set:
            scope.note(
                "STATE-4", "Cmd", self.cmd, self.cmd, "this stage has its own CMD, so ENTRYPOINT keeps it"
            )
        elif self.cmd:
            note = "dropped: this stage has no CMD before the ENTRYPOINT"
            scope.note("STATE-2", "Cmd", self.cmd, (), note)
            if self.base_is_stage and not self.cmd_is_own:
                note = "ENTRYPOINT drops the Cmd of a base, also if the base is a stage of this file"
                scope.note("STATE-9", "Cmd", self.cmd, (), note)
            self.cmd = ()

    def _shell(self, words: Words, scope: Scope) -> None:
        words = tuple(map(readable, words))
        scope.note("SHELL-2", "Shell", self.shell, words, "for the instructions that follow")
        self.shell, self.shell_is_own = words, True

    def _on_build(self, trigger: str, scope: Scope) -> None:
        before = tuple(self.on_build)
        self.on_build.append(readable(trigger))
        scope.note("ONB-2", "OnBuild", before, tuple(self.on_build), "stored for builds on this image")

    def _set(self, command: Command, scope: Scope) -> None:
        environment = self._own_environment()
        environment.apply(command)
        read = command.instruction
        if read.keyword != "WORKDIR":
            return
        if self.files.files is None and self.origins.context is not None and "$" in read.text:
            environment.working_dir = f"/[WORKDIR of line {read.line}]"  # the variable may be the base's
        self.files.make_folder(environment.working_dir, scope)

    def _own_environment(self) -> Environment:
        """The environment of this stage, which begins with the base's."""
        if self.environment is None:
            setting, given = self.base.setting, self.given
            self.environment = Environment(setting, self.dialect, given, self.escape, self.defaults)
        return self.environment

    def _command(self, field: str, form: Form, written: str, scope: Scope) -> Words:
        """The words that a form stands for at this line."""
        match form:
            case ExecForm(words):
                scope.note("FORM-1", field, None, words, "the words as written")
                return words
            case ShellForm(text):
                if text is None:
                    return self._bare(field, scope)
                words = (*self._prefix(scope), text)
                scope.note("SHELL-3", field, written, words, "the whole text is one argument of the shell")
                return words

    def _bare(self, field: str, scope: Scope) -> Words:
        """What CMD or ENTRYPOINT without arguments stands for (SHELL-8)."""
        behaviour = self.dialect.bare_cmd if field == "Cmd" else self.dialect.bare_entrypoint
        words: Words = () if behaviour == "clears" else self._prefix(scope)
        if behaviour == "empty text":
            words = (*words, "")
        scope.note("SHELL-8", field, None, words, f"no arguments: {behaviour}")
        return words

    def _prefix(self, scope: Scope) -> Words:
        """The shell that runs a shell form here (SHELL-1, SHELL-4, SHELL-5)."""
        if self.shell and self.dialect.shell_of_commands == "/bin/sh -c":
            scope.note("SHELL-5", "Shell", self.shell, DEFAULT_SHELL, "SHELL affects RUN only")
            return DEFAULT_SHELL
        if not self.shell:
            scope.note("SHELL-1", "Shell", None, DEFAULT_SHELL, "no SHELL was given")
            return DEFAULT_SHELL
        if not self.shell_is_own:
            if self.in_trigger:
                scope.note("SHELL-7", "Shell", self.shell, self.shell, "a trigger uses the SHELL of the base")
            scope.note("SHELL-4", "Shell", self.shell, self.shell, "inherited from the base")
        return self.shell
