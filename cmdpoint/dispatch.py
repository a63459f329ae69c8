"""From the words after `cmdpoint` to an exit code: find the command, run it, report its fault."""

from importlib import import_module

from cmdpoint.cli.parser import Parser
from cmdpoint.cli.printing import ReaderLeft, say
from cmdpoint.commands import commands
from cmdpoint.engines.faults import Fault
from cmdpoint.exit_codes import ExitCode


def run(words: list[str]) -> int:
    """Run a command.

    Args:
        words: The words after `cmdpoint`.

    Returns:
        The exit code.

    Raises:
        SystemExit: With status 2, the command line is wrong; with 0, help or the version was requested.
    """
    # What follows `--` belongs to the command: versions of argparse differ on a second `--` in it.
    at = words.index("--") if "--" in words else len(words)
    try:
        parser = _parser(words)
        options, unknown = parser.parse_known_args(words[:at])
        if unknown and not options.takes_options:
            options.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
        options.all_words = words
        options.words = unknown + words[at + 1 :]
        if options.words and not options.takes_words:
            options.parser.error(f"{options.command} takes nothing after --")
        status: int = options.run(options)
    except Fault as fault:
        say(fault)
        return fault.exit_code
    except ReaderLeft:
        return ExitCode.READER_LEFT
    return status


def whole_parser() -> Parser:
    """The parser of all commands."""
    return _parser([])


def _parser(words: list[str]) -> Parser:
    first = words[0] if words else ""
    parser = Parser(
        prog="cmdpoint",
        description="Predict which process a Docker container runs.",
        epilog=_all_exit_codes(),
    )
    parser.add_argument("--version", action="version", version=_version(words))
    parsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", dest="command")
    for name, command in commands(first):
        own = parsers.add_parser(name, help=command.SUMMARY, description=f"{command.SUMMARY}.")
        own.set_defaults(run=command.run, parser=own, takes_words=False, takes_options=False)
        command.add(own)
    return parser


def _all_exit_codes() -> str:
    lines = (f"  {code:<5d}{code.meaning}\n" for code in ExitCode)
    return f"exit status of all commands; `cmdpoint COMMAND --help` shows those of one:\n{''.join(lines)}"


def _version(words: list[str]) -> str:
    """What `--version` prints, which takes a while to find and is needed in front of a command only."""
    if words[:1] != ["--version"]:
        return "cmdpoint"
    metadata = import_module("importlib.metadata")
    try:
        return f"cmdpoint {metadata.version('cmdpoint')}"
    except metadata.PackageNotFoundError:
        return "cmdpoint (not installed)"
