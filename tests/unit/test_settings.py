"""The settings of a project: where they are found, what they change, and what is wrong with them."""

import json
import os
from pathlib import Path

import pytest

from cmdpoint.__main__ import main
from cmdpoint.cli.faults import BadSettings
from cmdpoint.oracle.case import ImageConfig
from cmdpoint.settings import find_settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in which the current folder is a subfolder."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "app").mkdir()
    monkeypatch.chdir(tmp_path / "app")
    return tmp_path


def test_without_settings() -> None:
    """A file in a folder above the project does not count."""
    settings = find_settings()
    assert (settings.dialects, list(settings.bases), settings.ignores) == ((), [], ())


@pytest.mark.skipif(os.name == "nt", reason="a current folder cannot be removed there")
def test_in_a_removed_folder(folder: Path) -> None:
    """There are none."""
    (folder / "app").rmdir()
    assert find_settings().bases == {}


def test_cmdpoint_toml_is_found_above(folder: Path) -> None:
    """The nearest file counts; paths in it start at its folder."""
    (folder / "base.json").write_text(json.dumps([{"Config": {"Cmd": ["b"]}}]))
    (folder / "cmdpoint.toml").write_text(
        'dialects = ["podman"]\n[bases]\na = {Entrypoint = ["/e"]}\nb = "base.json"\n'
    )
    settings = find_settings()
    assert settings.dialects == ("podman",)
    assert dict(settings.bases) == {"a": ImageConfig(("/e",)), "b": ImageConfig((), ("b",))}
    (folder / "app" / "cmdpoint.toml").write_text('dialects = ["docker-28"]\n')
    assert find_settings().dialects == ("docker-28",)


def test_pyproject(folder: Path) -> None:
    """Of pyproject.toml the table tool.cmdpoint counts; a file without it is passed over."""
    (folder / "pyproject.toml").write_text('[tool.cmdpoint]\ndialects = ["docker-26"]\n')
    (folder / "app" / "pyproject.toml").write_text("[tool.ruff]\n")
    assert find_settings().dialects == ("docker-26",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("dialects = ]", "line 1"),
        ("dialect = []", "there is no key dialect"),
        ("context = 1", "context is not the path of a folder"),
        ('context = "gone"', "there is no folder gone"),
        ('dialects = "docker"', "dialects is not a list of strings"),
        ("[bases]\na = {Cmd = 1}", "the config of a: Cmd is neither null nor a list of strings"),
        ('[bases]\na = "nowhere.json"', "the config of a: nowhere.json cannot be read: No such"),
        (
            '[bases]\na = {Entrypont = ["x"], Cmd = ["y"]}',
            "there is no key Entrypont; the nearest is Entrypoint",
        ),
        ('[bases]\na = {entrypoint = ["x"]}', "there is no key entrypoint; the nearest is Entrypoint"),
        ('[bases]\na = {Volume = ["x"]}', "the config of a: it has none of the keys"),
        ('[bases]\n"A B" = {}', "no image can be called 'A B'"),
        ('[[ignore]]\nrule = "FORM-2"', "an ignore has no reason"),
        ('[[ignore]]\nreason = "x"', "an ignore has no rule"),
        ('[ignore]\nrule = "FORM-2"', "ignore is not a list"),
        ('[[ignore]]\nrule = "FORM-99"\nreason = "x"', "there is no rule 'FORM-99' to ignore"),
        ('[[ignore]]\nrules = "FORM-2"', "there is no key rules"),
    ],
)
def test_what_is_wrong(text: str, why: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The fault names the file, the reason and a remedy; the exit code is its own."""
    (folder / "cmdpoint.toml").write_text(text)
    with pytest.raises(BadSettings) as caught:
        find_settings()
    assert why in caught.value.why
    assert main(["check", "--config", "../cmdpoint.toml"]) == 80
    assert "../cmdpoint.toml cannot be" in capsys.readouterr().err


def test_a_file_that_is_named_must_exist() -> None:
    """`--config` names a file."""
    with pytest.raises(BadSettings, match=r"nowhere\.toml"):
        find_settings("nowhere.toml")


def test_check_uses_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The dialects, the bases and the ignores of the settings count for `check`."""
    (folder / "cmdpoint.toml").write_text(
        'dialects = ["docker-26.1.5"]\n[bases]\na = {Entrypoint = ["/e"], Cmd = ["serve"]}\n'
        '[[ignore]]\nrule = "STATE-2"\npaths = ["app/old/*"]\nreason = "replaced soon"\n'
    )
    for name in ("old", "new"):
        (folder / "app" / name).mkdir()
        (folder / "app" / name / "Dockerfile").write_text('FROM a\nENTRYPOINT ["/x"] # y\n')
    assert main(["check", "--format", "json"]) == 3
    data = json.loads(capsys.readouterr().out)
    assert data["dialects"] == ["docker-26.1.5/buildkit"]
    assert [(each["file"], each["rule"]) for each in data["problems"]] == [("new/Dockerfile", "STATE-2")]
    assert [(each["file"], each["reason"], each["by"]) for each in data["ignored"]] == [
        ("old/Dockerfile", "replaced soon", "settings")
    ]
    assert main(["check", "--base", 'a={"Entrypoint": ["/e"]}']) == 0


@pytest.mark.parametrize(("context", "status"), [("app", 0), ("{}", 0), (".", 3)])
def test_the_context_counts_from_the_file(
    context: str, status: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder is that of the settings, wherever the command starts; `{}` is that of the Dockerfile."""
    (folder / "cmdpoint.toml").write_text(f'context = "{context}"\n')
    dockerfile = folder / "app" / "Dockerfile"
    dockerfile.write_text('FROM scratch\nCOPY start /\nCMD ["/start"]\n')
    (folder / "app" / "start").write_bytes(b"\x7fELF")
    (folder / "app" / "start").chmod(0o755)
    (folder / "start").write_bytes(b"\x7fELF")  # without the mode to execute it
    assert main(["check", str(dockerfile)]) == status
    assert main(["explain"]) == status
    assert "--context DIR" not in capsys.readouterr().err
    assert main(["check", "--context", "../app"]) == main(["explain", "--context", "{}"]) == 0


def test_diff_uses_the_context(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A program that the settings' context does not have breaks the image."""
    (folder / "cmdpoint.toml").write_text('context = "app"\n')
    (folder / "app" / "start").write_bytes(b"\x7fELF")
    (folder / "app" / "start").chmod(0o755)
    for name, program in (("old", "start"), ("new", "stop")):
        text = f'FROM scratch\nCOPY start /start\nCMD ["/{program}"]\n'
        (folder / "app" / name).write_text(text)
    assert main(["diff", "old", "old"]) == 0
    assert main(["diff", "old", "new"]) == 3
    assert "refused at start" in capsys.readouterr().out
