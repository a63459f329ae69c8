"""YAML that is given as a Dockerfile is not covered, and no Dockerfile is taken for YAML."""

import json
import shlex
from pathlib import Path

import pytest

import cmdpoint
from cmdpoint.__main__ import main
from cmdpoint.cli.yaml_files import yaml_kind
from cmdpoint.command_lines.hints import COMPOSE, POD
from tests.corpus import FOLDER

COMPOSE_FILE = (
    'version: "3"\nservices:\n  web:\n    build:\n      dockerfile_inline: |\n        FROM scratch\n'
)
MANIFEST = "# a pod\n---\napiVersion: v1\nkind: Pod\nspec:\n  containers: []\n"

YAML = {
    "a Compose file": COMPOSE_FILE,
    "a Kubernetes manifest": MANIFEST,
    "YAML": "web:\n  image: nginx\n",
}
OTHER_YAML = (
    "---\n- hosts: all\n",
    "- hosts: all\n",
    "%YAML 1.2\n---\na: b\n",
    "\ufeff\n# a\n'a b': c\n",
    '"a": b\n',
    "---\r\na: b\r\n",
)
DOCKERFILES = (
    "FROM scratch\nCMD a: b\n",
    "ARG a:b\nFROM scratch\n",
    "arg A=b\n from scratch\n",
    "# services:\nFROM scratch\n",
    "label: a\nFROM scratch\n",
    "---\nfrom scratch\n",
    "  services:\n",
    "https://example.invalid\n",
    "",
    "{}\n",
)

COMMANDS = (
    ["explain"],
    ["explain", "-f", "a=f", "-f"],
    ["diff", "g"],
    ["check"],
    ["upgrade", "--from", "docker-26", "--to", "docker-28"],
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a Dockerfile `g`."""
    monkeypatch.chdir(tmp_path)
    Path("g").write_text('FROM scratch\nCMD ["/a"]\n')


@pytest.mark.parametrize(("kind", "text"), [*YAML.items(), *(("YAML", text) for text in OTHER_YAML)])
def test_yaml(kind: str, text: str) -> None:
    """It is known by its first line that is no comment."""
    assert yaml_kind(text) == kind


@pytest.mark.parametrize("text", DOCKERFILES)
def test_no_yaml(text: str) -> None:
    """A line that begins with FROM, or a first line that is no key, makes a file no YAML."""
    assert yaml_kind(text) is None


def test_no_dockerfile_is_yaml() -> None:
    """None of the corpus is."""
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert len(files) > 60
    assert [path for path in files if yaml_kind(path.read_text("utf-8", "replace"))] == []


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("kind", YAML)
def test_one_message(kind: str, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Every command says what the file is, and nothing about what it runs."""
    Path("f").write_text(YAML[kind])
    assert main([*command, "f"]) == 6
    shown = " ".join("".join(capsys.readouterr()).split())
    assert f"is {kind}, not a Dockerfile" in shown
    assert "name the Dockerfile of the image" in shown
    assert not [each for each in ("nstruction", "changes", "runs:", "checked") if each in shown]


def test_others_are_checked_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status is that of the Dockerfiles, and the file is not counted as one."""
    Path("f").write_text(COMPOSE_FILE)
    assert main(["check", "f", "g"]) == 0
    assert "checked 1 Dockerfile: no problems" in capsys.readouterr().err
    assert main(["check", "f", "g", "--format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["not_covered"]
    assert found["file"] == "f"


def test_compare_files(tmp_path: Path) -> None:
    """For the library, it is a fault."""
    Path("f").write_text(MANIFEST)
    with pytest.raises(cmdpoint.Fault, match="f is a Kubernetes manifest, not a Dockerfile"):
        list(cmdpoint.compare_files(tmp_path / "f", "docker-26", "docker-28"))


@pytest.mark.parametrize("hint", [COMPOSE, POD])
def test_the_advice_runs_what_it_says(hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line of the advice is one that explain answers, with all words in their places."""
    line = hint.split("explain -- ")[1].split(";", maxsplit=1)[0]
    assert main(["explain", "g", "--format", "json", "--", *shlex.split(line)]) == 0
    words = [each["word"] for each in json.loads(capsys.readouterr().out)["argv"]]
    assert words[:3] == ["sh", "-c", "echo hi"]
