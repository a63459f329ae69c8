"""`cmdpoint diff`: every way to use an image before and after a change, unknown bases, and git."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cmdpoint.__main__ import main
from cmdpoint.diff.as_json import schema

SCHEMA = jsonschema.Draft202012Validator(json.loads(schema()))

NODE = 'node:22={"Entrypoint": ["docker-entrypoint.sh"], "Cmd": ["node"]}'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def compare(
    old: str, new: str, capsys: pytest.CaptureFixture[str], words: Sequence[str] = ()
) -> tuple[int, dict[str, Any]]:
    """The exit status for two texts, and the output as JSON, which matches the schema."""
    Path("old").write_text(old)
    Path("new").write_text(new)
    status = main(["diff", "old", "new", *words, "--format", "json"])
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    SCHEMA.validate(data)
    return status, data


def verdicts(data: dict[str, Any]) -> dict[str, str]:
    """The verdict of each use."""
    return {each["use"]: each["verdict"] for each in data["uses"]}


def argv(data: dict[str, Any], use: str) -> tuple[list[str], list[str]]:
    """What a use runs before and after."""
    (found,) = [each for each in data["uses"] if each["use"] == use]
    return found["before"]["process"]["argv"], found["after"]["process"]["argv"]


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    """What changes comes first, each with a sentence, then what is the same."""
    Path("old").write_text('FROM scratch\nENTRYPOINT ["/app", "-v"]\n')
    Path("new").write_text('FROM scratch\nCMD ["/app", "-v"]\n')
    assert main(["diff", "old", "new"]) == 3
    assert capsys.readouterr().out == (
        "old → new, on docker-29.7.2+containerd/buildkit\n"
        "\n"
        "4 of 9 ways to use the image change.\n"
        "\n"
        "docker run IMAGE ARG, or a pod with args\n"
        "  ARG is now the program, and replaces all that ran before.\n"
        '  before  "/app" "-v" "ARG"\n'
        '  after   "ARG"\n'
        "\n"
        "docker run IMAGE --option\n"
        "  --option is now the program, and replaces all that ran before.\n"
        '  before  "/app" "-v" "--option"\n'
        '  after   "--option"\n'
        "\n"
        'FROM IMAGE with CMD ["/program"]\n'
        "  /program is now the program, and replaces all that ran before.\n"
        '  before  "/app" "-v" "/program"\n'
        '  after   "/program"\n'
        "\n"
        "FROM IMAGE with CMD /program\n"
        '  "/bin/sh" runs instead of "/app".\n'
        '  before  "/app" "-v" "/bin/sh" "-c" "/program"\n'
        '  after   "/bin/sh" "-c" "/program"\n'
        "\n"
        "The same:\n"
        "  docker run IMAGE, or a pod without command and args\n"
        "  docker run --entrypoint /program IMAGE, or a pod with command\n"
        "  docker run --entrypoint /program IMAGE ARG, or a pod with command and args\n"
        '  docker run --entrypoint "" IMAGE ARG\n'
        '  FROM IMAGE with ENTRYPOINT ["/program"]\n'
        "\n"
        "The images are assumed to contain the programs that they start; --context DIR follows COPY and "
        "ADD.\n"
    )


SHELL_FORM = 'CMD ["/bin/sh", "-c", "a | b"]'
EMPTY_CMD = 'ENTRYPOINT ["/a"]\nCMD []'

EQUAL = [
    pytest.param(SHELL_FORM, "CMD a | b", id="the shell form, spelled out"),
    pytest.param(EMPTY_CMD, 'ENTRYPOINT ["/a"]', id="an empty CMD"),
    pytest.param('CMD ["/a"]', 'RUN x\nCMD ["/b"]\n# now:\nCMD [ "/a" ]', id="the last CMD counts"),
    pytest.param('CMD ["/a"]\nENTRYPOINT ["/b"]', 'ENTRYPOINT ["/b"]\nCMD ["/a"]', id="the order"),
    pytest.param('ENTRYPOINT ["/a"]', 'ENTRYPOINT ["/a"]\nEXPOSE 80\nUSER 1', id="other instructions"),
]


@pytest.mark.parametrize(("old", "new"), EQUAL)
@pytest.mark.parametrize("base", ["scratch", "node:22"])
def test_equivalents(old: str, new: str, base: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What does the same is reported as the same, on an unknown base too."""
    status, data = compare(f"FROM {base}\n{old}\n", f"FROM {base}\n{new}\n", capsys)
    if base != "scratch" and old in (SHELL_FORM, EMPTY_CMD):
        # The base may set another SHELL, or have a trigger with another CMD.
        assert (status, data["verdict"]) == (5, "unknown")
        return
    assert (status, data["verdict"]) == (0, "same")
    assert set(verdicts(data).values()) == {"same"}


CHANGES = [
    pytest.param(
        'ENTRYPOINT ["/a"]',
        "ENTRYPOINT /a",
        {"run", "arguments", "option", "base-cmd", "base-shell-cmd"},
        "arguments",
        "ARG no longer reaches the program: a shell takes it as $0 or another parameter",
        id="a shell in front",
    ),
    pytest.param(
        "CMD /a",
        'CMD ["/a"]',
        {"run"},
        "run",
        "No shell runs the command now: variables are not replaced, and the program gets signals",
        id="no shell",
    ),
    pytest.param(
        'ENTRYPOINT ["/a"]\nCMD ["b"]', 'ENTRYPOINT ["/a"]', {"run"}, "run", "with other arguments", id="CMD"
    ),
    pytest.param(
        'CMD ["/a"]',
        "RUN x",
        {"run"},
        "run",
        "It no longer works: refused at create, no command specified",
        id="nothing runs",
    ),
    pytest.param(
        'CMD ["/a"]',
        'SHELL ["/bin/bash", "-c"]\nCMD ["/a"]',
        {"base-shell-cmd"},
        "base-shell-cmd",
        "runs instead of",
        id="the shell of images on it",
    ),
    pytest.param(
        'CMD ["/a"]',
        'CMD ["/a"]\nONBUILD CMD ["/b"]',
        {"base", "base-entrypoint"},
        "base",
        '"/b" runs instead of "/a"',
        id="a trigger",
    ),
]


@pytest.mark.parametrize(("old", "new", "changed", "use", "phrase"), CHANGES)
def test_changes(
    old: str, new: str, changed: set[str], use: str, phrase: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each way to use the image that changes is reported, and no other."""
    status, data = compare(f"FROM scratch\n{old}\n", f"FROM scratch\n{new}\n", capsys)
    assert (status, data["verdict"]) == (3, "different")
    assert {each["use"] for each in data["uses"] if each["verdict"] == "different"} == changed
    (found,) = [each["sentence"] for each in data["uses"] if each["use"] == use]
    assert phrase in found


def test_another_tag_is_another_image(capsys: pytest.CaptureFixture[str]) -> None:
    """The configs of two unknown images are never equal; their names can be written in several ways."""
    status, data = compare("FROM node:22\nRUN a\n", "FROM node:23\nRUN a\n", capsys)
    assert (status, verdicts(data)["run"]) == (5, "unknown")
    assert {each["name"] for each in data["uses"][0]["needs"]} == {"node:22", "node:23"}
    assert compare("FROM node\nRUN a\n", "FROM docker.io/library/node:latest\n", capsys)[0] == 0
    digest = f"node@sha256:{'a' * 64}"
    assert compare("FROM node\nRUN a\n", f"FROM {digest}\n", capsys)[0] == 5


def test_a_base_that_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    """With the config of the base it is decided."""
    old, new = 'FROM node:22\nENTRYPOINT ["/a"]\n', 'FROM node:22\nCMD ["/a"]\n'
    status, data = compare(old, new, capsys, ["--base", NODE])
    assert status == 3
    assert argv(data, "run") == (["/a"], ["docker-entrypoint.sh", "/a"])
    assert data["unknown_bases"] == []


def test_an_entrypoint_that_may_repeat_the_base(capsys: pytest.CaptureFixture[str]) -> None:
    """Removing an ENTRYPOINT changes nothing if the base has the same; that is no certain change."""
    old, new = 'FROM a\nENTRYPOINT ["/e", "-x"]\nCMD ["c"]\n', 'FROM a\nCMD ["c"]\n'
    status, data = compare(old, new, capsys)
    assert (status, data["verdict"]) == (5, "unknown")
    same = 'a={"Entrypoint": ["/e", "-x"]}'
    assert compare(old, new, capsys, ["--base", same])[0] == 0
    other = 'a={"Entrypoint": ["/e"]}'
    assert compare(old, new, capsys, ["--base", other])[0] == 3


def test_an_exception_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """If only one config of the base makes no difference, the sentence names it."""
    _, data = compare('FROM a\nENTRYPOINT ["/e"]\n', 'FROM a\nCMD ["/f"]\n', capsys)
    (found,) = [each for each in data["uses"] if each["use"] == "arguments"]
    assert found["verdict"] == "unknown"
    assert found["needs"] == [{"name": "a", "keys": ["Entrypoint"]}]
    assert found["sentence"] == (
        "The ENTRYPOINT of a gets ARG, and if it has none, ARG is the program, "
        'unless Entrypoint of a is ["/e"].'
    )


def test_revisions(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """OLD and NEW are files or revisions of a file."""

    def git(*words: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", *identity, *words], check=True, capture_output=True, cwd=folder)

    (folder / "app").mkdir()
    file = folder / "app" / "Dockerfile"
    file.write_text('FROM scratch\nCMD ["/a"]\n')
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    file.write_text('FROM scratch\nCMD ["/b"]\n')
    git("commit", "-qam", "two")
    assert main(["diff", "HEAD~1", "HEAD", "app/Dockerfile"]) == 3
    assert capsys.readouterr().out.startswith("HEAD~1:app/Dockerfile → HEAD:app/Dockerfile, on docker-")
    assert main(["diff", "HEAD:app/Dockerfile", "app"]) == 0
    assert main(["diff", "HEAD~1:app/Dockerfile", "app/Dockerfile"]) == 3
    assert main(["diff", "nowhere:app/Dockerfile", "app/Dockerfile"]) == 40
    assert "nowhere:app/Dockerfile cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["old"]])
def test_both_files_are_needed(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file is an error in the command line."""
    with pytest.raises(SystemExit, match="2"):
        main(["diff", *words])
    assert "required: OLD, NEW" in capsys.readouterr().err
