"""What `upgrade` says to do: a text that runs the same before and after, and other lines that change."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cmdpoint.__main__ import main
from cmdpoint.upgrade.as_json import schema

SCHEMA = jsonschema.Draft202012Validator(json.loads(schema()))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def upgrade(text: str, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    """The exit status for a Dockerfile, and the output as JSON, which matches the schema."""
    Path("Dockerfile").write_text(text)
    between = ["--from", "docker-20.10.24", "--to", "docker-28.5.2"]
    status = main(["upgrade", *between, ".", "--format", "json", *words])
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    SCHEMA.validate(data)
    return status, data


@pytest.mark.parametrize(
    ("text", "line", "fix"),
    [
        ('FROM scratch\nCMD ["/x", "é"] # y\n', 2, 'CMD ["/x", "é"]'),
        ('FROM scratch\nENTRYPOINT ["/x"] \\\n  ; y\n', 2, 'ENTRYPOINT ["/x"]'),
        ('FROM a\nENTRYPOINT ["/e"]\nCMD ["/x"] # y\n', 3, 'CMD ["/x"]'),
    ],
)
def test_a_fix(text: str, line: int, fix: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With the fix, nothing changes."""
    status, data = upgrade(text, capsys)
    assert status == 3
    assert [change["fix"] for change in data["changes"]] == [{"line": line, "text": fix}]
    lines = text.split("\n")
    end = line + 1 if lines[line - 1].endswith("\\") else line
    fixed = "\n".join([*lines[: line - 1], fix, *lines[end:]])
    assert upgrade(fixed, capsys)[1]["changes"] == []


def test_no_fix_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    """A Dockerfile that only the new engine builds has none."""
    status, data = upgrade('FROM scratch\nRUN <<E\nx\nE\nCMD ["/x"]\n', capsys)
    assert status == 3
    assert [(change["kind"], change["fix"]) for change in data["changes"]] == [("accepted", None)]


def test_another_instruction_is_read_differently(capsys: pytest.CaptureFixture[str]) -> None:
    """RUN with text behind its array gets a shell since Docker 27.1, although what runs later is the same."""
    text = 'FROM scratch\nRUN --network=none ["a", "/b"] # x\nENTRYPOINT ["/b"]\n'
    before, after = ["--from", "docker-26.1.5"], ["--to", "docker-28.5.2"]
    Path("Dockerfile").write_text(text)
    assert main(["upgrade", *before, *after, "."]) == 3
    out = capsys.readouterr().out
    assert "1 reads another instruction differently" in out
    assert 'fix, line 2: RUN --network=none ["a", "/b"]' in out
    assert main(["upgrade", *before, *after, ".", "--format", "json"]) == 3
    data = json.loads(capsys.readouterr().out)
    SCHEMA.validate(data)
    assert data["changes"] == []
    (found,) = data["reread"]
    assert (found["line"], found["rule"], found["fix"]) == (2, "FORM-2", 'RUN --network=none ["a", "/b"]')


def test_a_build_that_is_refused_after_the_upgrade(capsys: pytest.CaptureFixture[str]) -> None:
    """COPY with text behind its array gets words since Docker 27.1, and none of them can be a file."""
    text = 'FROM scratch\nCOPY --chown=1 ["a", "/b"] # x\nENTRYPOINT ["/b"]\n'
    status, data = upgrade(text, capsys)
    assert (status, data["reread"]) == (3, [])
    (change,) = data["changes"]
    assert (change["kind"], change["fix"]) == ("refused", {"line": 2, "text": 'COPY --chown=1 ["a", "/b"]'})


def test_other_instructions_stay(capsys: pytest.CaptureFixture[str]) -> None:
    """What both engines read alike is no change of an upgrade."""
    assert upgrade('FROM scratch\nEXPOSE 80 # x\nENTRYPOINT ["/b"]\n', capsys)[1]["reread"] == []


def test_progress_is_repeated_with_what_was_found(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a terminal, a line from time to time shows that the command runs, and what it found."""
    monkeypatch.setattr("cmdpoint.cli.progress.REPEATED_AFTER", 0)
    for number in range(60):
        command = "CMD ['x']" if number else 'CMD ["x"] # y'
        (folder / f"{number:02}.Dockerfile").write_text(f"FROM scratch\n{command}\n")
    assert main(["upgrade", "--from", "docker-26", "--to", "docker-28", "."]) == 3
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "cmdpoint: comparing 60 files"
    assert lines[-1] == "cmdpoint: comparing 60 files: 98%, 1 change so far"


def test_progress_is_shown_for_many_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before the first file is compared, standard error says how many there are."""
    for number in range(51):
        (folder / f"{number}.Dockerfile").write_text("FROM scratch\nCMD x\n")
    assert main(["upgrade", "--from", "docker-27", "--to", "docker-28", "."]) == 0
    assert capsys.readouterr().err == "cmdpoint: comparing 51 files\n"
    (folder / "0.Dockerfile").unlink()
    assert main(["upgrade", "--from", "docker-27", "--to", "docker-28", "."]) == 0
    assert capsys.readouterr().err == ""
