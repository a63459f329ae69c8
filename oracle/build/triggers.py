"""Triggers: what ONBUILD of a base image does to the stage that is built on it."""

from collections.abc import Iterable

from cmdpoint.oracle.build.state import StageState
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong, check
from cmdpoint.oracle.dockerfile.commands import Command, Reader
from cmdpoint.oracle.outcome import TRIGGER, Refusal, Step
from cmdpoint.oracle.trace import Scope


def run_triggers(triggers: Words, state: StageState, dialect: Dialect, scope: Scope) -> Refusal | None:
    """Apply the triggers of a base as Docker does: in order, before the stage's first instruction (ONB-3).

    Args:
        triggers: The base's `OnBuild`.
        state: The stage, at its beginning.
        dialect: How the builder behaves.
        scope: Takes the steps, at the line of the stage's FROM.

    Returns:
        The refusal, where a trigger is not one valid instruction.

    Source: moby/buildkit, `dockerfile2llb/convert.go:initOnBuildTriggers`; moby/moby,
    `builder/dockerfile/dispatchers.go:dispatchTriggeredOnBuild`.
    """
    for trigger in triggers:
        note_triggered(trigger, scope)
        command = _read(trigger, dialect, scope)
        if isinstance(command, Refusal):
            return command
        if wrong := state.check(command) or state.check_files(command):
            return refuse_words(wrong, scope)
        apply_trigger(command, state, scope)
    return None


def refuse_words(wrong: Wrong, scope: Scope) -> Refusal:
    """The refusal of an instruction, or a trigger, whose words are wrong once their variables are replaced.

    Docker reports an empty path of VOLUME as if the file could not be read, so its phase is that of an empty
    path as written (LEX-31).

    Args:
        wrong: What is wrong, as `StageState.check` returns it.
        scope: Takes the step.
    """
    rule, kind, message = wrong
    scope.note(rule, "build", None, "refused")
    return Refusal("parse" if message.startswith("VOLUME") else "build", kind, message, scope.line)


def apply_trigger(command: Command, state: StageState, scope: Scope) -> None:
    """Apply one trigger to the stage: its CMD or ENTRYPOINT is one of the stage's own (ONB-4)."""
    keyword, before = command.instruction.keyword, state.cmd
    state.in_trigger = True
    state.apply(command, scope)
    state.in_trigger = False
    if keyword in ("CMD", "ENTRYPOINT"):
        scope.note("ONB-4", "config", before, state.cmd, f"{keyword} counts as one of this stage's own")


def note_triggered(trigger: str, scope: Scope) -> None:
    """Note that a trigger of the base runs (ONB-3)."""
    scope.note("ONB-3", TRIGGER, None, trigger, "stored in the base, and run here")


def note_reading(steps: Iterable[Step], trigger: str, scope: Scope, more: Words = ()) -> None:
    """Note, of the steps of reading triggers, those that matter to the stage.

    Args:
        steps: The steps, with lines of the triggers' text.
        trigger: The trigger that an escape character may end (ONB-7).
        scope: Takes the steps, at the line of the stage's FROM.
        more: The rules whose steps matter besides those about forms; LEX-14 where one trigger may go on in
            the next (ONB-8).
    """
    for step in steps:
        if step.rule == "LEX-17":
            note = "the escape character is \\ again, and ends the trigger"
            scope.note("ONB-7", "text", trigger, None, note)
        elif step.rule == "LEX-14" and step.rule in more:
            scope.note("ONB-8", "text", note="a trigger that ends in \\ goes on in the next one")
        elif step.rule.startswith("FORM") or step.rule in more:
            scope.note(step.rule, step.field, step.before, step.after, step.note)


def _read(trigger: str, dialect: Dialect, scope: Scope) -> Command | Refusal:
    """Read a trigger as a file of its own (ONB-7), and check it."""
    apart = scope.apart()
    commands = Reader(dialect, apart).commands(trigger)
    note_reading(apart.steps, trigger, scope)
    if isinstance(commands, Refusal):
        scope.note("ONB-3", "build", None, "refused")
        return Refusal("parse", commands.kind, f"trigger {trigger!r}: {commands.message}")
    if len(commands) != 1:
        scope.note("ONB-3", "build", None, "refused")
        return Refusal("parse", "bad-trigger", f"{trigger!r} is not exactly one instruction")
    wrong = check(commands[0], dialect)
    if wrong is None and commands[0].instruction.keyword == "FROM":
        scope.note("ONB-3", "build", None, "refused", "FROM is no instruction of a stage")
        return Refusal(
            "parse", "forbidden-trigger", f"trigger {trigger!r}: FROM is no instruction of a stage"
        )
    if wrong is not None:
        scope.note("FORM-18", "build", None, "refused", "keyword and flags are checked only now")
        return Refusal("parse", wrong[1], f"trigger {trigger!r}: {wrong[2]}")
    return commands[0]
