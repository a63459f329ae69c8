"""The report of a divergence against snapshots.

The snapshots are in `snapshots` beside this file. After an intended change, renew them with
CMDPOINT_RENEW_SNAPSHOTS=1 and read the difference before you commit it.
"""

import os
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from cmdpoint.conformance.profiles import at_least
from cmdpoint.oracle.case import Case, CommandLine, Image, ImageConfig, Request
from cmdpoint.oracle.comparison import LEVELS, Level, agree, expected_at
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Codes, Outcome, Process, Refusal
from cmdpoint.oracle.predict import predict
from cmdpoint.report.divergence import render
from tests.unit.recorded import PREDICTIONS, cases

SNAPSHOTS = Path(__file__).with_name("snapshots")
RENEW = "CMDPOINT_RENEW_SNAPSHOTS"

CASES: dict[str, tuple[str, Case, Level, Outcome | ImageConfig, Outcome | ImageConfig]] = {
    "argv": (
        "docker-20.10.24/buildkit",
        Case(
            (
                Image("base", 'FROM probe\nCMD ["/a"]\n'),
                Image("image", 'FROM base\nENTRYPOINT ["/b", "a b"]\n'),
            ),
            Request(None, ("x y", "it's")),
        ),
        "observed",
        Process(("/b", "a b", "x y", "it's")),
        Process(("/b", "a b", "\x1b", "it's", "/a")),
    ),
    "refusal": (
        "docker-28.5.2/classic",
        Case(
            (Image("image", 'FROM probe AS one\nCMD ["/a"]\nFROM one\nCMD ["b", 1]', "one"),), Request((), ())
        ),
        "planned",
        Refusal("parse", "not-all-strings", "a JSON array must hold strings only", 4, "image"),
        Process(("/a",)),
    ),
    "config": (
        "docker-28.5.2/buildkit",
        Case((Image("image", "FROM probe\nCMD echo \udcff\u00a0x\nENTRYPOINT\n"),)),
        "config",
        ImageConfig(("/bin/sh", "-c", ""), ("/bin/sh", "-c", "echo \ufffd\u00a0x")),
        ImageConfig((), ("/bin/sh", "-c", "echo \ufffd\u00a0x")),
    ),
}


def report_of(name: str) -> str:
    """The report of one of the cases."""
    where, case, level, expected, seen = CASES[name]
    return render(case, where, predict(case, Dialect.from_name(where)), level, expected, seen)


@pytest.mark.parametrize("name", CASES)
def test_the_report_is_the_snapshot(name: str) -> None:
    """The report is compared character by character."""
    path = SNAPSHOTS / f"divergence-{name}.txt"
    if os.environ.get(RENEW):
        path.write_text(report_of(name), "utf-8")
        pytest.skip(f"{path.name} was renewed")
    assert report_of(name) == path.read_text("utf-8"), f"if this is intended: {RENEW}=1 pytest {__file__}"


def test_only_what_differs_is_marked() -> None:
    """Marks are at the second argument and at the extra one, and nowhere else."""
    marked = [line.split()[1] for line in report_of("argv").splitlines() if line.startswith("≠")]
    assert marked == ["argv[2]", "argv[4]"]


def test_the_steps_of_the_client_are_shown() -> None:
    """They appear at the levels that include the client; exit codes that were not observed are not marked."""
    case = Case(
        (Image("image", 'FROM probe\nENTRYPOINT ["/a"]\n'),), CommandLine(("--entrypoint=", "IMAGE", "/b"))
    )
    target = "docker-28.5.2/buildkit"
    prediction = predict(case, Dialect.from_name(target))
    client = {step.rule for step in prediction.steps if step.phase == "client"}
    assert client
    observed = Process(("/c",), Codes(run=0))
    for level in LEVELS:
        report = render(case, target, prediction, level, expected_at(level, prediction), observed)
        assert all((f"    {rule} " in report) is (level != "config") for rule in client)
    expected = expected_at("observed", prediction)
    assert isinstance(expected, Process)
    report = render(
        case, target, prediction, "observed", replace(expected, codes=Codes(201, 204, 0)), observed
    )
    assert marked_rows(report) == ["argv[0]"]


def marked_rows(report: str) -> list[str]:
    """The labels of the rows that are marked."""
    rows = [line for line in report.splitlines() if line.startswith("≠")]
    return [line[2:12].strip() for line in rows]


@pytest.mark.slow
def test_a_row_is_marked_exactly_where_the_comparison_fails() -> None:
    """This holds for all pairs of results that were recorded for one case, each pair once.

    The profile `thorough` looks at all recorded cases, `quick` at every third.
    """
    pairs: set[tuple[str, ...]] = set()
    newest = Dialect.newest()
    for each in cases()[:: 1 if at_least("thorough") else 3]:
        by_text = {repr(result): result for _, result in each.results}
        for pair in set(product(by_text, repeat=2)) - pairs:
            pairs.add(pair)
            predicted, observed = map(by_text.__getitem__, pair)
            prediction = PREDICTIONS.predict(each.case, newest)
            report = render(each.case, "docker-28.5.2/buildkit", prediction, each.level, predicted, observed)
            assert bool(marked_rows(report)) is not agree(predicted, observed), report
    assert len(pairs) > 500


def test_a_line_that_only_one_refusal_has_is_no_difference() -> None:
    """The report ignores such a line, as the comparison does."""
    case = Case((Image("image", "FROM probe\nNOPE\n"),))
    prediction = predict(case, Dialect.newest())
    expected = Refusal("parse", "unknown-instruction", "unknown instruction: NOPE", 2, "image")
    seen = Refusal("parse", "unclassified", "what is NOPE?", None, "image")
    lines = render(case, "docker-28.5.2/buildkit", prediction, "config", expected, seen).splitlines()
    assert [line.split()[1] for line in lines if line.startswith("≠")] == ["kind"]
    assert "  the engine says: what is NOPE?" in lines
