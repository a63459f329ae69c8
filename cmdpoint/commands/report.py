"""The command `cmdpoint report`."""

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cmdpoint.cli.faults import NotInstalled, Unmarked, Unwritable
from cmdpoint.cli.printing import printed

if TYPE_CHECKING:
    from cmdpoint.observations.collection import ObservationSet

SUMMARY = "what live runs saw, rule by rule and engine by engine: a table, JSON, or a page"

FORMATS: Final = ("table", "json", "html", "summary", "ledger")

FOLDER: Final = Path(".cmdpoint/observations")
"""Where live runs leave what they saw."""

_STATUS = """\
formats:
  table    a line a rule, for a terminal
  json     all of it, for tools; --schema prints what it is
  html     all of it as one page, with filters
  summary  a few lines of Markdown; with -o they take the place of those between the marks in FILE
  ledger   each way in which engines, builders, versions or the documentation differ, as Markdown

exit status:
  0   the report was made               54  a file of observations cannot be read
  2   the command line is wrong         55  there is nothing to report
  48  FILE cannot be written            56  the oracle knows no dialect of an engine
  49  FILE lacks the marks              50, 51, 52, 53  a file is truncated, edited,
  47  a library is missing                  malformed, of a newer version
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Give the parser its options."""
    parser.epilog = _STATUS
    option = parser.add_argument
    option(
        "observations",
        nargs="*",
        type=Path,
        metavar="OBSERVATIONS",
        help=f"files of observations, or folders of them; by default the newest in {FOLDER}",
    )
    option("--format", choices=FORMATS, default="table", help="by default a table")
    option("-o", "--output", type=Path, metavar="FILE", help="by default standard output")
    option("--schema", action="store_true", help="only print the JSON Schema of --format json")


def run(options: argparse.Namespace) -> int:
    """Make the report."""
    try:
        text = _text(options)
    except ModuleNotFoundError as error:
        if error.name != "markdown_it":
            raise
        raise NotInstalled(
            "the report cannot be made",
            "it reads the spec with markdown-it-py, which is not installed",
            "install it: pip install markdown-it-py, or cmdpoint[report]",
        ) from error
    if options.output is None:
        return 0 if printed(text) else 1
    _write(options.output, text, marked=options.format == "summary")
    return 0


def _text(options: argparse.Namespace) -> str:
    from cmdpoint.observations.collection import read_observations  # noqa: PLC0415 - see `cmdpoint.commands`
    from cmdpoint.report import matrix_json  # noqa: PLC0415 - see `cmdpoint.commands`

    if options.schema:
        return matrix_json.schema()
    newest = sorted(FOLDER.glob("*.jsonl"), key=lambda path: path.stat().st_mtime)[-1:]
    return _written(read_observations(options.observations or newest), options)


def _written(collected: "ObservationSet", options: argparse.Namespace) -> str:
    from cmdpoint.report import ledger_text, matrix_json, matrix_text, page, summary  # noqa: PLC0415 - see `cmdpoint.commands`
    from cmdpoint.report.matrix import matrix  # noqa: PLC0415 - see `cmdpoint.commands`
    from cmdpoint.spec.rules import all_rules  # noqa: PLC0415 - see `cmdpoint.commands`

    cases, targets, date = list(collected.compared), collected.dialects, collected.date
    if options.format == "ledger":
        return ledger_text.render(cases, targets, date)
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


def _write(path: Path, text: str, *, marked: bool) -> None:
    from cmdpoint.report import summary  # noqa: PLC0415 - see `cmdpoint.commands`

    try:
        if marked and path.exists():
            text = summary.replaced(path.read_text("utf-8"), text)
        path.write_text(text, "utf-8")
    except OSError as error:
        why = error.strerror or str(error)
        raise Unwritable(
            f"{path} cannot be written", why, "name another, or none for standard output"
        ) from error
    except ValueError as error:
        raise Unmarked(
            f"{path} has no place for the summary",
            str(error),
            f"put a line {summary.BEGIN} and below it a line {summary.END} where it is to stand",
        ) from error
