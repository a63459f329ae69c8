"""The state of a stage: what CMD, ENTRYPOINT and SHELL leave in the image config."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cmdpoint.oracle.build.setting import StageSetting
from cmdpoint.oracle.case import ImageConfig, Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.form import ExecForm, Form, ShellForm
from cmdpoint.oracle.dockerfile.go_strings import readable
from cmdpoint.oracle.files import Files
from cmdpoint.oracle.trace import Scope

DEFAULT_SHELL: Final[Words] = ("/bin/sh", "-c")
"""What runs the shell form where no SHELL was ever given (SHELL-1)."""


@dataclass(slots=True)
class StageState:
    """A stage while its instructions are applied, one after the other.

    Attributes:
        dialect: Whose builder applies them.
        entrypoint: The config's `Entrypoint` so far.
        cmd: The config's `Cmd` so far.
        shell: The config's `Shell` so far; empty while nobody gave one.
        setting: The environment, the working folder and the user so far.
        files: What the image holds, as far as it is known.
        base_is_stage: Whether the base is another stage of the same file.
        on_build: The config's `OnBuild` so far.
        in_trigger: Whether a trigger of the base is being applied.
    """

    dialect: Dialect
    entrypoint: Words
    cmd: Words
    shell: Words
    setting: StageSetting
    files: Files | None
    base_is_stage: bool
    on_build: list[str] = field(default_factory=list)
    in_trigger: bool = False
    cmd_is_own: bool = False
    cmd_counts_as_set: bool = False
    entrypoint_is_own: bool = False
    shell_is_own: bool = False

    @classmethod
    def on(
        cls,
        base: ImageConfig,
        dialect: Dialect,
        *,
        base_is_stage: bool,
        given: Mapping[str, str],
        escape: str,
    ) -> "StageState":
        """A stage that begins with a copy of its base's config (STATE-10).

        Args:
            base: The base's config.
            dialect: Whose builder applies the instructions.
            base_is_stage: Whether the base is another stage of the same file.
            given: The build arguments, by name.
            escape: The file's escape character.
        """
        setting = StageSetting(base.setting, dialect, given, escape)
        return cls(dialect, base.entrypoint, base.cmd, base.shell, setting, base.files, base_is_stage)

    @property
    def config(self) -> ImageConfig:
        """The image config the stage stands for now."""
        lists = (self.entrypoint, self.cmd, self.shell, tuple(self.on_build))
        return ImageConfig(*lists, self.setting.value, files=self.files)

    def apply(self, command: Command, scope: Scope) -> None:
        """Apply one instruction; one that has no say in what runs changes nothing (STATE-20).

        Args:
            command: The instruction.
            scope: Takes the steps: at the instruction's line, or for a trigger at the line of FROM.
        """
        text = command.instruction.text
        match command.instruction.keyword, command.form:
            case "CMD", ExecForm() | ShellForm() as form:
                self._cmd(form, text, scope)
            case "ENTRYPOINT", ExecForm() | ShellForm() as form:
                self._entrypoint(form, text, scope)
            case "SHELL", ExecForm(words):
                self._shell(words, scope)
            case "ONBUILD", _:
                self._on_build(command.trigger, scope)
            case "ENV" | "WORKDIR" | "USER" | "ARG" as keyword, _:
                self.setting.apply(command)
                scope.note("STATE-20", "config", note=f"{keyword} has no say in what runs")
            case keyword, _:
                scope.note("STATE-20", "config", note=f"{keyword} has no say in what runs")

    def _cmd(self, form: Form, written: str, scope: Scope) -> None:
        before, self.cmd = self.cmd, self._command("Cmd", form, written, scope)
        if self.cmd_is_own:
            scope.note("STATE-1", "Cmd", before, self.cmd, "the last CMD of a stage wins")
        if form == ExecForm(()):
            scope.note("STATE-7", "Cmd", before, self.cmd, "no default arguments")
        if self.entrypoint:
            scope.note("STATE-5", "Entrypoint", self.entrypoint, self.entrypoint, "CMD leaves it alone")
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
            scope.note("STATE-8", "Entrypoint", before, self.entrypoint, "stored as it stands")
        self.entrypoint_is_own = True
        if self.cmd_counts_as_set:
            scope.note("STATE-4", "Cmd", self.cmd, self.cmd, "kept: this stage has a CMD of its own")
        elif self.cmd:
            note = "dropped: no CMD of this stage stands before the ENTRYPOINT"
            scope.note("STATE-2", "Cmd", self.cmd, (), note)
            if self.base_is_stage and not self.cmd_is_own:
                scope.note("STATE-9", "Cmd", self.cmd, (), "a stage of the same file is a base like any")
            self.cmd = ()

    def _shell(self, words: Words, scope: Scope) -> None:
        words = tuple(map(readable, words))
        scope.note("SHELL-2", "Shell", self.shell, words, "for the instructions that follow")
        self.shell, self.shell_is_own = words, True

    def _on_build(self, trigger: str, scope: Scope) -> None:
        before = tuple(self.on_build)
        self.on_build.append(readable(trigger))
        scope.note("ONB-2", "OnBuild", before, tuple(self.on_build), "kept for builds on this image")

    def _command(self, field: str, form: Form, written: str, scope: Scope) -> Words:
        """The words that a form stands for here."""
        match form:
            case ExecForm(words):
                scope.note("FORM-1", field, None, words, "the words as they stand")
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
        match behaviour:
            case "empty text":
                words: Words = (*self._prefix(scope), "")
            case "no text":
                words = self._prefix(scope)
            case "clears":
                words = ()
        scope.note("SHELL-8", field, None, words, f"no arguments: {behaviour}")
        return words

    def _prefix(self, scope: Scope) -> Words:
        """The shell that runs a shell form here (SHELL-1, SHELL-4, SHELL-5)."""
        if self.shell and self.dialect.shell_of_commands == "/bin/sh -c":
            scope.note("SHELL-5", "Shell", self.shell, DEFAULT_SHELL, "SHELL is for RUN only")
            return DEFAULT_SHELL
        if not self.shell:
            scope.note("SHELL-1", "Shell", None, DEFAULT_SHELL, "no SHELL was given")
            return DEFAULT_SHELL
        if not self.shell_is_own:
            if self.in_trigger:
                scope.note("SHELL-7", "Shell", self.shell, self.shell, "the trigger finds the base's")
            scope.note("SHELL-4", "Shell", self.shell, self.shell, "inherited from the base")
        return self.shell
