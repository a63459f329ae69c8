"""The command `cmdpoint report`."""

import argparse
import gc
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from cmdpoint.cli.colour import Colour, coloured, shows_colours
from cmdpoint.cli.faults import NotInstalled, Unmarked, Unwritable, install
from cmdpoint.cli.printing import say, write_output
from cmdpoint.cli.progress import counted
from cmdpoint.cli.reading import read
from cmdpoint.cli.stored_results import stored
from cmdpoint.exit_codes import ExitCode, help_text

if TYPE_CHECKING:
    from cmdpoint.observations.collection import ObservationSet
    from cmdpoint.report.matrix import CellVerdict, Matrix

T = TypeVar("T")

SUMMARY = "Report the observations of live runs by rule and engine, as a table, JSON or a page"

FORMATS: Final = ("table", "json", "html", "summary", "ledger")

FOLDER: Final = Path(".cmdpoint/observations")
"""Where live runs save their observations."""

FEW: Final = 200
"""How many cases one process compares before others would have started."""

WIDTH: Final = 140
"""The width of the table if there is no terminal."""

_COLOURS: Final["Mapping[CellVerdict, Colour]"] = {
    "agrees": "green",
    "diverges": "red",
    "unverified": "yellow",
    "harness fault": "yellow",
    "not reached": "yellow",
    "does not apply": "dim",
}

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
        help=f"files of observations, or folders of them (default: the newest run in {FOLDER})",
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
            f"run pip install markdown-it-py, or {install('report')}",
        ) from error
    if options.output is None:
        write_output(text)
    elif options.format == "summary" and options.output.exists():
        _replace_summary(options.output, text)
    else:
        _write(options.output, text)
    return ExitCode.DONE


def _text(options: argparse.Namespace) -> str:
    from cmdpoint.report import matrix_json, page, summary  # noqa: PLC0415 - see `cmdpoint.commands`

    if options.schema:
        return matrix_json.schema()
    paths = options.observations or _newest_run()
    if options.format == "ledger":
        return _stored("ledger", paths, _ledger)
    found = _stored("matrix", paths, _matrix)
    match options.format:
        case "json":
            return matrix_json.render(found)
        case "html":
            return page.render(found)
        case "summary":
            return summary.render(found)
    return "".join(f"{line}\n" for line in _table(found, to_file=options.output is not None))


def _newest_run() -> list[Path]:
    """The newest file of this folder's runs, with the files of the other shards of that run."""
    files = sorted(FOLDER.glob("*.jsonl"), key=lambda path: path.stat().st_mtime)
    shard = re.fullmatch(r".*Z(-\d+-)\d+(of\d+)(?:-again)*\.jsonl", files[-1].name) if files else None
    if shard is None:
        return files[-1:]
    of_run = re.compile(rf".*Z{shard[1]}\d+{shard[2]}(?:-again)*\.jsonl")
    return [file for file in files if of_run.fullmatch(file.name)]


def _table(found: "Matrix", *, to_file: bool) -> Iterator[str]:
    """The table, as wide as the terminal and in its colours."""
    from cmdpoint.report import matrix_text  # noqa: PLC0415 - see `cmdpoint.commands`

    width = WIDTH if to_file else shutil.get_terminal_size((WIDTH, 24)).columns

    def paint(text: str, verdict: "CellVerdict") -> str:
        return coloured(text, _COLOURS[verdict]) if verdict in _COLOURS else text

    paints = not to_file and shows_colours()
    return matrix_text.render(found, width, paint if paints else matrix_text.plain)


def _stored(name: str, paths: list[Path], compute: Callable[["ObservationSet"], T]) -> T:
    """What is computed of files of observations, or was by an earlier report."""
    from cmdpoint.observations.collection import observation_files, read_observations  # noqa: PLC0415 - see `cmdpoint.commands`

    files = list(observation_files(paths))
    # Nothing that is computed has cycles, and looking for them takes a quarter of the time.
    gc.disable()
    try:
        result, was_stored = stored(name, files, lambda: compute(read_observations(files)))
    finally:
        gc.enable()
    if was_stored:
        say("the observations were compared before with the same oracle; that result is used")
    return result


def _matrix(collected: "ObservationSet") -> "Matrix":
    from cmdpoint.report.compute import Execution, matrix  # noqa: PLC0415 - see `cmdpoint.commands`
    from cmdpoint.report.processes import available  # noqa: PLC0415 - see `cmdpoint.commands`
    from cmdpoint.spec.rules import all_rules  # noqa: PLC0415 - see `cmdpoint.commands`

    cases = list(collected.compared)
    execution = Execution(
        processes=available() if len(cases) > FEW else 1,
        progress=partial(counted, what=f"comparing {len(cases):,} cases with the oracle"),
    )
    return matrix(cases, collected.dialects, all_rules(), collected.errors, collected.date, execution)


def _ledger(collected: "ObservationSet") -> str:
    from cmdpoint.report import ledger_text  # noqa: PLC0415 - see `cmdpoint.commands`
    from cmdpoint.report.ledger_examples import LedgerExamples  # noqa: PLC0415 - see `cmdpoint.commands`

    say(f"looking for examples in {len(collected.cases):,} cases")
    targets = collected.dialects
    return ledger_text.render(LedgerExamples(list(collected.compared), targets), targets, collected.date)


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
