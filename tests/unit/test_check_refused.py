"""`cmdpoint check` of a Dockerfile that is refused: what else is surprising about it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from cmdpoint.__main__ import main

LEX_29 = "the program gets '$B' as it is written"


def lines_of(text: str, folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """The problems, each as its line and message."""
    file = folder / "Dockerfile"
    file.write_text(text)
    main(["check", str(file), *words])
    out = capsys.readouterr().out.replace(f"{file}:", "")
    return [line for line in out.splitlines() if not line.startswith("  ")]


@pytest.mark.parametrize("dialect", ["docker-29.7.2", "docker-20.10.24", "podman-5.4.2"])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('CMD ["a", "$B"]\nADD foo', [("2:12", LEX_29), ("3:5", "ADD takes at least two arguments")]),
        (
            'HEALTHCHECK\nCMD ["a", "$B"]\nADD foo\nFOO',
            [("2:1", "refused at"), ("3:12", LEX_29), ("4:5", "refused at"), ("5:1", "refused at")],
        ),
        (
            'ADD \\\n  foo\nCMD ["a b"]',
            [("2:5", "refused at"), ("4:5", "in exec form the first string is the name of one program")],
        ),
    ],
)
def test_each_problem_is_reported(
    text: str,
    found: Sequence[tuple[str, str]],
    dialect: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An instruction that is refused hides no problem of another one."""
    lines = lines_of(f"FROM debian\n{text}\n", tmp_path, capsys, "--base", "debian={}", "--dialect", dialect)
    assert len(lines) == len(found), lines
    for line, (where, message) in zip(lines, found, strict=True):
        assert line.startswith(f"{where}:")
        assert message in line


def test_a_base_without_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Other stages and instructions are checked as on a base that is not known, which has no name."""
    text = "ARG TAG\nFROM alpine:$TAG AS one\nCMD a; b\nFROM one\nENTRYPOINT ['x']\n"
    lines = lines_of(text, tmp_path, capsys)
    assert [line.partition(" ")[0] for line in lines] == ["2:6:", "3:5:", "5:12:", "5:13:"]
    assert "unless the ENTRYPOINT of this base, if it has one" in lines[1]
    assert "cmdpoint.invalid" not in "".join(lines)


@pytest.mark.parametrize("wrong", ["ENTRYPONT", "ENTRYPOINT --x", "COMAND"])
def test_what_may_decide_hides_what_depends_on_it(
    wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the ENTRYPOINT, `-v` would be the program, which is not meant."""
    text = f'FROM debian\n{wrong} ["serve"]\nCMD ["-v"]\nEXPOSE foo\n'
    lines = lines_of(text, tmp_path, capsys, "--base", "debian={}")
    assert [line.partition(":")[0] for line in lines] == ["2", "4"]


def test_many_refusals_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The report of a file that is no Dockerfile ends after some lines."""
    assert len(lines_of("FROM debian\n" + "x\n" * 500, tmp_path, capsys)) == 21
    assert len(lines_of("", tmp_path, capsys)) == 1


def test_nothing_was_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """If no file can be read, there is no summary that says that they have no problems."""
    assert main(["check", str(tmp_path / "gone")]) == 40
    err = capsys.readouterr().err
    assert "there is no file" in err
    assert "no problems" not in err
    (tmp_path / "Dockerfile").write_text("FROM debian\nRUN x\n")
    assert main(["check", str(tmp_path / "gone"), str(tmp_path)]) == 40
    assert "checked 1 Dockerfile: no problems" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["explain", "diff", "upgrade"])
@pytest.mark.parametrize(("wrong", "unused"), [("", True), ("FOO", False), ("ADD x", False)])
def test_a_base_that_a_refused_build_may_need(
    command: str, wrong: str, unused: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A build that ends before it looks the bases up does not show which of them are not used."""
    file = tmp_path / "Dockerfile"
    file.write_text(f"FROM debian\n{wrong}\nCMD a\n")
    words = {
        "explain": [str(file)],
        "diff": [str(file), str(file)],
        "upgrade": ["--from", "docker-26", "--to", "docker-28", str(file)],
    }[command]
    main([command, *words, "--base", "debian={}", "--base", "alpine={}"])
    assert ("alpine" in capsys.readouterr().out) == unused


@pytest.mark.parametrize(
    ("text", "dialect", "found"),
    [
        ("CMD <<EOF\necho a\nb\nEOF", "docker-29.7.2", ["3:6: error: CMD reads no here-document"]),
        ("CMD cat <<'X'\necho a\n\n", "docker-29.7.2", ["3:6: error: CMD reads no here-document"]),
        (
            "RUN <<EOF\necho a\nb\nEOF\nCMD ['c']",
            "docker-20.10.24",
            ["3:6: error: this builder", "6:6: error"],
        ),
        ("RUN <<EOF\necho a\nb\nEOF\nFOO\nCMD exec a", "docker-29.7.2", ["6:1: error: refused at parse"]),
    ],
)
def test_a_here_document_is_one_problem(
    text: str, dialect: str, found: Sequence[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its lines are no instructions, and what follows is checked."""
    lines = lines_of(f"FROM debian\n{text}\n", tmp_path, capsys, "--base", "debian={}", "--dialect", dialect)
    assert len(lines) == len(found), lines
    assert all(line.startswith(start) for line, start in zip(lines, found, strict=True)), lines


def test_a_shell_that_scratch_lacks_is_one_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a build context too, the advice is about the shell form, and not about a file /bin/sh."""
    (tmp_path / "server").write_bytes(b"\x7fELF")
    (tmp_path / "server").chmod(0o755)
    text = "FROM scratch\nCOPY server /\nCMD /server $A\n"
    lines = lines_of(
        text, tmp_path, capsys, "--context", str(tmp_path), "--dialect", "docker", "--dialect", "podman-5.4.2"
    )
    assert [line.rpartition("[")[2] for line in lines] == ["STATE-11]"]
