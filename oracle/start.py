"""From argv to a running process: the program must be there."""

from oracle import probe
from oracle.model import Outcome, Process, Refusal, Words
from oracle.trace import Trace


def start(argv: Words, programs: frozenset[str] | None, trace: Trace) -> Outcome:
    """Start a container.

    Args:
        argv: What create fixed; at least one word.
        programs: The paths of the programs in the image; None where they are not known.
        trace: Takes the steps.

    Returns:
        The process, or the refusal, at stage `start`.
    """
    trace.stage = "start"
    program = argv[0]
    if program == "":
        trace.note("EXEC-6", "argv", argv, None, "an empty name finds nothing")
        return Refusal("start", "not-found", "the program's name is empty")
    if programs is not None and not _is_there(program, programs):
        trace.note("EXEC-9", "argv", argv, None, "there is no such program")
        return Refusal("start", "not-found", f"there is no program {program!r}")
    trace.note("EXEC-4", "argv", argv, argv, "by its path" if "/" in program else "found through PATH")
    trace.note("EXEC-14", "argv", program, program, "the first word is what was written, not what was found")
    return Process(argv)


def _is_there(program: str, programs: frozenset[str]) -> bool:
    if "/" in program:
        return program in programs
    return any(f"{folder}/{program}" in programs for folder in probe.PATH.split(":"))
