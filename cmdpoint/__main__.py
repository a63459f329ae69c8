"""The command `cmdpoint`: reads the command line, prints the answer, and says plainly what is wrong."""

import argparse
import importlib.metadata
import io
import os
import sys
from collections.abc import Sequence

from cmdpoint.explain import Question, answer, dialect_called
from cmdpoint.predict import Answers, schema
from cmdpoint.reading import opened
from engines.faults import Fault

_EXPLAIN = "what a Dockerfile makes a container run, and which lines and rules made it so; needs no daemon"
_DIALECT = "such as docker-28.5.2/buildkit; by default the newest verified"
_PREDICT = "the same for tools: JSON Lines in, JSON Lines out"
_PREDICT_STATUS = """\
exit status:
  0   every line was answered           42  the file cannot be read
  2   the command line is wrong         44  there is no such dialect
  40  there is no such file             46  some lines were malformed; each was
  41  the file is a folder                  answered with what is wrong with it
"""
_STATUS = """\
exit status:
  0   something runs
  2   the command line is wrong
  3   nothing runs: the outcome is a refusal
  40  there is no such file             43  the file is not UTF-8
  41  the file is a folder              44  there is no such dialect
  42  the file cannot be read           45  a --base is malformed
"""


MALFORMED = 46
"""The exit status where some lines were no cases."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: The words after `cmdpoint`; those of this process by default.

    Returns:
        The exit status: see `cmdpoint explain --help`.

    Raises:
        SystemExit: With status 2, the command line is wrong; with 0, it asked for help or the version.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    # What follows `--` is the container's: versions of argparse differ on a second `--` in it.
    at = words.index("--") if "--" in words else len(words)
    options = _parser().parse_args(words[:at])
    try:
        if options.command == "predict":
            return _predict(options)
        question = Question(
            file=options.file,
            target=options.target,
            entrypoint=options.entrypoint,
            arguments=words[at + 1 :],
            dialect=options.dialect,
            bases=options.base,
        )
        text, status = answer(question)
    except Fault as fault:
        print(f"cmdpoint: {fault}", file=sys.stderr)
        return fault.exit_code
    return status if _printed(text) else 1


def _predict(options: argparse.Namespace) -> int:
    if options.schema is not None:
        return 0 if _printed(schema(options.schema)) else 1
    dialect = dialect_called(options.dialect)
    if not dialect.verified:
        print(f"cmdpoint: {dialect} is newer than every engine that was asked", file=sys.stderr)
    with opened(options.file) as lines:
        answers = Answers(lines, dialect)
        for line in answers:
            if not _printed(f"{line}\n"):
                return 1
    return MALFORMED if answers.malformed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cmdpoint", description="What process a Docker container runs.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"cmdpoint {_version()}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", dest="command")
    predict = commands.add_parser(
        "predict",
        help=_PREDICT,
        description=f"Tell {_PREDICT}. --schema prints what the lines are.",
        epilog=_PREDICT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    predict.add_argument("file", nargs="?", default="-", metavar="FILE", help="by default standard input")
    predict.add_argument("--dialect", metavar="NAME", help=_DIALECT)
    predict.add_argument("--schema", choices=("input", "output"), help="only print a JSON Schema")
    explain = commands.add_parser(
        "explain",
        help=_EXPLAIN,
        description=f"Tell {_EXPLAIN}.",
        epilog=_STATUS,
        usage="cmdpoint explain [-f FILE] [--target STAGE] [--entrypoint X] [--dialect NAME]\n"
        "                        [--base NAME=CONFIG]... [-- ARGS... | -- docker run ...]",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = explain.add_argument
    add("-f", "--file", default="Dockerfile", help="the Dockerfile; - reads standard input")
    add("--target", metavar="STAGE", help="the stage to build, as for `docker build`")
    add("--entrypoint", metavar="X", help="as for `docker run`")
    add("--dialect", metavar="NAME", help=_DIALECT)
    add(
        "--base",
        metavar="NAME=CONFIG",
        action="append",
        default=[],
        help='the config of an image that FROM names: NAME=\'{"Entrypoint": [...], "Cmd": [...]}\'',
    )
    return parser


def _version() -> str:
    try:
        return importlib.metadata.version("cmdpoint")
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


def _printed(text: str) -> bool:
    """Print, whatever the terminal can show; whether somebody was there to read it."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at the end, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
