"""The command `cmdpoint predict`."""

import argparse
import sys
from typing import Final

from cmdpoint.cli.explanation import dialect_called
from cmdpoint.cli.json_lines import Answers, schema
from cmdpoint.cli.printing import printed
from cmdpoint.cli.reading import opened
from cmdpoint.commands import DIALECT

SUMMARY = "the same for tools: JSON Lines in, JSON Lines out"

MALFORMED: Final = 46
"""The exit status where some lines were no cases."""

_STATUS = """\
exit status:
  0   every line was answered           42  the file cannot be read
  2   the command line is wrong         44  there is no such dialect
  40  there is no such file             46  some lines were malformed; each was
  41  the file is a folder                  answered with what is wrong with it
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Give the parser its options."""
    parser.description = f"Tell {SUMMARY}. --schema prints what the lines are."
    parser.epilog = _STATUS
    option = parser.add_argument
    option("file", nargs="?", default="-", metavar="FILE", help="by default standard input")
    option("--dialect", metavar="NAME", help=DIALECT)
    option("--schema", choices=("input", "output"), help="only print a JSON Schema")


def run(options: argparse.Namespace) -> int:
    """Answer each line."""
    if options.schema is not None:
        return 0 if printed(schema(options.schema)) else 1
    dialect = dialect_called(options.dialect)
    if not dialect.verified:
        print(f"cmdpoint: {dialect} is newer than every engine that was asked", file=sys.stderr)
    with opened(options.file) as lines:
        answers = Answers(lines, dialect)
        for line in answers:
            if not printed(f"{line}\n"):
                return 1
    return MALFORMED if answers.malformed else 0
