"""Which words after `conform` name a test file."""

import subprocess
import sys
from pathlib import Path

import pytest

from cmdpoint.commands.conform import arguments
from cmdpoint.conformance.profiles import check_profile


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    """A folder of tests with one file."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_spec.py").touch()
    return tmp_path / "tests"


def test_without_a_test_file_all_run(tests: Path) -> None:
    assert arguments(["-x"], tests) == ["-x", str(tests)]


@pytest.mark.parametrize("name", ["test_spec.py", "test_spec.py::test_example"])
def test_a_test_file_is_found_in_the_folder(name: str, tests: Path) -> None:
    assert arguments(["-x", name], tests) == ["-x", str(tests / name)]


def test_an_option_may_name_another_file(tests: Path) -> None:
    """A file of observations may exist already; it selects no tests."""
    log = tests.parent / "observations"
    log.touch()
    for word in (str(log), "../observations"):
        assert arguments(["--observations", word], tests) == ["--observations", word, str(tests)]


def test_an_expression_may_be_longer_than_a_file_name(tests: Path) -> None:
    expression = " or ".join(f"LEX-{number}" for number in range(99))
    assert arguments(["-k", expression], tests) == ["-k", expression, str(tests)]


@pytest.mark.slow
@pytest.mark.parametrize("words", [["--hypothesis-profile", "fst"], ["--hypothesis-profile=fst"]])
def test_a_profile_that_does_not_exist(words: list[str]) -> None:
    """The answer is pytest's exit code for a wrong command line, and the names; there is no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "cmdpoint", "conform", *words, "--collect-only"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert (done.stdout + done.stderr).strip() == (
        "ERROR: --hypothesis-profile fst: there is no such profile; "
        "the profiles are brief, quick, thorough, nightly"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [("tharough", "the nearest is thorough; "), ("x", "such profile; the profiles are brief")],
)
def test_the_nearest_profile(name: str, message: str) -> None:
    """A name that is nearly right is answered with the right one."""
    with pytest.raises(pytest.UsageError, match=message):
        check_profile(name)


@pytest.mark.parametrize("name", ["brief", "default", None])
def test_a_profile_that_exists(name: str | None) -> None:
    """Hypothesis's own profiles are allowed, too."""
    check_profile(name)
