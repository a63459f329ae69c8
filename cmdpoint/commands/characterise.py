"""The command `cmdpoint characterise`."""

import argparse

from cmdpoint.cli.faults import NotInstalled, install
from cmdpoint.cli.printing import say, write_output
from cmdpoint.exit_codes import ENGINE_FAULTS, ExitCode, help_text

SUMMARY = "Find out how a new engine behaves, and print the rows that describe it"


_MORE = """\
Runs examples of the specification on each builder of the engine: those whose result
depends on a behaviour that is still undecided. Prints the nearest described dialect,
the rows to add to oracle/dialect/dialects.toml, and the results that no known value
explains.

Needs docker and markdown-it-py: pip install '.[live,report]', in a clone
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.description = f"{SUMMARY}."
    codes = help_text(
        (ExitCode.DONE, "every result is explained"),
        (ExitCode.FINDING, "a result is not explained"),
        ExitCode.NOT_INSTALLED,
        *ENGINE_FAULTS,
    )
    parser.epilog = f"{_MORE}\n{codes}"
    parser.add_argument(
        "--engine",
        metavar="ENGINE",
        help="auto, host, private, docker-VERSION, podman-VERSION, an address: see `cmdpoint engines list`",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="the format (default: text)"
    )
    parser.add_argument(
        "--schema", action="store_true", help="print the JSON Schema of --format json, and exit"
    )
    parser.add_argument(
        "--every-example", action="store_true", help="run every example, not only those that decide a value"
    )


def run(options: argparse.Namespace) -> int:
    """Characterise the engine."""
    if options.engine is None and not options.schema:
        options.parser.error("the following arguments are required: --engine")
    try:
        from cmdpoint.characterise import as_json, session, text  # noqa: PLC0415 - see `cmdpoint.commands`
    except ModuleNotFoundError as error:
        raise NotInstalled(
            "no engine can be characterised",
            f"the Python library {error.name} is not installed",
            install("live,report"),
        ) from error

    if options.schema:
        write_output(as_json.schema())
        return ExitCode.DONE
    report = session.characterise(options.engine, say, everything=options.every_example)
    write_output((as_json if options.format == "json" else text).render(report))
    return ExitCode.FINDING if any(each.result.unexplained for each in report.builders) else ExitCode.DONE
