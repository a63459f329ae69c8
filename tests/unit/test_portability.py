"""The commands that need no engine run on macOS and Windows, and without third-party libraries."""

import io
import json
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from cmdpoint.__main__ import main
from cmdpoint.observations.reader import ObservationReader
from cmdpoint.observations.records import Observation
from cmdpoint.observations.writer import ObservationWriter

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

RECORDED = ROOT / "cmdpoint/observations/recorded/engines.jsonl"
DOCKERFILE = "tests/corpus/dockerfiles/node/trailing-comment/Dockerfile"
CASE = json.dumps({"id": 1, "images": [{"name": "app", "dockerfile": 'FROM probe\nCMD ["/a"]\n'}]})

ABSENT = {"crypt", "fcntl", "grp", "nis", "pty", "pwd", "resource", "spwd", "syslog", "termios", "tty"}
"""The modules of the standard library that Windows does not have."""

LIBRARIES = {"_pytest", "docker", "hypothesis", "markdown_it", "pytest", "requests", "xdist"}
"""The third-party packages that other commands need."""

WITHOUT = """
import importlib.abc, sys

absent = set(sys.argv[1].split(","))

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

for name in absent & set(sys.modules):
    del sys.modules[name]
sys.meta_path.insert(0, Absent())

from cmdpoint.__main__ import main
raise SystemExit(main(sys.argv[2:]))
"""


def run(absent: set[str], *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run `cmdpoint` in a Python in which some modules cannot be imported."""
    command = [sys.executable, "-c", WITHOUT, ",".join(sorted(absent)), *words]
    return subprocess.run(command, cwd=ROOT, input=given, capture_output=True, text=True, check=False)


@pytest.fixture
def observations(tmp_path: Path) -> Path:
    """A file with some of the recorded observations."""
    path = tmp_path / "some.jsonl"
    with ObservationReader(RECORDED) as reader:
        some = [each for each in islice(reader, 30) if isinstance(each, Observation)]
        with ObservationWriter(path, reader.header) as writer:
            for each in some:
                writer.write(each)
    return path


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "-f", DOCKERFILE),
        ("predict",),
        ("upgrade", "--from", "docker-20.10.24", "--to", "docker-28.5.2", DOCKERFILE),
        ("dialect", "docker-28.5.2"),
        ("report", "OBSERVATIONS"),
    ],
    ids=lambda words: words[0],
)
def test_a_command_runs_without_modules_of_unix_and_without_libraries(
    words: tuple[str, ...],
    observations: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each command prints the same as in this process, with all modules."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CASE.encode())))
    words = tuple(str(observations) if word == "OBSERVATIONS" else word for word in words)
    absent = ABSENT if words[0] == "report" else ABSENT | LIBRARIES
    status, expected = main(words), capsys.readouterr().out
    assert expected
    done = run(absent, *words, given=CASE)
    assert (done.returncode, done.stdout) == (status, expected)
    assert "Error" not in done.stderr  # `report` says there what it does


def test_conform_names_the_library_that_is_missing() -> None:
    """Without pytest, the command says what to install."""
    done = run({"pytest", "_pytest"}, "conform")
    assert done.returncode == 47
    assert "run pip install '.[live]' in the clone of cmdpoint" in done.stderr


def test_an_absent_module_is_absent() -> None:
    """The import hook of these tests works: an import of an absent module fails."""
    done = run({"json"}, "predict", given=CASE)
    assert "No module named 'json'" in done.stderr
