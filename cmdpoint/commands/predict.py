"""The command `cmdpoint predict`."""

import argparse

from cmdpoint.cli.explain import find_dialect
from cmdpoint.cli.predict_lines import Answers, schema
from cmdpoint.cli.printing import say, write_output
from cmdpoint.cli.reading import opened
from cmdpoint.commands import DIALECT
from cmdpoint.exit_codes import ExitCode, help_text

SUMMARY = "Predict what containers run, for tools: JSON Lines in, JSON Lines out"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.description = (
        f"{SUMMARY}. Each line of the input is a case; each line of the output is its prediction, or an "
        "error message about the line."
    )
    parser.epilog = help_text(
        (ExitCode.DONE, "every line is predicted"),
        (ExitCode.NO_FILE, "there is no such file"),
        ExitCode.IS_FOLDER,
        (ExitCode.UNREADABLE, "the file cannot be read"),
        ExitCode.BAD_DIALECT,
        ExitCode.MALFORMED_LINES,
    )
    option = parser.add_argument
    option("file", nargs="?", default="-", metavar="FILE", help="the cases (default: standard input)")
    option("--dialect", metavar="NAME", help=DIALECT)
    option("--schema", choices=("input", "output"), help="print the JSON Schema of the lines, and exit")


def run(options: argparse.Namespace) -> int:
    """Predict each line."""
    if options.schema is not None:
        write_output(schema(options.schema))
        return ExitCode.DONE
    dialect = find_dialect(options.dialect)
    if not dialect.verified:
        say(f"{dialect} is newer than every version that was tested on a live engine")
    with opened(options.file) as lines:
        answers = Answers(lines, dialect)
        for line in answers:
            write_output(f"{line}\n")
    return ExitCode.MALFORMED_LINES if answers.malformed else ExitCode.DONE
