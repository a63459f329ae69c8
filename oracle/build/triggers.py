"""Triggers: what ONBUILD of a base image does to the stage that is built on it."""

from cmdpoint.oracle.build.state import StageState
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import check
from cmdpoint.oracle.dockerfile.commands import Command, Reader
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope


def run_triggers(triggers: Words, state: StageState, dialect: Dialect, scope: Scope) -> Refusal | None:
    """Apply the triggers of a base, in order, before the stage's first instruction (ONB-3).

    Args:
        triggers: The base's `OnBuild`.
        state: The stage, at its beginning.
        dialect: Whose builder builds.
        scope: Takes the steps, at the line of the stage's FROM.

    Returns:
        The refusal, where a trigger is no instruction after all.

    Source: moby/buildkit, `dockerfile2llb/convert.go:initOnBuildTriggers`; moby/moby,
    `builder/dockerfile/dispatchers.go:dispatchTriggeredOnBuild`.
    """
    state.in_trigger = True
    for trigger in triggers:
        scope.note("ONB-3", "OnBuild", note=f"triggered: {trigger}")
        command = _command(trigger, dialect, scope)
        if isinstance(command, Refusal):
            return command
        keyword, before = command.instruction.keyword, state.cmd
        state.apply(command, scope)
        if keyword in ("CMD", "ENTRYPOINT"):
            scope.note("ONB-4", "config", before, state.cmd, f"{keyword} counts as one of this stage's own")
    state.in_trigger = False
    return None


def _command(trigger: str, dialect: Dialect, scope: Scope) -> Command | Refusal:
    """Read a trigger as a file of its own (ONB-7); of the steps, those that matter to a trigger are taken."""
    quiet = scope.apart()
    commands = Reader(dialect, quiet).commands(trigger)
    for step in quiet.steps:
        if step.rule == "LEX-17":
            scope.note(
                "ONB-7", "text", trigger, None, "the escape character is \\ again, and ends the trigger"
            )
        elif step.rule.startswith("FORM"):
            scope.note(step.rule, step.field, step.before, step.after, step.note)
    if isinstance(commands, Refusal):
        scope.note("ONB-3", "build", None, "refused")
        return Refusal("parse", commands.kind, f"trigger {trigger!r}: {commands.message}")
    if len(commands) != 1:
        scope.note("ONB-3", "build", None, "refused")
        return Refusal("parse", "bad-trigger", f"{trigger!r} is not exactly one instruction")
    wrong = check(commands[0], dialect)
    if wrong is not None:
        scope.note("FORM-18", "build", None, "refused", "flags and keyword are looked at only now")
        return Refusal("parse", wrong[1], f"trigger {trigger!r}: {wrong[2]}")
    return commands[0]
