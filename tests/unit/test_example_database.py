"""The database of what diverges: shared by runs and properties, and its errors are no verdict."""

from contextlib import suppress
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from cmdpoint.conformance.errors import HarnessFault
from cmdpoint.conformance.example_database import NamedDatabase, opened
from cmdpoint.conformance.portions import Portion
from cmdpoint.conformance.properties import hypothesis_test
from cmdpoint.engines.faults import Fault


@pytest.fixture(autouse=True)
def no_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a seed of the run, Hypothesis uses no database; see the fixture `portion`."""
    monkeypatch.setattr("hypothesis.core.global_force_seed", None)


def tried(folder: Path, name: str, seed: int, limit: int) -> list[int]:
    """The numbers that a property tries which fails from a limit on, in a run with an example database."""
    portion = Portion(seed, "test", 0, 2, NamedDatabase(opened(str(folder)), name))
    numbers: list[int] = []

    def check(number: int) -> None:
        numbers.append(number)
        assert number < limit

    with suppress(AssertionError):
        hypothesis_test(check, st.integers(0, 10_000), 100, portion, tuple(hypothesis.Phase))()
    return numbers


def test_what_one_run_found_is_tried_first_by_another(tmp_path: Path) -> None:
    """Two runs with different seeds share a folder; without the folder, the second begins elsewhere."""
    assert 5000 in tried(tmp_path / "shared", "test_config docker-1/a", 1, 5000)
    assert tried(tmp_path / "other", "test_config docker-1/a", 2, 5000)[0] != 5000
    assert tried(tmp_path / "shared", "test_config docker-1/a", 2, 5000)[0] == 5000


def test_another_property_removes_nothing(tmp_path: Path) -> None:
    """A property that agrees on the same folder does not remove what another stored."""
    tried(tmp_path, "test_config docker-1/a", 1, 5000)
    tried(tmp_path, "test_refusal docker-1/a", 1, 20_000)
    assert tried(tmp_path, "test_config docker-1/a", 2, 5000)[0] == 5000


def test_what_no_longer_fails_is_removed(tmp_path: Path) -> None:
    """After a correction, the stored number is tried once more, and then forgotten."""
    tried(tmp_path, "a", 1, 5000)
    assert 5000 in tried(tmp_path, "a", 2, 20_000)
    assert tried(tmp_path, "a", 3, 5000)[0] != 5000


def test_a_server_that_does_not_answer_is_a_fault(tmp_path: Path) -> None:
    """So is a missing library; the message says what to do."""
    with pytest.raises(Fault, match=r"--example-database") as raised:
        opened(f"unix://{tmp_path}/redis.sock")
    assert raised.value.what == "the example database cannot be used"


def test_an_error_of_the_database_is_no_verdict() -> None:
    """It is a harness fault, which Hypothesis does not take for a failed property."""

    class Broken(hypothesis.database.InMemoryExampleDatabase):
        def fetch(self, key: bytes) -> list[bytes]:
            raise ConnectionError("the server is gone")

    portion = Portion(1, "test", 0, 2, NamedDatabase(Broken(), "a"))
    with pytest.raises(HarnessFault, match="the server is gone"):
        hypothesis_test(lambda _: None, st.integers(), 5, portion, tuple(hypothesis.Phase))()
