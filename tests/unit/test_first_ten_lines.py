"""The first ten lines of an answer say what is true, why, and what to do, for the images of real reports."""

import tomllib
from collections.abc import Sequence

import pytest

from cmdpoint.__main__ import main
from tests.corpus import REPORTS

FOLDERS = sorted(path.name for path in REPORTS.iterdir() if path.is_dir())
CASES = tomllib.loads((REPORTS / "reports.toml").read_text("utf-8"))["report"]


def squeezed(text: str) -> str:
    """A text with single blanks, because answers are folded."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("folder", "command", "facts"),
    [pytest.param(each["folder"], each["command"], each["facts"], id=each["source"]) for each in CASES],
)
def test_the_first_ten_lines(
    folder: str,
    command: str,
    facts: Sequence[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every fact of the report is in them; where nothing is printed, in the message."""
    monkeypatch.chdir(REPORTS / folder)
    # Only what stands behind `--` is a command line of its own.
    words, separator, pasted = command.partition(" -- ")
    main([*words.split(), "Dockerfile", *(["--", pasted] if separator else [])])
    out, err = capsys.readouterr()
    first = squeezed("\n".join((out or err).splitlines()[:10]))
    assert [fact for fact in facts if squeezed(fact) not in first] == [], out or err


def test_every_report_has_facts() -> None:
    """No folder is without a report, and each report says what ran and why, or what is not covered."""
    assert sorted({each["folder"] for each in CASES}) == FOLDERS
    assert all(each["facts"] for each in CASES)
