"""The triggers of a base as Buildah reads them: all of them as one file (ONB-8)."""

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
        dialect: Whose builder builds.
        scope: Takes the steps, at the line of the stage's FROM.

    Returns:
        What they say, which may be fewer instructions than there are triggers, or none; or the refusal.

    Source: openshift/imagebuilder, `builder.go:FromImage`.
    """
    for trigger in triggers:
        scope.note("ONB-3", "OnBuild", note=f"triggered: {trigger}")
    quiet = scope.apart()
    commands = Reader(dialect, quiet).read("\n".join(triggers))
    for step in quiet.steps:
        if step.rule == "LEX-17":
            note = "the escape character is \\ again, and ends the trigger"
            scope.note("ONB-7", "text", triggers[-1], None, note)
        elif step.rule == "LEX-14":
            scope.note("ONB-8", "text", note="a trigger that ends in \\ goes on in the next one")
        elif step.rule.startswith("FORM") or step.rule in ("LEX-6", "LEX-25"):
            scope.note(step.rule, step.field, step.before, step.after, step.note)
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
