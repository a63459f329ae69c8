"""The recipes in docs/ci: their command lines have existing options, and their shards are all of a run."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmdpoint.__main__ import main

ROOT = Path(__file__).parents[2]
RECIPES = sorted((ROOT / "docs/ci").glob("*.y*ml"))

READ = """
import json, sys
from _pytest.config import _prepareconfig
from cmdpoint.commands.conform import arguments, _FOLDER
for words in json.loads(sys.argv[1]):
    config = _prepareconfig(["-c", str(_FOLDER / "pytest.ini"), *arguments(words, _FOLDER / "tests")])
    print(json.dumps([str(config.option.shard), config.option.example_database, config.args]))
"""
"""A program that prints what pytest reads of command lines of `conform`."""


def command_lines(recipe: Path) -> Iterator[list[str]]:
    """The words after `cmdpoint` of each command in a recipe, with 1 for every variable."""
    text = re.sub(r"\\?\n +--", " --", recipe.read_text("utf-8"))
    text = re.sub(r"\$\(\(.*?\)\)|\$\w+", "1", text)
    for line in text.splitlines():
        if match := re.match(r"[ -]*cmdpoint (.*)", line):
            yield shlex.split(match[1])


@pytest.mark.slow
def test_options_exist() -> None:
    """Pytest reads the options of `conform`, whose words are no files."""
    lines = [words[1:] for recipe in RECIPES for words in command_lines(recipe) if words[0] == "conform"]
    assert len(lines) == 3
    done = subprocess.run(
        [sys.executable, "-c", READ, json.dumps(lines)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    read = [json.loads(line) for line in done.stdout.splitlines()]
    assert [shard for shard, _, _ in read] == ["1/1"] * 3
    assert all(database for _, database, _ in read)
    assert all(tests == [str(ROOT / "cmdpoint/conformance/tests")] for _, _, tests in read)


def test_reports_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    """The options of `report` exist too; what it complains about is the folder."""
    lines = [words for recipe in RECIPES for words in command_lines(recipe) if words[0] == "report"]
    assert len(lines) == 6
    for words in lines:
        assert main(words) == 54
        assert "results cannot be read" in capsys.readouterr().err


def test_all_shards_run() -> None:
    """The number of shards is that of the machines."""
    action, kubernetes, gitlab = (
        (ROOT / "docs/ci" / name).read_text("utf-8")
        for name in ("github-actions.yml", "kubernetes-job.yaml", "gitlab-ci.yml")
    )
    (numbers,) = re.findall(r"shard: (\[.*\])", action)
    assert json.loads(numbers) == list(range(1, len(json.loads(numbers)) + 1))
    assert "strategy.job-total" in action
    (completions,) = re.findall(r"completions: (\d+)", kubernetes)
    assert re.findall(r'SHARDS, value: "(\d+)"', kubernetes) == [completions]
    assert re.search(r"parallel: \d+", gitlab)
    assert "$CI_NODE_INDEX/$CI_NODE_TOTAL" in gitlab
