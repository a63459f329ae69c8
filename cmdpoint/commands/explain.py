"""The command `cmdpoint explain`."""

import argparse

from cmdpoint.cli.explanation import Question, answer
from cmdpoint.cli.printing import printed
from cmdpoint.commands import DIALECT

SUMMARY = "what a Dockerfile makes a container run, and which lines and rules made it so; needs no daemon"

_STATUS = """\
exit status:
  0   something runs
  2   the command line is wrong
  3   nothing runs: the outcome is a refusal
  40  there is no such file             43  the file is not UTF-8
  41  the file is a folder              44  there is no such dialect
  42  the file cannot be read           45  a --base is malformed
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Give the parser its options."""
    parser.epilog = _STATUS
    parser.usage = (
        "cmdpoint explain [-f FILE] [--target STAGE] [--entrypoint X] [--dialect NAME]\n"
        "                        [--base NAME=CONFIG]... [-- ARGS... | -- docker run ...]"
    )
    parser.set_defaults(takes_words=True)
    option = parser.add_argument
    option("-f", "--file", default="Dockerfile", help="the Dockerfile; - reads standard input")
    option("--target", metavar="STAGE", help="the stage to build, as for `docker build`")
    option("--entrypoint", metavar="X", help="as for `docker run`")
    option("--dialect", metavar="NAME", help=DIALECT)
    option(
        "--base",
        metavar="NAME=CONFIG",
        action="append",
        default=[],
        help='the config of an image that FROM names: NAME=\'{"Entrypoint": [...], "Cmd": [...]}\'',
    )


def run(options: argparse.Namespace) -> int:
    """Explain a Dockerfile."""
    question = Question(
        file=options.file,
        target=options.target,
        entrypoint=options.entrypoint,
        arguments=options.words,
        dialect=options.dialect,
        bases=options.base,
    )
    text, status = answer(question)
    return status if printed(text) else 1
