"""The command `cmdpoint report`: its files, its formats, its faults, and the results that it stores."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cmdpoint.__main__ import main
from cmdpoint.cli import stored_results
from cmdpoint.conformance.observation_log import new_path
from cmdpoint.conformance.recording.curate import RECORDED
from cmdpoint.observations.records import Header, Observation
from cmdpoint.observations.shard import Shard
from cmdpoint.observations.writer import write
from cmdpoint.oracle import Process
from tests.unit.test_matrix import BUILDKIT, NEW, SHELL_FORM, TRAILING, case, observation_file


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    monkeypatch.setenv("CMDPOINT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("form", ["table", "json", "html", "summary"])
def test_the_command_takes_the_newest_file(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a path it reads the newest file; it prints the report or writes it to a file."""
    monkeypatch.chdir(tmp_path)
    folder = Path(".cmdpoint/observations")
    folder.mkdir(parents=True)
    observation_file(
        folder / "a.jsonl", [Observation(case(TRAILING), "observed", (NEW,), SHELL_FORM)], buildkit=BUILDKIT
    )
    assert main(["report", "--format", form]) == 0
    printed, _ = capsys.readouterr()
    assert NEW in printed
    assert main(["report", "--format", form, "-o", "report.out"]) == 0
    assert Path("report.out").read_text("utf-8") == printed or form == "table"


def test_the_newest_run_has_all_its_shards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a path, the command reads every shard of the run that wrote last, and no other run."""
    monkeypatch.chdir(tmp_path)
    folder = Path(".cmdpoint/observations")
    begin = datetime(2026, 11, 25, tzinfo=UTC)
    for seed, shard in ((7, Shard(1, 2)), (8, Shard(1, 3)), (8, Shard(2, 3)), (8, Shard(3, 3))):
        path = new_path(folder, begin + timedelta(seconds=shard.number), seed, shard)
        text = f'FROM probe\nCMD ["/a", "{shard}"]\n'
        seen = Observation(case(text), "observed", (NEW,), Process(("/a", str(shard))))
        write(path, Header("2026-11-25", seed, {NEW: BUILDKIT}, shard), [seen])
    assert main(["report", "--format", "json"]) == 0
    targets = json.loads(capsys.readouterr().out)["targets"]
    assert (targets[NEW]["cases"], targets[NEW]["harness_faults"]) == (3, [])


def test_faults_of_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to report, a file is truncated, one cannot be written, and one has no marks."""
    path = observation_file(tmp_path / "a.jsonl", [], buildkit=BUILDKIT)
    unmarked = tmp_path / "README.md"
    unmarked.write_text("nothing")
    cut = tmp_path / "cut" / "b.jsonl"
    cut.parent.mkdir()
    cut.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    (tmp_path / "none").mkdir()
    assert main(["report", str(tmp_path / "none")]) == 55
    assert main(["report", str(cut)]) == 50
    assert main(["report", str(path), "-o", str(tmp_path)]) == 48
    assert main(["report", str(path), "--format", "summary", "-o", str(unmarked)]) == 49
    assert unmarked.read_text() == "nothing"
    assert capsys.readouterr().err.count("do:") == 4


def test_a_missing_library_is_reported() -> None:
    """Without markdown-it-py, the message says what to install, and there is no traceback."""
    script = (
        "import sys; sys.modules['markdown_it'] = None; from cmdpoint.__main__ import main; sys.exit(main())"
    )
    command = [sys.executable, "-c", script, "report", str(RECORDED)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=RECORDED.parents[3])
    assert run.returncode == 47
    assert "pip install markdown-it-py" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_result_is_stored_until_an_input_changes(tmp_path: Path, cache: Path) -> None:
    """A result is computed again for another content of a file, another name, or a damaged cache."""
    file = tmp_path / "input"
    file.write_text("one")
    assert stored_results.stored("a", [file], lambda: 1) == (1, False)
    assert stored_results.stored("a", [file], lambda: 2) == (1, True)
    assert stored_results.stored("b", [file], lambda: 3) == (3, False)
    file.write_text("two")
    assert stored_results.stored("a", [file], lambda: 4) == (4, False)
    for stored in cache.glob("results/*"):
        stored.write_bytes(b"no pickle")
    assert stored_results.stored("a", [file], lambda: 5) == (5, False)
    for number in range(2 * stored_results.FILES_RETAINED):
        stored_results.stored(f"c{number}", [file], lambda: 6)
    assert len(list(cache.glob("results/*"))) == stored_results.FILES_RETAINED
    assert stored_results.stored("c0", [tmp_path / "missing"], lambda: 7) == (7, False)
    os.mkfifo(tmp_path / "pipe")
    assert stored_results.stored("c0", [tmp_path / "pipe"], lambda: 8) == (8, False)


@pytest.mark.parametrize("changed", ["oracle/dialect/dialects.toml", "spec/2-forms.md", "report/matrix.py"])
def test_a_result_of_another_oracle_is_not_used(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code of the oracle, the specification and the matrix belong to the key of a stored result."""
    package = tmp_path / "package"
    for folder in stored_results._CODE:
        shutil.copytree(RECORDED.parents[2] / folder, package / folder)
    assert stored_results.stored("a", [], lambda: 1) == (1, False)
    monkeypatch.setattr(stored_results, "_PACKAGE", package)
    assert stored_results.stored("a", [], lambda: 2) == (1, True)
    with (package / changed).open("a") as file:
        file.write("\n")
    assert stored_results.stored("a", [], lambda: 3) == (3, False)


def test_a_report_is_the_same_from_the_cache(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second report says that it uses the result of the first."""
    seen = Observation(case(TRAILING), "observed", (NEW,), SHELL_FORM)
    path = observation_file(tmp_path / "a.jsonl", [seen], buildkit=BUILDKIT)
    printed = []
    for _ in range(2):
        assert main(["report", str(path), "--format", "json"]) == 0
        printed.append(capsys.readouterr())
    first, second = printed
    assert first.out == second.out
    assert "comparing 1 cases" in first.err
    assert "that result is used" in second.err


@pytest.mark.parametrize(("variables", "coloured"), [({}, False), ({"CLICOLOR_FORCE": "1"}, True)])
def test_colours(
    variables: dict[str, str],
    coloured: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A pipe has none, unless they are forced; NO_COLOR and a file never have any."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "60")
    seen = Observation(case(TRAILING), "observed", (NEW,), SHELL_FORM)
    path = observation_file(tmp_path / "a.jsonl", [seen], buildkit=BUILDKIT)
    assert main(["report", str(path)]) == 0
    assert ("\x1b[32m" in capsys.readouterr().out) == coloured
    assert main(["report", str(path), "-o", str(tmp_path / "out")]) == 0
    assert "\x1b" not in (tmp_path / "out").read_text("utf-8")
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["report", str(path)]) == 0
    assert "\x1b" not in capsys.readouterr().out
