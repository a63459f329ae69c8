"""What is assumed about the format of Podman's images, which by default store no ONBUILD or SHELL."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cmdpoint.__main__ import main
from cmdpoint.checks import as_json as checks
from cmdpoint.cli import explanation_json as explain
from cmdpoint.cli.image_format import sentence
from cmdpoint.diff import as_json as diff
from cmdpoint.upgrade import as_json as upgrade

TRIGGER = 'FROM scratch\nONBUILD CMD ["/t"]\n'
STAGES = 'FROM scratch AS one\nONBUILD CMD ["/t"]\nFROM one\nENTRYPOINT ["/e"]\n'
SHELL = 'FROM scratch\nSHELL ["/s", "-c"]\nCMD ["/a"]\n'
INHERITED = 'FROM scratch AS one\nSHELL ["/s", "-c"]\nFROM one\nCMD ["/a"]\n'
ELSEWHERE = 'FROM scratch AS one\nSHELL ["/s", "-c"]\nFROM scratch\nCMD ["/a"]\n'
PLAIN = 'FROM base\nCMD ["/a"]\n'

LOST: dict[str, tuple[str, tuple[str, ...]]] = {
    "trigger": (TRIGGER, ("OnBuild",)),
    "trigger of a stage": (STAGES, ("OnBuild",)),
    "shell": (SHELL, ("Shell",)),
    "shell of a stage": (INHERITED, ("Shell",)),
    "both": (SHELL + "ONBUILD CMD b\n", ("OnBuild", "Shell")),
    "shell of a stage that is no base": (ELSEWHERE, ()),
    "unknown base": (PLAIN, ()),
}

SCHEMAS = {"explain": explain, "diff": diff, "upgrade": upgrade, "check": checks}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)


def words_of(command: str, engine: str) -> list[str]:
    """The words of a command about the file `f`, on an engine."""
    return {
        "explain": ["explain", "f", "--dialect", engine],
        "diff": ["diff", "f", "f", "--dialect", engine],
        "upgrade": ["upgrade", "--from", "docker-28", "--to", engine, "f"],
        "check": ["check", "f", "--dialect", engine],
    }[command]


def image_format(words: list[str], capsys: pytest.CaptureFixture[str]) -> Any:
    """The key of the JSON, which matches the schema."""
    main([*words, "--format", "json"])
    data = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(json.loads(SCHEMAS[words[0]].schema())).validate(data)
    return data["image_format"]


@pytest.mark.parametrize("command", SCHEMAS)
@pytest.mark.parametrize("name", LOST)
def test_what_podman_loses_is_said(name: str, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The text and the JSON say it, if and only if something is lost."""
    text, lost = LOST[name]
    Path("f").write_text(text)
    words = words_of(command, "podman-5.4.2")
    main(words)
    shown = " ".join("".join(capsys.readouterr()).split())
    assert ("The default format of podman build" in shown) == ("--format docker" in shown) == bool(lost)
    found = image_format(words, capsys)
    assert [each["lost"] for each in ([found] if isinstance(found, dict) else found or [])] == (
        [list(lost)] if lost else []
    )


@pytest.mark.parametrize("command", SCHEMAS)
def test_docker_loses_nothing(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Docker's images have a format that stores both."""
    Path("f").write_text(SHELL + 'ONBUILD CMD ["b"]\n')
    assert not image_format(words_of(command, "docker-28.5.2"), capsys)


def test_upgrade_to_podman_changes_nothing_on_a_condition(capsys: pytest.CaptureFixture[str]) -> None:
    """The summary does not say that nothing changes, but on which condition."""
    Path("f").write_text(TRIGGER + 'CMD ["/a"]\n')
    Path("g").write_text('FROM scratch\nCMD ["/a"]\n')
    assert main([*words_of("upgrade", "podman-5.4.2"), "g"]) == 0
    out = capsys.readouterr().out
    assert "Of 2 Dockerfiles, none changes, if podman build has --format docker.\n" in out
    assert "This concerns f." in " ".join(out.split())


def test_every_stage_counts_for_upgrade(capsys: pytest.CaptureFixture[str]) -> None:
    """With --every-stage, a stage that is no base of the last one is an image of its own."""
    Path("f").write_text(ELSEWHERE)
    (found,) = image_format([*words_of("upgrade", "podman-5.4.2"), "--every-stage"], capsys)
    assert found["lost"] == ["Shell"]


@pytest.mark.parametrize(
    ("base", "lost"), [(TRIGGER, ["OnBuild"]), (SHELL, ["Shell"]), ('FROM scratch\nCMD ["/a"]\n', None)]
)
def test_a_chain(base: str, lost: list[str] | None, capsys: pytest.CaptureFixture[str]) -> None:
    """A base that is given with -f is built by Podman, too."""
    Path("base").write_text(base)
    Path("f").write_text('FROM base:1\nENTRYPOINT ["/e"]\n')
    words = ["explain", "-f", "base:1=base", "-f", "f", "--dialect", "podman-4.3.1"]
    found = image_format(words, capsys)
    assert (found and found["lost"]) == lost


def test_triggers_of_a_given_base_run_in_either_format(capsys: pytest.CaptureFixture[str]) -> None:
    """A config that has triggers passes them on; a shell is lost for the next image."""
    Path("f").write_text('FROM base:1\nENTRYPOINT ["/e"]\n')
    words = words_of("explain", "podman-5.4.2")
    assert image_format([*words, "--base", 'base:1={"OnBuild": ["CMD [\\"/t\\"]"]}'], capsys) is None
    found = image_format([*words, "--base", 'base:1={"Shell": ["/s"]}'], capsys)
    assert found["lost"] == ["Shell"]


@pytest.mark.parametrize(("text", "said"), [(STAGES, True), (TRIGGER, False), (SHELL, False)])
def test_other_engines_include_podman(text: str, said: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --dialect, explain also answers for Podman: a trigger that runs may not run there."""
    Path("f").write_text(text)
    assert (image_format(["explain", "f"], capsys) is not None) == said
    assert image_format(["explain", "f", "--dialect", "docker"], capsys) is None


def test_the_sentence_names_what_is_lost() -> None:
    """One sentence about what is assumed, one about the default."""
    assert sentence(("OnBuild", "Shell")) == (
        "Assumed for Podman: podman build --format docker, or the Docker-compatible API. The default format "
        "of podman build, OCI, does not store ONBUILD and SHELL: what is built on such an image or stage "
        "runs no triggers and inherits no shell."
    )
