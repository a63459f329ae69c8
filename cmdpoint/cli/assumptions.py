"""What an explanation assumes about the files of the image."""

from collections.abc import Iterator
from typing import Final

from cmdpoint.cli.explanation import Explanation
from cmdpoint.findings.copied import program
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.files import File
from cmdpoint.oracle.outcome import Process
from cmdpoint.oracle.predict import has_context

NOT_FOLLOWED: Final = (
    "The images are assumed to contain the programs that they start; --context DIR follows COPY and ADD."
)
"""What is assumed about files if no build context is given."""


def assumptions(explained: Explanation) -> Iterator[str]:
    """Yield what is assumed about files, and why those of a given build context are not known.

    Args:
        explained: The explanation.
    """
    if explained.layout.unknown_context:
        why = notation.visible(explained.layout.unknown_context)
        yield f"The files of the build context are not known: {why}."
    answer = explained.answer
    outcome = answer.prediction.outcome
    if isinstance(outcome, Process) and not (answer.needs and not answer.only_triggers):
        yield _of_program(explained, outcome)


def missing(explained: Explanation) -> str:
    """The file without which nothing runs, and that no COPY or ADD brings; empty if there is none.

    If the first line of a script ends in CR and LF, the name of its interpreter ends in CR. A base whose
    files are not known may have such a file, but hardly does.

    Args:
        explained: The explanation.
    """
    found = program(explained.answer.prediction)
    if found is None or found.base is not None or not isinstance(explained.outcome, Process):
        return ""
    if isinstance(found.found, str):
        return found.path
    if (
        isinstance(found.found, File)
        and found.found.kind == "script"
        and explained.outcome.argv[0] == found.path
    ):
        interpreter = found.found.interpreter
        return interpreter[0] if interpreter[0].endswith("\r") else ""
    return ""


def _of_program(explained: Explanation, outcome: Process) -> str:
    """What is assumed about the program that runs, in one or two sentences."""
    found = program(explained.answer.prediction)
    if path := missing(explained):
        return f"Nothing runs unless the image contains {notation.quoted(path)}: no COPY or ADD brings it."
    contains = f"Assumed: the image contains the program {notation.quoted(outcome.argv[0])}; "
    if not has_context(explained.case):
        return f"{contains}RUN, COPY and ADD are not followed."
    if found is None or found.base is not None or not isinstance(found.found, File):
        return f"{contains}the files of the build context do not decide it."
    there = f"The image contains {notation.quoted(found.path)}, by the files of the build context."
    match found.found.kind:
        case "script" if outcome.argv[0] == found.path:
            interpreter = notation.quoted(found.found.interpreter[0])
            return f"{there} Assumed: it contains the interpreter {interpreter}."
        case "program":
            return f"{there} Assumed: it contains the libraries that the program needs."
    return there
