"""The command `cmdpoint dialect`."""

import argparse
from typing import Final

from cmdpoint.cli.explain import find_dialect
from cmdpoint.cli.printing import write_output
from cmdpoint.dialects import as_json, text
from cmdpoint.exit_codes import ExitCode, help_text
from cmdpoint.oracle.dialect.changes import changes
from cmdpoint.spec.titles import titles

SUMMARY = "Show how an engine behaves: each behaviour with its value, its meaning and its source"

_MORE: Final = """\
Names: docker, 28.5, v28.5.2, docker-28, docker-28.5.2/classic, podman-5.4.2,
docker-28.5.2+containerd/buildkit/crun. A version such as 28 or 28.5 means the newest
described version that begins with it, which the first line of the output shows.
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.description = f"{SUMMARY}. Needs no daemon."
    codes = help_text(
        (ExitCode.DONE, "done; with --diff, nothing differs"),
        (ExitCode.FINDING, "with --diff, something differs"),
        ExitCode.BAD_DIALECT,
    )
    parser.epilog = f"{_MORE}\n{codes}"
    option = parser.add_argument
    option("name", nargs="?", metavar="NAME", help="a dialect; without it, the described dialects are listed")
    option("--diff", metavar="OTHER", help="show only the differences from another dialect")
    option("--format", choices=("text", "json"), default="text", help="the format (default: text)")
    option("--schema", action="store_true", help="print the JSON Schema of --format json, and exit")
    parser.set_defaults(parser=parser)


def run(options: argparse.Namespace) -> int:
    """Show dialects."""
    if options.schema:
        write_output(as_json.schema())
        return ExitCode.DONE
    if options.name is None and options.diff is not None:
        options.parser.error("--diff needs the NAME of a dialect before it")
    output, status = _output(options)
    write_output(output)
    return status


def _output(options: argparse.Namespace) -> tuple[str, int]:
    is_json = options.format == "json"
    if options.name is None:
        return as_json.dialect_list() if is_json else text.dialect_list(), 0
    dialect = find_dialect(options.name)
    if options.diff is None:
        return as_json.one_dialect(dialect) if is_json else text.one_dialect(dialect, titles()), 0
    other = find_dialect(options.diff)
    status = ExitCode.FINDING if changes(dialect, other) else ExitCode.DONE
    if is_json:
        return as_json.difference(dialect, other), status
    return text.difference(dialect, other, titles()), status
