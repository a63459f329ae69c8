"""The command `cmdpoint report`."""

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cmdpoint.cli.faults import NotInstalled, Unmarked, Unwritable
from cmdpoint.cli.printing import write_output
from cmdpoint.cli.reading import read
from cmdpoint.exit_codes import ExitCode, help_text

if TYPE_CHECKING:
    from cmdpoint.observations.collection import ObservationSet

SUMMARY = "Report the observations of live runs by rule and engine, as a table, JSON or a page"

FORMATS: Final = ("table", "json", "html", "summary", "ledger")

FOLDER: Final = Path(".cmdpoint/observations")
"""Where live runs save their observations."""

_FORMATS_HELP: Final = """\
formats:
  table    a table with one line for each rule
  json     the complete report as JSON; --schema prints the JSON Schema
  html     the complete report as a web page with filters
  summary  a short Markdown table; with -o it replaces the text between the marks in FILE
  ledger   the ways in which engines, builders, versions and the documentation diverge, as Markdown
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    codes = help_text(
        ExitCode.DONE,
        (ExitCode.UNWRITABLE, "FILE or the output cannot be written"),
        ExitCode.UNMARKED,
        ExitCode.NOT_INSTALLED,
        *(code for code in ExitCode if 50 <= code < 60),
    )
    parser.epilog = f"{_FORMATS_HELP}\n{codes}"
    option = parser.add_argument
    option(
        "observations",
        nargs="*",
        type=Path,
        metavar="OBSERVATIONS",
        help=f"files of observations, or folders of them (default: the newest file in {FOLDER})",
    )
    option("--format", choices=FORMATS, default="table", help="see below (default: table)")
    option("-o", "--output", type=Path, metavar="FILE", help="the file to write (default: standard output)")
    option("--schema", action="store_true", help="print the JSON Schema of --format json, and exit")


def run(options: argparse.Namespace) -> int:
    """Write the report."""
    try:
        text = _text(options)
    except ModuleNotFoundError as error:
        if error.name != "markdown_it":
            raise
        raise NotInstalled(
            "the report cannot be written",
            "markdown-it-py, which reads the spec, is not installed",
            "run pip install markdown-it-py, or pip install 'cmdpoint[report]'",
        ) from error
    if options.output is None:
        write_output(text)
    elif options.format == "summary" and options.output.exists():
        _replace_summary(options.output, text)
    else:
        _write(options.output, text)
    return ExitCode.DONE


def _text(options: argparse.Namespace) -> str:
    from cmdpoint.observations.collection import read_observations  # noqa: PLC0415 - see `cmdpoint.commands`
    from cmdpoint.report import matrix_json  # noqa: PLC0415 - see `cmdpoint.commands`

    if options.schema:
        return matrix_json.schema()
    newest = sorted(FOLDER.glob("*.jsonl"), key=lambda path: path.stat().st_mtime)[-1:]
    return _written(read_observations(options.observations or newest), options)


def _written(collected: "ObservationSet", options: argparse.Namespace) -> str:
    from cmdpoint.report import ledger_text, matrix_json, matrix_text, page, summary  # noqa: PLC0415 - see `cmdpoint.commands`
    from cmdpoint.report.ledger_examples import LedgerExamples  # noqa: PLC0415 - see `cmdpoint.commands`
    from cmdpoint.report.matrix import matrix  # noqa: PLC0415 - see `cmdpoint.commands`
    from cmdpoint.spec.rules import all_rules  # noqa: PLC0415 - see `cmdpoint.commands`

    cases, targets, date = list(collected.compared), collected.dialects, collected.date
    if options.format == "ledger":
        return ledger_text.render(LedgerExamples(cases, targets), targets, date)
    found = matrix(cases, targets, all_rules(), collected.errors, date)
    match options.format:
        case "json":
            return matrix_json.render(found)
        case "html":
            return page.render(found)
        case "summary":
            return summary.render(found)
    width = shutil.get_terminal_size((140, 24)).columns if options.output is None else 140
    return "".join(f"{line}\n" for line in matrix_text.render(found, width))


def _replace_summary(path: Path, text: str) -> None:
    """Replace the summary between the marks in a file."""
    from cmdpoint.report import summary  # noqa: PLC0415 - see `cmdpoint.commands`

    before = read(str(path))
    try:
        after = summary.replaced(before, text)
    except ValueError as error:
        raise Unmarked(
            f"{path} has no marks for the summary",
            str(error),
            f"add a line {summary.BEGIN} and below it a line {summary.END} where the summary should go",
        ) from error
    _write(path, after)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        why = error.strerror or str(error)
        raise Unwritable(
            f"{path} cannot be written", why, "name another file, or none for standard output"
        ) from error
