"""The command `cmdpoint characterise`."""

import argparse
import sys
from typing import Final

from cmdpoint.cli.faults import NotInstalled
from cmdpoint.cli.printing import printed

SUMMARY = "what an engine does that nobody has described yet, and the rows that describe it"

UNEXPLAINED: Final = 3
"""The exit status where the engine does what no known value explains."""

_MORE = """\
The engine is asked those examples of the spec in which some value of some behaviour
would be seen, on each of its builders. What is told: the known dialect that is nearest,
the rows to add to oracle/dialect/dialects.toml, and what no known value explains.

It needs docker and markdown-it-py (`pip install cmdpoint[live,report]`).

exit status:
  0   everything is explained
  2   the command line is wrong
  3   something is not explained
  47  a library is missing
  20 to 30  the engine cannot be had, or died
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Give the parser its options."""
    parser.description = f"Tell {SUMMARY}."
    parser.epilog = _MORE
    parser.add_argument(
        "--engine",
        metavar="ENGINE",
        required=True,
        help="auto, host, private, docker-VERSION, podman-VERSION, an address: see `cmdpoint engines list`",
    )
    parser.add_argument(
        "--every-example", action="store_true", help="ask all examples, not only those that tell values apart"
    )


def run(options: argparse.Namespace) -> int:
    """Characterise the engine."""
    try:
        from cmdpoint.characterise import session as ask  # noqa: PLC0415 - see `cmdpoint.commands`
        from cmdpoint.characterise import text  # noqa: PLC0415 - see `cmdpoint.commands`
    except ModuleNotFoundError as error:
        raise NotInstalled(
            "no engine can be asked",
            f"the Python library {error.name} is not installed",
            "install cmdpoint[live,report]",
        ) from error

    def progress(what: str) -> None:
        print(f"cmdpoint: {what}", file=sys.stderr)

    told = ask.characterise(options.engine, progress, everything=options.every_example)
    if not printed(text.render(told)):
        return 1
    return UNEXPLAINED if any(each.found.unexplained for each in told.builders) else 0
