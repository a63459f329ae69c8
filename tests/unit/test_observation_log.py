"""The observation log of a run: several processes write one file, no line twice; old files are removed."""

import multiprocessing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cmdpoint.conformance.errors import HarnessFault
from cmdpoint.conformance.observation_log import FILES_RETAINED, ObservationLog, new_path
from cmdpoint.engines.faults import DiskFull
from cmdpoint.observations.reader import ObservationReader
from cmdpoint.observations.records import Header, Observation, Target, header_line
from cmdpoint.observations.shard import WHOLE, Shard
from cmdpoint.observations.writer import footer_of
from cmdpoint.oracle import Case, Image, Process

TARGET = ("docker-28.5.2/classic", Target("docker", "28.5.2", "", "classic", "runc-1.3.6"))
CASES = 300


def observation(name: str) -> Observation:
    """An observation of a case with an image of that name."""
    case = Case((Image(name, "FROM probe\nCMD x\n"),))
    return Observation(case, "planned", (TARGET[0],), Process(("x" * 3000, name)))


def append(path: Path, process: int) -> None:
    """Write the cases of one process, each twice."""
    observation_log = ObservationLog(path)
    for number in range(CASES):
        for _ in range(2):
            observation_log.write(TARGET, observation(f"image{process}-{number}"))
    observation_log.close()


@pytest.mark.slow
def test_lines_of_several_processes_do_not_mix(tmp_path: Path) -> None:
    """Each line is in the file once and complete, after the line of its target."""
    path = tmp_path / "seen"
    path.write_bytes(header_line(Header("2026-11-25", 1)))
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=append, args=(path, number)) for number in range(2)]
    for each in processes:
        each.start()
    for each in processes:
        each.join()
    footer = footer_of(path)
    with path.open("ab") as file:
        file.write(footer)
    with ObservationReader(path) as reader:
        seen = [each.case.images[0].name for each in reader if isinstance(each, Observation)]
    assert sorted(seen) == sorted(f"image{at}-{number}" for at in range(2) for number in range(CASES))


def test_a_different_result_is_written_too(tmp_path: Path) -> None:
    """If a case has two different results, both are in the file."""
    path = tmp_path / "seen"
    path.write_bytes(b"")
    observation_log = ObservationLog(path)
    one = observation("a")
    for argv in ("x", "y", "x"):
        observation_log.write(Observation(one.case, one.level, one.targets, Process((argv,))))
    observation_log.close()
    assert len(path.read_bytes().splitlines()) == 2


def test_a_full_disk_is_a_harness_fault() -> None:
    """It is not a verdict, and it is not ignored."""
    with pytest.raises(HarnessFault, match="cannot be written") as raised:
        ObservationLog(Path("/dev/full")).write(TARGET)
    assert raised.value.exit_code == DiskFull.exit_code


def test_only_the_newest_files_stay(tmp_path: Path) -> None:
    """Two runs with the same seed in the same second have two files."""
    begin = datetime(2026, 11, 25, tzinfo=UTC)
    paths = []
    for second in range(FILES_RETAINED + 3):
        paths.append(new_path(tmp_path, begin + timedelta(seconds=second), 7, WHOLE))
        paths[-1].touch()
    assert sorted(tmp_path.iterdir()) == paths[-FILES_RETAINED:]
    assert new_path(tmp_path, begin + timedelta(seconds=FILES_RETAINED + 2), 7, WHOLE) not in paths


def test_shards_have_names_of_their_own_and_remove_nothing(tmp_path: Path) -> None:
    """All shards of a run may begin in the same second, and write to one folder."""
    begin = datetime(2026, 11, 25, tzinfo=UTC)
    count = 2 * FILES_RETAINED
    paths = [new_path(tmp_path, begin, 7, Shard(number, count)) for number in range(1, count + 1)]
    for path in paths:
        path.touch()
    new_path(tmp_path, begin, 7, Shard(1, count))
    assert sorted(tmp_path.iterdir()) == sorted(set(paths))
    assert len(set(paths)) == count
