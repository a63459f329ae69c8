"""`cmdpoint explain --format json`, and the colours of its text."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cmdpoint.__main__ import main
from cmdpoint.cli.explanation_json import schema

SCHEMA = jsonschema.Draft202012Validator(json.loads(schema()))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def explain(
    text: str, capsys: pytest.CaptureFixture[str], words: Sequence[str] = ()
) -> tuple[int, dict[str, Any]]:
    """The exit status for a Dockerfile, and the output, which matches the schema."""
    Path("Dockerfile").write_text(text)
    status = main(["explain", "--format", "json", *words])
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    SCHEMA.validate(data)
    return status, data


def test_what_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """Each word has its origin; a finding its position, rule and fix; other engines are listed."""
    status, data = explain('FROM scratch\nCMD ["/a"] # b\n', capsys)
    assert (status, data["verdict"], data["certain"], data["refusal"]) == (0, "runs", True, None)
    assert [each["word"] for each in data["argv"]] == ["/bin/sh", "-c", '["/a"] # b']
    assert data["argv"][0]["origin"] == "CMD, Dockerfile line 2"
    (finding,) = data["findings"]
    assert (finding["line"], finding["column"], finding["rule"]) == (2, 12, "FORM-2")
    assert finding["fix"] == 'CMD ["/a"]'
    (elsewhere,) = data["elsewhere"]
    assert elsewhere["ranges"] == "Docker before 27.1; all of Podman"
    assert [each["word"] for each in elsewhere["argv"]] == ["/a"]


def test_what_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    """A word that stands for a list of an unknown base is marked."""
    status, data = explain('FROM node:22\nCMD ["x"]\n', capsys)
    assert (status, data["verdict"], data["certain"]) == (5, "unknown", True)
    assert [each["stands_for_base"] for each in data["argv"]] == [True, False]
    assert data["needs"] == [{"name": "node:22", "keys": ["Entrypoint", "OnBuild"]}]


def test_what_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A refusal has its phase, kind, message and line."""
    status, data = explain("FROM scratch\nCDM x\n", capsys)
    assert (status, data["verdict"], data["argv"]) == (3, "refused", None)
    assert (data["refusal"]["kind"], data["refusal"]["line"]) == ("unknown-instruction", 2)


def test_a_pasted_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """An exec has its own words; an invalid image is refused by the client."""
    status, data = explain('FROM scratch\nCMD ["/a"]\n', capsys, ["--", "docker", "exec", "web", "sh"])
    assert (status, data["exec"]) == (0, {"client": "docker", "container": "web", "argv": ["sh"]})
    status, data = explain("FROM scratch\n", capsys, ["--", "docker", "run", "-v", "/a", "B:/c", "IMAGE"])
    assert (status, data["refusal"]["phase"]) == (3, "client")


def test_steps(capsys: pytest.CaptureFixture[str]) -> None:
    """`--steps` adds the steps."""
    _, data = explain('FROM scratch\nCMD ["/a"]\n', capsys, ["--steps"])
    assert any(each["line"] == 2 and each["after"] == ["/a"] for each in data["steps"])
    assert "steps" not in explain("FROM scratch\n", capsys)[1]


@pytest.mark.parametrize(
    ("variables", "shown"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colours(
    variables: dict[str, str],
    shown: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A fix is green on a terminal or with FORCE_COLOR; NO_COLOR has the last word."""
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    Path("Dockerfile").write_text('FROM scratch\nCMD ["/a"] # b\n')
    for command in ("explain", "check"):
        main([command])
        assert ("\x1b[" in capsys.readouterr().out) is shown
