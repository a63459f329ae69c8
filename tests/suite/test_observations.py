"""A live run writes its observations to one file, which is truncated if the run does not end normally."""

import os
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest

from cmdpoint.conformance.recording import record
from cmdpoint.conformance.recording.cases import recorded_cases
from cmdpoint.engines.find import find
from cmdpoint.observations.faults import Truncated
from cmdpoint.observations.reader import ObservationReader
from cmdpoint.observations.records import Observation, RecordedFault
from cmdpoint.oracle import predict
from cmdpoint.oracle.comparison import agree, expected_at
from tests.suite import runs

SHORT_RUN = ("tests/conformance/test_spec.py", "-k", "SHELL-4 or EXEC-11 or MERGE-3", "-n", "2")
LONG_RUN = ("tests/conformance/test_spec.py", "-p", "no:xdist")


def read(path: Path) -> tuple[ObservationReader, list[Observation | RecordedFault]]:
    """Read a whole file."""
    with ObservationReader(path) as reader:
        return reader, list(reader)


def test_a_run_writes_its_observations(engine_url: str, tmp_path: Path) -> None:
    """Both workers write one file, with each case once for each target and level, as the oracle predicts."""
    path = tmp_path / "seen.jsonl"
    status, output = runs.run(engine_url, *SHORT_RUN, "--observations", str(path), "--hypothesis-seed=5")
    assert status == 0, output
    assert f"observations: {path}\n" in output
    reader, seen = read(path)
    assert reader.header.seed == 5
    with closing(find(engine_url).connect()) as engine:
        assert {name.partition("/")[0] for name in reader.targets} == {engine.name}
    assert len(seen) == len(set(map(str, seen))) > 10
    for each in seen:
        assert isinstance(each, Observation)
        dialect = reader.targets[each.targets[0]].dialect
        assert agree(expected_at(each.level, predict(each.case, dialect)), each.result)


def test_a_run_that_is_killed_leaves_a_truncated_file(engine_url: str, tmp_path: Path) -> None:
    """The reader reports that the file is incomplete."""
    path = tmp_path / "seen.jsonl"
    process = runs.start(engine_url, *LONG_RUN, "--observations", str(path))
    try:
        _wait_for_lines(path, 20)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
    with pytest.raises(Truncated):
        read(path)


def test_a_run_that_loses_a_worker_leaves_a_truncated_file(engine_url: str, tmp_path: Path) -> None:
    """The file is truncated although the other workers run to their end."""
    path = tmp_path / "seen.jsonl"
    process = runs.start(engine_url, *SHORT_RUN, "--observations", str(path))
    try:
        _wait_for_lines(path, 3)
        os.kill(_children(process.pid)[0], signal.SIGKILL)
        output, _ = process.communicate(timeout=300)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate(timeout=60)
    assert f"observations: {path} (truncated)" in output, output
    assert b'"harness_fault":"the worker gw' in path.read_bytes()
    with pytest.raises(Truncated):
        read(path)


def test_a_recording_can_be_resumed(
    engine_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An engine whose file is complete is not recorded again; one whose file is truncated is."""
    arguments = ["--engine", engine_url, "--folder", str(tmp_path), "--first", "3", "--jobs", "2"]
    assert record.main(arguments) == 0
    (path,) = tmp_path.iterdir()
    reader, seen = read(path)
    assert {each.targets for each in seen} == {(name,) for name in reader.targets}
    assert sum(len(list(each.cases)) for each in recorded_cases(3)) * len(reader.targets) == len(seen)
    content = path.read_bytes()
    assert record.main(arguments) == 0
    assert "is complete" in capsys.readouterr().err
    assert path.read_bytes() == content
    path.write_bytes(content[:-1])
    assert record.main(arguments) == 0
    assert len(read(path)[1]) == len(seen)


def _wait_for_lines(path: Path, count: int) -> None:
    for _ in range(600):
        if path.exists() and path.read_bytes().count(b"\n") >= count:
            return
        time.sleep(0.1)
    raise AssertionError("the run observed nothing")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [
        int(child) for child in found if b"sys.stdin.readline" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
