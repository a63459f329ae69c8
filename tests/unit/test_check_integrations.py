"""The pre-commit hook and the GitHub action: the files they choose, and the script of the action."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from cmdpoint.cli.tree import dockerfiles

ROOT = Path(__file__).parents[2]
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
ACTION = (ROOT / "action.yml").read_text("utf-8")

NAMES = [
    *("Dockerfile", "dockerfile", "Dockerfile.dev", "app.Dockerfile", "a/Containerfile", "x.containerfile"),
    *("Dockerfile.md", "Dockerfile.j2", "Dockerfile.in", "Dockerfile.dockerignore", "Dockerfiles", "README"),
    *("Dockerfile.yaml", "Dockerfile.json", "my-dockerfile", "Dockerfile.d/x"),
]


def pattern(key: str) -> re.Pattern[str]:
    """A pattern of the hook, which pre-commit searches in paths."""
    found = re.search(rf"^  {key}: (.*)$", HOOKS, re.MULTILINE)
    assert found is not None
    return re.compile(found[1])


def test_the_hook_chooses_the_files_of_a_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By their names, the hook passes the files that `check` finds in a folder."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("FROM scratch\n")
    passed = {name for name in NAMES if pattern("files").search(name) and not pattern("exclude").search(name)}
    assert passed == {each for each in dockerfiles(["."]) if isinstance(each, str)}


def scripts() -> list[str]:
    """The scripts of the action's steps."""
    blocks = re.findall(r"      run: \|\n((?: {8}.*\n)+)", ACTION)
    return [textwrap.dedent(block) for block in blocks]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the action runs bash")
def test_the_script_of_the_action(tmp_path: Path) -> None:
    """The script prints annotations, writes SARIF, and fails as `check` does."""
    script = scripts()[-1]
    program = tmp_path / "cmdpoint" / "bin" / "cmdpoint"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m cmdpoint "$@"\n')
    program.chmod(0o755)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "Dockerfile").write_text('FROM scratch\nCOPY run /\nCMD ["/run"]\n')
    (tmp_path / "a" / "run").write_bytes(b"\x7fELF")
    inputs = {
        "PATHS": "a",
        "FAIL_ON": "error",
        "DIALECTS": "docker podman",
        "SARIF": "",
        "CONTEXT": "",
        "BASES": "",
    }
    assert run_script(script, tmp_path, inputs).returncode == 0
    done = run_script(script, tmp_path, {**inputs, "SARIF": "out.sarif", "CONTEXT": "{}"})
    assert done.returncode == 3, done.stderr
    assert done.stdout.startswith("::error file=a/Dockerfile,line=3,")
    assert '"version": "2.1.0"' in (tmp_path / "out.sarif").read_text()
    (tmp_path / "a" / "Dockerfile").write_text('FROM nginx:1.27\nENTRYPOINT ["/e"]\n')
    inputs |= {"FAIL_ON": "warning"}
    assert run_script(script, tmp_path, inputs).returncode == 0
    done = run_script(script, tmp_path, {**inputs, "BASES": "table"})
    assert (done.returncode, "STATE-2" in done.stdout) == (3, True)


@pytest.mark.skipif(sys.platform == "win32", reason="the action runs bash")
@pytest.mark.parametrize(
    ("bases", "extra"), [("", ""), ("table", ""), ("table registry", "[live]"), ("daemon", "[live]")]
)
def test_what_the_action_installs(bases: str, extra: str, tmp_path: Path) -> None:
    """Only sources that connect to something need libraries."""
    program = tmp_path / "cmdpoint" / "bin" / "pip"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$@"\n')
    program.chmod(0o755)
    inputs = {"PYTHON": "true", "BASES": bases, "GITHUB_ACTION_PATH": "/action"}
    done = run_script(scripts()[0], tmp_path, inputs)
    assert done.stdout == f"install --quiet /action{extra}\n", done.stderr


def run_script(script: str, folder: Path, inputs: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script of the action with its inputs, as a runner of GitHub does."""
    environment = {**os.environ, "RUNNER_TEMP": str(folder), "PYTHONPATH": str(ROOT), **inputs}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
