"""The examples in the README run, and print what it shows."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cmdpoint.__main__ import main
from cmdpoint.exit_codes import ExitCode
from cmdpoint.oracle.dialect.dialect import Dialect

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_first_example(tmp_path: Path) -> None:
    """`explain` prints what the README shows for the Dockerfile at the top, up to the dots."""
    shown = re.search(
        r"\$ cat Dockerfile\n(.*?)\$ python3 -m (cmdpoint .*?)\n(.*?)\n\.\.\.", README, re.DOTALL
    )
    assert shown is not None
    dockerfile, command, expected = shown.groups()
    (tmp_path / "Dockerfile").write_text(dockerfile, "utf-8")
    output = run(["-m", *shlex.split(command)], tmp_path)
    assert output.startswith(expected)


def test_the_library(tmp_path: Path) -> None:
    """The linter in the README is the file that mypy checks; it prints the needed base, or what runs."""
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code is not None
    assert (ROOT / "tests/consumer.py").read_text("utf-8").endswith(f"\n\n{code[1]}")
    for name, text in (("a", "CMD node server.js"), ("b", 'ENTRYPOINT ["node"]\nCMD ["server.js"]')):
        (tmp_path / f"{name}.dockerfile").write_text(f"FROM node:22\n{text}\n", "utf-8")
    assert run(["-c", code[1], "."], tmp_path).splitlines() == [
        "a.dockerfile: unknown",
        "  give the config of node:22 (its Entrypoint, Shell, OnBuild)",
        "b.dockerfile: same",
        "  runs ['node', 'server.js']",
    ]


def test_the_jobs_for_ci(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command of both jobs succeeds for a Dockerfile on an official image, and finds one that changes."""
    commands = re.findall(r"^ *- (?:run: )?cmdpoint (upgrade .*)$", README, re.MULTILINE)
    assert len(commands) == 2
    monkeypatch.chdir(tmp_path)
    for command in commands:
        Path("Dockerfile").write_text('FROM python:3.12-slim\nCMD ["python", "app.py"]\n')
        assert main(shlex.split(command)) == ExitCode.DONE
        Path("Dockerfile").write_text('FROM python:3.12-slim\nCMD ["python", "app.py"] # start\n')
        assert main(shlex.split(command)) == ExitCode.FINDING
        Path("Dockerfile").write_text('FROM other:1\nCMD ["python", "app.py"]\n')
        assert main(shlex.split(command)) == ExitCode.UNKNOWN


def test_dialects_in_the_examples_exist() -> None:
    """Every engine with a version that the README names has a dialect."""
    names = set(re.findall(r"(?:docker|podman)-\d+\.\d+\.\d+", README))
    assert names
    assert all(Dialect.from_name(name) for name in names)


def test_the_exit_codes_are_those_of_the_commands() -> None:
    """The table has every code of a command, and no other code except those that only `conform` has."""
    table = README.partition("| code | meaning |")[2]
    rows = re.findall(r"^\| ([\d–, ]+) \|", table, re.MULTILINE)
    ranges = [tuple(map(int, row.split("–"))) for row in rows if "–" in row]
    single = {int(code) for row in rows if "–" not in row for code in row.split(", ")}
    assert set(ExitCode) <= single.union(*(range(first, last + 1) for first, last in ranges))
    assert single - set(ExitCode) == {70, 71}


def run(arguments: list[str], folder: Path) -> str:
    """Run Python in a folder, and return what it prints."""
    environment = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    python = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, check=True
    )
    return python.stdout.decode()
