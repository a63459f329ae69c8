"""The command `cmdpoint dialect`."""

import argparse
from typing import Final

from cmdpoint.cli.explanation import dialect_called
from cmdpoint.cli.printing import printed
from cmdpoint.dialects import as_json, text
from cmdpoint.oracle.dialect.changes import changes
from cmdpoint.spec.titles import titles

SUMMARY = "how an engine behaves: each behaviour, its value, what it means, and where that is known from"

DIFFERENT: Final = 3
"""The exit status if two dialects differ."""

_MORE: Final = """\
Names: docker, 28.5, v28.5.2, docker-28, docker-28.5.2/classic, podman-5.4.2,
docker-28.5.2+containerd/buildkit/crun. A version such as 28 or 28.5 means the newest
described version that begins so. The first line of the output shows which was chosen.

exit status:
  0   done; with --diff, nothing differs
  2   the command line is wrong
  3   with --diff, something differs
  44  there is no such dialect
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options to the parser."""
    parser.description = f"Show {SUMMARY}. Needs no daemon."
    parser.epilog = _MORE
    option = parser.add_argument
    option("name", nargs="?", metavar="NAME", help="a dialect; without it, the described dialects are listed")
    option("--diff", metavar="OTHER", help="show only what is different in another dialect")
    option("--format", choices=("text", "json"), default="text", help="text for people, by default, or JSON")
    option("--schema", action="store_true", help="only print the JSON Schema of what --format json prints")
    parser.set_defaults(parser=parser)


def run(options: argparse.Namespace) -> int:
    """Show dialects."""
    if options.schema:
        return 0 if printed(as_json.schema()) else 1
    if options.name is None and options.diff is not None:
        options.parser.error("--diff needs the NAME of a dialect before it")
    output, status = _output(options)
    return status if printed(output) else 1


def _output(options: argparse.Namespace) -> tuple[str, int]:
    is_json = options.format == "json"
    if options.name is None:
        return as_json.dialect_list() if is_json else text.dialect_list(), 0
    dialect = dialect_called(options.name)
    if options.diff is None:
        return as_json.one_dialect(dialect) if is_json else text.one_dialect(dialect, titles()), 0
    other = dialect_called(options.diff)
    status = DIFFERENT if changes(dialect, other) else 0
    if is_json:
        return as_json.difference(dialect, other), status
    return text.difference(dialect, other, titles()), status
