"""Which words after `conform` name a test file."""

from pathlib import Path

import pytest

from cmdpoint.commands.conform import arguments


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
