"""The two ways in which a start fails: the runtime refuses, or the kernel does after the start succeeded."""

from dataclasses import replace

from cmdpoint.oracle.comparison import STATE_EXIT_CODE
from cmdpoint.oracle.container.launch import Launch
from cmdpoint.oracle.container.name_in_message import message_has_name
from cmdpoint.oracle.outcome import Codes, Refusal
from cmdpoint.oracle.refusals import Kind


def refused(launch: Launch, rule: str, kind: Kind, why: str, note: str) -> Refusal:
    """Return the refusal of a runtime that executes nothing: the request to start fails.

    Args:
        launch: What was to start.
        rule: The id of the rule that refuses.
        kind: What the refusal is about.
        why: The key of its numbers in `start_codes`.
        note: One sentence for a person.
    """
    launch.scope.note(rule, "argv", launch.argv, None, note)
    codes = Codes(201, *launch.dialect.start_codes[why])
    nameless = why == "not-found" and not message_has_name(launch.name, launch.dialect)
    if nameless and launch.dialect.missing_program == "by its name":
        codes = replace(codes, start=500, state=128)
    launch.scope.note("EXEC-17", STATE_EXIT_CODE, None, codes.state, f"start is refused with {codes.start}")
    return Refusal("start", kind, note, codes=codes)


def failed(launch: Launch, rule: str, kind: Kind, note: str) -> Refusal:
    """Return the refusal of the kernel: the start has succeeded, and the container ends at once.

    See `refused` for the arguments.
    """
    launch.scope.note(rule, "argv", launch.argv, None, note)
    code = launch.dialect.failed_exec_code
    return Refusal("start", kind, note, codes=Codes(201, 204, code, code))
