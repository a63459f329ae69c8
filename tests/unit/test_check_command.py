"""`cmdpoint check`: problems by file, line and column, comments that ignore them, formats and exit codes."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cmdpoint.__main__ import main
from cmdpoint.checks.as_json import schema

SCHEMA = jsonschema.Draft202012Validator(json.loads(schema()))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str, name: str = "Dockerfile") -> None:
    """Write a file, and create its folders."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, "utf-8")


def as_json(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    """The exit status of the command, and its output as JSON, which matches the schema."""
    status = main(["check", *words, "--format", "json"])
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    SCHEMA.validate(data)
    return status, data


def found(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> list[tuple[int, int, str, str]]:
    """Line, column, severity and rule of each problem."""
    _, data = as_json(words, capsys)
    return [(each["line"], each["column"], each["severity"], each["rule"]) for each in data["problems"]]


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    """A problem is a line for editors, and a second line with the fix; the summary is on standard error."""
    write('FROM scratch\nCMD ["/app"] # start\n', "a/Dockerfile")
    write('FROM scratch\nCMD ["/app"]\n', "b/app.Dockerfile")
    assert main(["check"]) == 3
    out, err = capsys.readouterr()
    assert out == (
        "a/Dockerfile:2:14: error: this is not a JSON array, so a shell gets the text with its brackets: a "
        "comment follows the closing bracket ('# start'); comments need a line of their own [FORM-2]\n"
        '  fix: CMD ["/app"]\n'
    )
    assert err.splitlines() == [
        "cmdpoint: checked 2 Dockerfiles: 1 error",
        "cmdpoint: the images are assumed to contain the programs that they start; --context DIR follows "
        "COPY and ADD",
    ]


KINDS = [
    pytest.param('ENTRYPOINT ["/x"]\nCMD ["a", "$HOME"]', [(3, 12, "warning", "LEX-29")], id="variable"),
    pytest.param('CMD ["/x", "&&", "y"]', [(2, 13, "warning", "FORM-1")], id="operator"),
    pytest.param('CMD ["/x -v"]', [(2, 5, "error", "EXEC-1")], id="blank in the program"),
    pytest.param("CMD ['/x', '-v']", [(2, 6, "error", "FORM-4")], id="single quotes"),
    pytest.param('CMD ["/x",]', [(2, 10, "error", "FORM-4")], id="trailing comma"),
    pytest.param('CMD ["/x"] # y', [(2, 12, "error", "FORM-2")], id="comment behind an array"),
    pytest.param('COPY ["a", "/b"] # y\nCMD ["/x"]', [(2, 18, "error", "FORM-2")], id="comment behind COPY"),
    pytest.param('COPY a b # y\nCMD ["/x"]', [(2, 10, "error", "LEX-11")], id="comment behind words"),
    pytest.param('EXPOSE 80 # y\nCMD ["/x"]', [(2, 11, "error", "LEX-11")], id="comment behind a port"),
    pytest.param('CMD ["-c", "x"]', [(2, 5, "error", "EXEC-1")], id="an option as the program"),
    pytest.param('ENTRYPOINT ["sh", "-c"]\nCMD ["exec x"]', [(2, 12, "note", "MERGE-2")], id="a script"),
    pytest.param('ENTRYPOINT ["sh", "-c"]\nCMD ["x", "y"]', [(3, 5, "error", "MERGE-2")], id="sh -c, words"),
    pytest.param('ENTRYPOINT ["sh", "-c"]\nCMD x', [(3, 5, "error", "MERGE-2")], id="sh -c, shell form"),
    pytest.param('CMD ["sh", "-c", "x", "y"]', [(2, 5, "error", "EXEC-21")], id="sh -c in one"),
    pytest.param('CMD ["sh", "-c", "x y", "z"]', [(2, 5, "warning", "EXEC-21")], id="sh -c, a word too many"),
    pytest.param('ENTRYPOINT ["sh", "-c"]\nCMD []', [(2, 12, "warning", "MERGE-2")], id="sh -c, nothing"),
    pytest.param("CMD /x && /y", [(2, 5, "note", "EXEC-22")], id="a shell that stays"),
    pytest.param(
        'ENTRYPOINT /x "$0" && /y', [(2, 12, "note", "EXEC-22")], id="a shell that uses its arguments"
    ),
    pytest.param(
        'ENTRYPOINT /x "$1" && /y',
        [(2, 12, "warning", "EXEC-21"), (2, 12, "note", "EXEC-22")],
        id="a shell without a word for $0",
    ),
    pytest.param("ENTRYPOINT exec /x", [(2, 12, "note", "EXEC-21")], id="arguments that are lost"),
    pytest.param(
        'ENTRYPOINT ["/x"]\nCMD ["a", \\\n  "$HOME"]', [(4, 4, "warning", "LEX-29")], id="on a later line"
    ),
    pytest.param("CDM /x", [(2, 5, "error", "LEX-22")], id="refused"),
    pytest.param("RUN x", [], id="an image that is only a base"),
    pytest.param("CMD []", [(2, 5, "warning", "MERGE-8")], id="an empty CMD"),
    pytest.param("CMD []\nFROM scratch", [(3, 6, "note", "MERGE-8")], id="scratch without a CMD"),
    pytest.param(
        "FROM scratch AS a\nFROM scratch\nCMD []\nCMD /x", [(5, 5, "error", "STATE-11")], id="CMD [], CMD"
    ),
    pytest.param("CMD []\nENTRYPOINT []", [(3, 12, "warning", "MERGE-8")], id="an empty ENTRYPOINT"),
    pytest.param('RUN echo a # b\nCMD ["/x", "a#b"]', [], id="a comment of the shell"),
]


@pytest.mark.parametrize(("text", "problems"), KINDS)
def test_kinds_of_problems(
    text: str, problems: list[tuple[int, int, str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each kind has its rule, its severity, and the line and column of what is wrong."""
    write(f"FROM debian:13\n{text}\n")
    base = 'debian:13={"Cmd": ["bash"]}'
    assert found(["--base", base], capsys) == problems


def test_each_stage_that_runs_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    """A stage with a name and its own CMD is a target; a problem of several stages is reported once."""
    write('FROM scratch AS base\nCMD ["/x",]\nFROM base AS dev\nCMD ["-v"]\nFROM base\nRUN true\n')
    assert found([], capsys) == [(2, 10, "error", "FORM-4"), (4, 5, "error", "EXEC-1")]


def test_dialects_that_matter(capsys: pytest.CaptureFixture[str]) -> None:
    """A problem that only some of the dialects have names them."""
    write('FROM scratch\nCMD ["/x"] # y\n')
    status, data = as_json(["--dialect", "docker-26.1.5", "--dialect", "docker-28.5.2"], capsys)
    assert status == 3
    assert [each["only"] for each in data["problems"]] == [["docker-28.5.2/buildkit"]]
    assert data["dialects"] == ["docker-26.1.5/buildkit", "docker-28.5.2/buildkit"]
    assert as_json(["--dialect", "docker-26.1.5"], capsys)[1]["problems"] == []


@pytest.mark.parametrize(("level", "status"), [("note", 3), ("warning", 0), ("error", 0), ("never", 0)])
def test_what_fails(level: str, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    """`--fail-on` is the least serious problem that counts; notes do not, by default."""
    write("FROM debian\nCMD a; b\n")
    assert main(["check", "--fail-on", level]) == status
    assert main(["check"]) == 0
    assert "note: " in capsys.readouterr().out


def test_a_comment_ignores_a_problem(capsys: pytest.CaptureFixture[str]) -> None:
    """The comment names the rule and gives a reason; both are reported."""
    write("FROM scratch\n# cmdpoint: ignore[EXEC-22, EXEC-21] tini is process 1\nENTRYPOINT a; b\n")
    _, data = as_json([], capsys)
    assert [each["rule"] for each in data["problems"]] == ["STATE-11"]
    assert {(each["rule"], each["reason"], each["by"]) for each in data["ignored"]} == {
        ("EXEC-21", "tini is process 1", "comment"),
        ("EXEC-22", "tini is process 1", "comment"),
    }


def test_a_comment_inside_an_instruction_belongs_to_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Docker drops comments between continued lines."""
    write("FROM debian\nCMD a; \\\n# cmdpoint: ignore[EXEC-22] short-lived\n  b\nEXPOSE 80\n")
    assert found([], capsys) == []


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# cmdpoint: ignore[EXEC-22]", "gives no reason to ignore EXEC-22"),
        ("# cmdpoint: ignore EXEC-22 because", "not understood"),
        ("# cmdpoint: ignore[] because", "not understood"),
        ("# cmdpoint: ignore[FORM-2] because", "no problem of rule FORM-2"),
    ],
)
def test_a_comment_that_ignores_nothing(
    comment: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is a problem, and so is what it meant to ignore."""
    write(f"FROM debian\n{comment}\nCMD a; b\n")
    status, data = as_json([], capsys)
    assert status == 3
    assert [each["rule"] for each in data["problems"]] == ["ignore-comment", "EXEC-22"]
    assert message in data["problems"][0]["message"]


def test_windows_is_not_covered(capsys: pytest.CaptureFixture[str]) -> None:
    """Such a file is named with the reason; the exit status says so if there is no other."""
    write("FROM mcr.microsoft.com/windows/servercore:ltsc2022\nCMD a & b\n", "w.dockerfile")
    assert main(["check"]) == 6
    assert "not covered: w.dockerfile: it builds on mcr.microsoft.com/windows" in capsys.readouterr().err
    write('FROM scratch\nCMD ["/x"]\n')
    assert as_json([], capsys)[0] == 0


def test_a_file_that_cannot_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    """The others are still checked, and the exit status is that of the fault."""
    write("FROM debian\nCMD a; b\n")
    assert main(["check", ".", "nowhere"]) == 40
    out, err = capsys.readouterr()
    assert out.startswith("Dockerfile:2:5: note: ")
    assert "there is no file nowhere" in err


def test_an_unknown_base_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON lists the images whose config decides what runs."""
    write('FROM node:22\nCMD ["node", "x.js"]\n')
    _, data = as_json([], capsys)
    assert data["unknown"] == [
        {"file": "Dockerfile", "needs": [{"name": "node:22", "keys": ["Entrypoint", "OnBuild"]}]}
    ]


def test_a_fix_covers_the_lines_of_its_instruction(capsys: pytest.CaptureFixture[str]) -> None:
    """A comment and a blank line behind the instruction stay."""
    write("FROM debian\nCMD ['/x', \\\n  '-v']\n\n# later\nEXPOSE 80\n")
    _, data = as_json([], capsys)
    (problem,) = data["problems"]
    assert problem["fix"] == {"text": 'CMD ["/x", "-v"]', "first_line": 2, "last_line": 3}
