"""Execute an instruction as Buildah does: check it, apply it, and make the working directory."""

from cmdpoint.oracle.build.state import StageState
from cmdpoint.oracle.build.triggers import apply_trigger
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.refusals import Kind, Phase
from cmdpoint.oracle.trace import Scope


def execute(command: Command, state: StageState, scope: Scope, *, is_trigger: bool) -> Refusal | None:
    """Apply an instruction to a stage.

    Args:
        command: The instruction.
        state: The stage.
        scope: Takes the steps.
        is_trigger: Whether it is a trigger of the base.

    Returns:
        The refusal, or None.

    Source: openshift/imagebuilder, `builder.go:Run`.
    """
    if wrong := state.check(command) or state.check_files(command):
        return refuse(*wrong, scope)
    if is_trigger:
        apply_trigger(command, state, scope)
    else:
        state.apply(command, scope)
    wrong = state.check_working_dir()
    return refuse(*wrong, scope) if wrong else None


def refuse(rule: str, kind: Kind, message: str, scope: Scope, phase: Phase = "build") -> Refusal:
    """The refusal of an instruction, noted as a step.

    Args:
        rule: The rule that refuses.
        kind: What is wrong.
        message: The same for people.
        scope: Takes the step.
        phase: When it is refused.
    """
    scope.note(rule, "build", None, "refused")
    return Refusal(phase, kind, message, scope.line)
