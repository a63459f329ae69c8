"""Which words after `conform` name a test file."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cmdpoint.__main__ import main
from cmdpoint.commands.conform import arguments
from cmdpoint.conformance.keywords import expressions, no_test
from cmdpoint.conformance.profiles import check_profile
from cmdpoint.conformance.selected_tests import TESTS
from cmdpoint.spec.titles import titles


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


@pytest.mark.parametrize(
    ("expression", "near"),
    [
        ("typo", ""),
        ("FORM-99", "FORM-9"),
        ("form-99 and not_known", "FORM-9"),
        ("test_plnned", "test_planned"),
        ("typo or tpyo", ""),
        ("FORM-2 and typo", ""),
        ("(typo)", ""),
    ],
)
def test_an_expression_that_selects_no_test(
    expression: str, near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The run ends before an engine starts, and says which names are near."""
    assert main(["conform", "--engine", "docker-28.5.2", "-k", expression]) == 5
    assert main(["conform", f"-k{expression}"]) == 5
    out, err = capsys.readouterr()
    assert out == ""
    assert "selects no test: no test has a name with" in err
    assert near in err


@pytest.mark.parametrize(
    "expression",
    [
        *("FORM-2", "form-2", "FORM-2:23", "FORM", "FORM-2 or typo", "not typo", "test_spec", "test_spec.py"),
        *("docker-28.5.2/buildkit", "podman", "classic and STATE-3", "example", "words0", "linux/arm64", "3"),
    ],
)
def test_an_expression_that_may_select_tests(expression: str) -> None:
    """Rules, files, functions, targets and parameters are names, in any letter case."""
    assert no_test(expression, TESTS, titles()) is None


def test_every_name_of_a_test_may_be_selected() -> None:
    """No function, file or rule is refused."""
    names = re.findall(r"def (test_\w+)", "".join(each.read_text() for each in TESTS.glob("*.py")))
    assert len(names) > 20
    for name in (*names, *titles(), *(each.name for each in TESTS.glob("test_*.py"))):
        assert no_test(name, TESTS, titles()) is None, name


def test_the_values_of_k() -> None:
    """Pytest takes the value as another word, or in the same one."""
    assert expressions(["-k", "a", "-x", "-kb", "-k=c", "--keep"]) == ["a", "b", "c"]
    assert expressions(["-k"]) == []
