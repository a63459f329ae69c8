"""The triggers of a base as Buildah reads them: all of them as one file (ONB-8)."""

from cmdpoint.oracle.build.buildah.checks import forbidden
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.command import Command
from cmdpoint.oracle.dockerfile.read import Reader
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Trace


def read_triggers(triggers: Words, dialect: Dialect, trace: Trace) -> list[Command] | Refusal:
    """Read the triggers of a base.

    Args:
        triggers: The base's `OnBuild`.
        dialect: Whose builder builds.
        trace: Takes the steps, at the line of the stage's FROM.

    Returns:
        What they say, which may be fewer instructions than there are triggers, or none; or the refusal.

    Source: openshift/imagebuilder, `builder.go:FromImage`.
    """
    line = trace.line
    for trigger in triggers:
        trace.note_at(line, "ONB-3", "OnBuild", f"triggered: {trigger}")
    quiet = Trace()
    commands = Reader(dialect, quiet).read("\n".join(triggers))
    for step in quiet.steps:
        if step.rule == "LEX-17":
            note = "the escape character is \\ again, and ends the trigger"
            trace.note("ONB-7", "text", triggers[-1], None, note)
        elif step.rule == "LEX-14":
            trace.note("ONB-8", "text", note="a trigger that ends in \\ goes on in the next one")
        elif step.rule.startswith("FORM") or step.rule in ("LEX-6", "LEX-25"):
            trace.note(step.rule, step.field, step.before, step.after, step.note)
    trace.line = line
    if isinstance(commands, Refusal):
        trace.note("ONB-3", "build", None, "refused")
        return Refusal("build", commands.kind, f"the triggers: {commands.message}")
    if len(commands) != len(triggers):
        note = f"{len(triggers)} triggers make {len(commands)} instructions"
        trace.note("ONB-8", "OnBuild", triggers, None, note)
    for command in commands:
        if wrong := forbidden(command.instruction.keyword):
            trace.note("ONB-1", "build", None, "refused")
            return Refusal("build", wrong[1], f"a trigger: {wrong[2]}")
    return commands
