"""The command `cmdpoint characterise`."""

import argparse
import sys
from typing import Final

from cmdpoint.cli.faults import NotInstalled
from cmdpoint.cli.printing import printed

SUMMARY = "how an engine behaves that is not described yet, and the rows that describe it"

UNEXPLAINED: Final = 3
"""The exit status if no known value explains something that the engine does."""

_MORE = """\
Runs examples of the specification on each builder of the engine: those whose result
depends on a behaviour that is not decided yet. Prints the nearest described dialect,
the rows to add to oracle/dialect/dialects.toml, and what no known value explains.

Needs docker and markdown-it-py: pip install 'cmdpoint[live,report]'

exit status:
  0   everything is explained
  2   the command line is wrong
  3   something is not explained
  47  a library is missing
  20 to 30  the engine is not available, or stopped
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options to the parser."""
    parser.description = f"Find out {SUMMARY}."
    parser.epilog = _MORE
    parser.add_argument(
        "--engine",
        metavar="ENGINE",
        required=True,
        help="auto, host, private, docker-VERSION, podman-VERSION, an address: see `cmdpoint engines list`",
    )
    parser.add_argument(
        "--every-example", action="store_true", help="run every example, not only those that decide something"
    )


def run(options: argparse.Namespace) -> int:
    """Characterise the engine."""
    try:
        from cmdpoint.characterise import session, text  # noqa: PLC0415 - see `cmdpoint.commands`
    except ModuleNotFoundError as error:
        raise NotInstalled(
            "no engine can be characterised",
            f"the Python library {error.name} is not installed",
            "install cmdpoint[live,report]",
        ) from error

    def progress(what: str) -> None:
        print(f"cmdpoint: {what}", file=sys.stderr)

    report = session.characterise(options.engine, progress, everything=options.every_example)
    if not printed(text.render(report)):
        return 1
    return UNEXPLAINED if any(each.result.unexplained for each in report.builders) else 0
