"""The command `cmdpoint explain`."""

import argparse

from cmdpoint.cli.explain import ExplainRequest, answer
from cmdpoint.cli.printing import write_output
from cmdpoint.commands import BASE, DIALECT
from cmdpoint.exit_codes import ExitCode, help_text

SUMMARY = "Show what process a Dockerfile's container runs, and which lines and rules decide it"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.description = f"{SUMMARY}. Needs no daemon."
    parser.epilog = help_text(
        (ExitCode.DONE, "the container runs a process"),
        (ExitCode.FINDING, "nothing runs: the build, docker run or the engine refuses"),
        (ExitCode.NO_FILE, "there is no such file"),
        ExitCode.IS_FOLDER,
        (ExitCode.UNREADABLE, "the file cannot be read"),
        (ExitCode.NOT_TEXT, "the file is not UTF-8"),
        ExitCode.BAD_DIALECT,
        ExitCode.BAD_BASE,
    )
    parser.usage = (
        "cmdpoint explain [-f FILE] [--target STAGE] [--entrypoint X] [--dialect NAME]\n"
        "                        [--base NAME=CONFIG]... [-- ARGS... | -- docker run ...]"
    )
    parser.set_defaults(takes_words=True)
    option = parser.add_argument
    option(
        "-f", "--file", default="Dockerfile", help="the Dockerfile (default: Dockerfile); - is standard input"
    )
    option("--target", metavar="STAGE", help="the stage to build, as for `docker build` (default: the last)")
    option("--entrypoint", metavar="X", help="as for `docker run`")
    option("--dialect", metavar="NAME", help=DIALECT)
    option("--base", metavar="NAME=CONFIG", action="append", default=[], help=BASE)


def run(options: argparse.Namespace) -> int:
    """Explain a Dockerfile."""
    wanted = ExplainRequest(
        file=options.file,
        target=options.target,
        entrypoint=options.entrypoint,
        arguments=options.words,
        dialect=options.dialect,
        bases=options.base,
    )
    text, status = answer(wanted)
    write_output(text)
    return status
