"""The command `cmdpoint`: reads the command line, runs the command named, and says what is wrong."""

import argparse
import importlib.metadata
import sys
from collections.abc import Sequence

from cmdpoint.commands import commands
from cmdpoint.engines.faults import Fault


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: The words after `cmdpoint`; those of this process by default.

    Returns:
        The exit status: see the command's `--help`.

    Raises:
        SystemExit: With status 2, the command line is wrong; with 0, it asked for help or the version.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    # What follows `--` is the command's own: versions of argparse differ on a second `--` in it.
    at = words.index("--") if "--" in words else len(words)
    parser = _parser()
    options, unknown = parser.parse_known_args(words[:at])
    if unknown and not options.takes_options:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    options.words = unknown + words[at + 1 :]
    if options.words and not options.takes_words:
        parser.error(f"{options.command} takes nothing after --")
    try:
        status: int = options.run(options)
    except Fault as fault:
        print(f"cmdpoint: {fault}", file=sys.stderr)
        return fault.exit_code
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cmdpoint", description="What process a Docker container runs.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"cmdpoint {_version()}")
    parsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", dest="command")
    for name, command in commands():
        own = parsers.add_parser(
            name,
            help=command.SUMMARY,
            description=f"Tell {command.SUMMARY}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        own.set_defaults(run=command.run, takes_words=False, takes_options=False)
        command.add(own)
    return parser


def _version() -> str:
    try:
        return importlib.metadata.version("cmdpoint")
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    sys.exit(main())
