"""The problem that a container of an image runs nothing, because the image has neither ENTRYPOINT nor CMD."""

from cmdpoint.bases.result import Certain
from cmdpoint.checks.problem import Problem
from cmdpoint.findings.finding import Source
from cmdpoint.oracle.case import Image
from cmdpoint.oracle.dockerfile.form import ExecForm


def has_no_command(answer: Certain) -> bool:
    """Whether an image is predicted to have neither ENTRYPOINT nor CMD."""
    config = answer.prediction.config
    return config is not None and not config.entrypoint and not config.cmd


def no_command(file: str, image: Image, answer: Certain, source: Source) -> Problem | None:
    """The problem of an image without a command; None if that is not certain, or about another stage.

    It is a warning if the Dockerfile has an empty array, such as `CMD []`, and otherwise a note: an image
    that is only copied from, or built on, needs no command.

    Args:
        file: The path of the Dockerfile.
        image: The image, which has no command.
        answer: What is certain of it.
        source: The Dockerfile.
    """
    if answer.needs or image.target is not None:
        return None
    commands = sorted(source.commands.items())
    begin = max((line for line, each in commands if each.instruction.keyword == "FROM"), default=1)
    emptied = [
        line
        for line, each in commands
        if line > begin and each.instruction.keyword in ("CMD", "ENTRYPOINT") and each.form == ExecForm(())
    ]
    line = emptied[-1] if emptied else begin
    return Problem(
        file=file,
        line=line,
        column=source.column(line),
        instruction=line,
        rule="MERGE-8",
        severity="warning" if emptied else "note",
        message="without arguments, a container runs nothing: the image has no ENTRYPOINT and no CMD",
        advice="name the program in CMD or ENTRYPOINT, unless the image is only built on or copied from",
    )
