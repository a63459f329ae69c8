"""Shards of a run: every test belongs to exactly one, and a report knows which are missing."""

from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from cmdpoint.observations.collection import read_observations
from cmdpoint.observations.records import Header, Observation, Target
from cmdpoint.observations.shard import Shard
from cmdpoint.observations.writer import write
from cmdpoint.oracle import Case, Image, Process

TARGET = Target("docker", "28.5.2", "", "buildkit", "runc-1.3.6")
NAME = "docker-28.5.2/buildkit"


@hypothesis.given(st.integers(1, 40), st.integers(0, 300))
def test_shards_add_up_to_the_whole(count: int, total: int) -> None:
    """They are disjoint, complete, in order, and of one size, plus or minus one."""
    items = list(range(total))
    shards = [Shard(number, count).of(items) for number in range(1, count + 1)]
    assert sorted(item for shard in shards for item in shard) == items
    assert all(shard == sorted(shard) for shard in shards)
    sizes = [len(shard) for shard in shards]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_a_shard_has_tests_of_every_target(count: int) -> None:
    """Neighbours are often the same test on another target."""
    items = [(test, target) for test in range(60) for target in ("classic", "buildkit")]
    for number in range(1, count + 1):
        assert {target for _, target in Shard(number, count).of(items)} == {"classic", "buildkit"}


@pytest.mark.parametrize("text", ["", "1", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "a/b", "1 /2", "¹/2"])
def test_what_is_no_shard(text: str) -> None:
    """Only numbers from 1 up to the count are."""
    assert Shard.read(text) is None
    assert Shard.read("2/3") == Shard(2, 3)


def shard_file(folder: Path, shard: Shard, dockerfile: str) -> None:
    """Write the observations of a shard."""
    seen = Observation(Case((Image("image", dockerfile),)), "observed", (NAME,), Process(("/a",)))
    write(folder / f"{shard.number}.jsonl", Header("2026-11-25", 7, {NAME: TARGET}, shard), [seen])


def test_a_report_says_which_shards_are_missing(tmp_path: Path) -> None:
    """All shards together are a run; without one of them, what is not reached is not known."""
    for number in (1, 3):
        shard_file(tmp_path, Shard(number, 3), f'FROM probe\nCMD ["/a", "{number}"]\n')
    found = read_observations([tmp_path])
    assert found.errors == {NAME: ["of the run with the seed 7, these shards are missing: 2/3"]}
    assert len(found.cases) == 2
    shard_file(tmp_path, Shard(2, 3), "FROM probe\nCMD []\n")
    found = read_observations([tmp_path])
    assert found.errors == {}
    assert len(found.cases) == 3
