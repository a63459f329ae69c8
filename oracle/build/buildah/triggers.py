"""Read the triggers of a base as Buildah does: all of them as one file (ONB-8)."""

from cmdpoint.oracle.build.triggers import note_reading, note_triggered
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import check_trigger
from cmdpoint.oracle.dockerfile.commands import Command, Reader
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope


def read_triggers(triggers: Words, dialect: Dialect, scope: Scope) -> list[Command] | Refusal:
    """Read the triggers of a base.

    Args:
        triggers: The base's `OnBuild`.
        dialect: How the builder behaves.
        scope: Takes the steps, at the line of the stage's FROM.

    Returns:
        Their instructions, which may be fewer than the triggers, or none; or the refusal.

    Source: openshift/imagebuilder, `builder.go:FromImage`.
    """
    for trigger in triggers:
        note_triggered(trigger, scope)
    apart = scope.apart()
    commands = Reader(dialect, apart).read("\n".join(triggers))
    note_reading(apart.steps, triggers[-1], scope, more=("LEX-6", "LEX-14", "LEX-25"))
    if isinstance(commands, Refusal):
        scope.note("ONB-3", "build", None, "refused")
        return Refusal("build", commands.kind, f"the triggers: {commands.message}")
    if len(commands) != len(triggers):
        note = f"{len(triggers)} triggers make {len(commands)} instructions"
        scope.note("ONB-8", "OnBuild", triggers, None, note)
    for command in commands:
        if wrong := check_trigger(command.instruction.keyword):
            scope.note("ONB-1", "build", None, "refused")
            return Refusal("build", wrong[1], f"a trigger: {wrong[2]}")
    return commands
