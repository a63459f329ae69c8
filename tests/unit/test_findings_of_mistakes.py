"""Findings about mistakes that people make in CMD and ENTRYPOINT, and good files that have none."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from cmdpoint.__main__ import main


@pytest.mark.parametrize(
    ("lines", "phrases"),
    [
        (['CMD "echo hi"'], ["error: the quotes make this one word", 'fix: CMD ["echo", "hi"]']),
        (["CMD 'sleep infinity'"], ["a program named 'sleep infinity'", 'fix: CMD ["sleep", "infinity"]']),
        (['CMD["a"]'], [":2:1: error: a blank has to stand behind CMD", 'do:  write CMD ["a"]']),
        (['ENTRYPOINT=["a"]'], ["behind ENTRYPOINT, not '='", 'do:  write ENTRYPOINT ["a"]']),
        (["CMD <<EOF", "echo a", "EOF"], [":3:6: error: CMD reads no here-document", "COPY <<EOF"]),
        (['CMD ["source", "venv/bin/activate"]'], ["error: 'source' is a command of shells, not a program"]),
        (
            ['ENTRYPOINT ["serve"]', "CMD --port 80"],
            [":3:5: error: '--port' is refused: words in front that", 'fix: CMD ["--port", "80"]'],
        ),
        (["CMD --port 80"], ["'--port' is refused", "do:  use exec form, in which no word is a flag"]),
        (
            ['ENTRYPOINT --init ["a"]'],
            ["'--init' is refused", "do:  use exec form, in which no word is a flag"],
        ),
        (
            ['ENTRYPOINT ["/entry.sh"]', 'CMD ["mysqld --sql-mode=ANSI", "-v"]'],
            [
                ":3:5: warning: the ENTRYPOINT gets 'mysqld",
                "[FORM-1]",
                'fix: CMD ["mysqld", "--sql-mode=ANSI", "-v"]',
            ],
        ),
        (['ENTRYPOINT ["tini", "--"]', 'CMD ["serve -p 80"]'], ['fix: CMD ["serve", "-p", "80"]']),
        (["ENTRYPOINT serve", 'CMD ["x"]'], ["the program does not get 'x': it is $0 of the shell"]),
    ],
)
def test_a_mistake(
    lines: Sequence[str], phrases: Sequence[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says what is wrong, and what to write instead."""
    file = tmp_path / "Dockerfile"
    file.write_text("\n".join(["FROM alpine", *lines, ""]))
    assert main(["check", "--base", 'alpine={"Cmd": ["/bin/sh"]}', str(file)]) == 3
    out = capsys.readouterr().out
    assert [phrase for phrase in phrases if phrase not in out] == [], out


@pytest.mark.parametrize(
    "command",
    [
        'CMD ["/bin/bash", "-c", "source activate env && python $APP"]',
        'ENTRYPOINT ["tini", "--", "/bin/sh", "-c", "exec serve --port $PORT"]',
        'CMD "/opt/My App/run"',
        "CMD exec serve",
        'ENTRYPOINT ["nginx", "-g"]\nCMD ["daemon off; -x"]',
        'ENTRYPOINT ["git", "commit", "-m"]\nCMD ["add --all"]',
        'ENTRYPOINT ["echo"]\nCMD ["hello world"]',
        "CMD -- --port 80",
    ],
)
def test_a_good_command_on_an_unknown_base(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A shell reads the text, whatever ENTRYPOINT the base has; a path may have blanks."""
    file = tmp_path / "Dockerfile"
    file.write_text(f"FROM python:3.12\n{command}\n")
    assert main(["check", str(file)]) == 0
    out = capsys.readouterr().out
    assert [word for word in ("error", "warning") if f": {word}: " in out] == [], out


def test_a_file_with_a_byte_order_mark_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The search of a folder reads the first line as the builders do."""
    (tmp_path / "Dockerfile").write_bytes(b"\xef\xbb\xbfFROM alpine\r\nCMD ['a']\r\n")
    assert main(["check", str(tmp_path)]) == 3
    assert "single quotes" in capsys.readouterr().out


def test_an_argument_that_is_missing_is_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`ARG BASE` without a default is meant for --build-arg."""
    (tmp_path / "Dockerfile").write_text('ARG BASE\nFROM $BASE\nCMD ["a"]\n')
    assert main(["check", "--fail-on", "error", str(tmp_path)]) == 0
    assert "do:  pass --build-arg" in capsys.readouterr().out
    assert main(["check", "--build-arg", "BASE=alpine", str(tmp_path)]) == 0


def test_podman_drops_flags(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It does so without a warning; only a command that is part of what runs matters."""
    file = tmp_path / "Dockerfile"
    file.write_text('FROM scratch\nENTRYPOINT ["/serve"]\nCMD --old\nCMD --watch main.js\n')
    assert main(["check", "--dialect", "podman-5.4.2", str(file)]) == 3
    out = capsys.readouterr().out
    assert out.count("'--watch' is dropped: words in front") == 1
    assert "--old" not in out
    assert 'fix: CMD ["--watch", "main.js"]' in out


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ARG NS\nARG V\nFROM $NS/app:${V}\n", ["NS", "V"]),
        ("ARG B\nFROM $B\n", ["B"]),
        ("ARG V=\nARG W=1\nFROM a:$V$W$TARGETARCH/x:\n", ["V"]),
        ("ARG V=1\nFROM A:$V\n", []),
    ],
)
def test_a_build_argument_is_missing(
    text: str, names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The advice names the variables without a value; a wrong name without such is an error."""
    (tmp_path / "Dockerfile").write_text(f'{text}CMD ["a"]\n')
    assert main(["check", str(tmp_path)]) == 3
    out = capsys.readouterr().out
    advice = " ".join(f"--build-arg {name}=..." for name in names)
    assert (f"do:  pass {advice}, or give ARG a default" in out) == bool(names)
    assert out.count(": warning: " if names else ": error: ") == len(out.splitlines()) - bool(names) == 1
    assert main(["explain", str(tmp_path)]) == 3
    assert (f"pass {advice}" in capsys.readouterr().out) == bool(names)


@pytest.mark.parametrize("dialect", ["docker-29.7.2", "docker-20.10.24", "podman-5.4.2"])
@pytest.mark.parametrize(
    ("text", "given", "advice"),
    [
        (
            "FROM alpine:$V\n",
            [],
            "write ARG V above the first FROM, and pass --build-arg V=..., or give ARG a",
        ),
        ("FROM $V\nARG V=3\n", [], "write ARG V above the first FROM, and pass --build-arg V=..."),
        ("FROM $V\nARG V=3\n", ["V=3"], "write ARG V above the first FROM"),
        ("FROM alpine AS a\nARG V=3\nFROM a:$V\n", ["V=3"], "write ARG V above the first FROM"),
        (
            "ARG V\nFROM $V/$W\n",
            [],
            "write ARG W above the first FROM, and pass --build-arg V=... --build-arg W=",
        ),
    ],
)
def test_a_build_argument_that_from_does_not_see(
    text: str, given: list[str], advice: str, dialect: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An ARG below the first FROM does not count, so `--build-arg` alone has no effect, which is an error."""
    file = tmp_path / "Dockerfile"
    file.write_text(f'{text}CMD ["a"]\n')
    options = [word for each in given for word in ("--build-arg", each)]
    assert main(["check", *options, "--dialect", dialect, str(file)]) == 3
    out = capsys.readouterr().out
    assert out.count(": error: ") == 1
    assert f"  do:  {advice}" in out
    assert out.count("above the first FROM") == 2
    # With the advice, the name is a reference.
    names = [name for name in ("V", "W") if f"${name}" in text]
    head = "".join(f"ARG {name}=3\n" for name in names)
    file.write_text(head + text.removeprefix("ARG V\n") + 'CMD ["a"]\n')
    assert main(["check", *options, "--dialect", dialect, str(file)]) == 0
