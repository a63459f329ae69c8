"""The command line: output and exit codes, and one clear message for each possible mistake."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from cmdpoint.__main__ import main
from cmdpoint.cli.reading import opened

ROOT = Path(__file__).parents[2]
ENTRYPOINT_AND_CMD = 'FROM python:3.12\nENTRYPOINT ["python3", "-m"]\nCMD ["app"]\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder the command is run in, which holds a Dockerfile."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text(ENTRYPOINT_AND_CMD)
    return tmp_path


def pipe_in(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Put something on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_explains_the_dockerfile_of_the_folder(capsys: pytest.CaptureFixture[str]) -> None:
    """Without options: the newest dialect, the file `Dockerfile`, nothing after the image."""
    assert main(["explain"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[:4] == [
        "What runs (docker-29.7.2+containerd/buildkit):",
        '  argv[0]  "python3"  ENTRYPOINT, line 2',
        '  argv[1]  "-m"       ENTRYPOINT, line 2',
        '  argv[2]  "app"      CMD, line 3',
    ]
    assert "Elsewhere" not in out
    assert err == ""


@pytest.mark.parametrize(
    ("words", "argv"),
    [
        (["--", "x", "--", "--y"], ['"python3"', '"-m"', '"x"', '"--"', '"--y"']),
        (["--entrypoint", "/b", "--", "x"], ['"/b"', '"x"']),
        (["--entrypoint=", "--", "x"], ['"x"']),
    ],
)
def test_run_options(words: list[str], argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """`--entrypoint` and the words after `--` have the same effect as with `docker run`."""
    assert main(["explain", *words]) == 0
    shown = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  argv[")]
    assert re.findall(r'"[^"]*"', " ".join(shown)) == argv


def test_standard_input_and_target(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-f -` reads standard input; `--target` chooses a stage."""
    pipe_in(monkeypatch, b'FROM scratch AS one\nCOPY x /x\nCMD ["/x"]\nFROM one\nCMD ["/y"]\n')
    assert main(["explain", "-f", "-", "--target", "one"]) == 0
    assert '  argv[0]  "/x"' in capsys.readouterr().out


def test_a_refusal_has_an_exit_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """That nothing runs is a result: it is printed to standard output and has an exit code of its own."""
    pipe_in(monkeypatch, b"FROM scratch\n")
    assert main(["explain", "-f", "-"]) == 3
    out, err = capsys.readouterr()
    assert "refused at create: no-command" in out
    assert err == ""


def test_a_base_that_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    """The image inherits what `--base` gives, and nothing is assumed; an unused `--base` is reported."""
    (Path.cwd() / "Dockerfile").write_text("FROM python:3.12\n")
    base = 'python:3.12={"Entrypoint": null, "Cmd": ["python3"], "Env": ["A=b"]}'
    assert main(["explain", "--base", base, "--base", "other={}"]) == 0
    out = capsys.readouterr().out
    assert '  argv[0]  "python3"' in out
    assert "has no Entrypoint" not in out
    assert "Not used: --base other" in out


def test_other_dialects_that_differ_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """Both builders ignore text after the array before 27.1, and read a shell form since."""
    (Path.cwd() / "Dockerfile").write_text('FROM debian\nCMD ["/x"] # run it\n')
    base = ["--base", "debian={}"]
    assert main(["explain", *base]) == 0
    here, elsewhere = capsys.readouterr().out.split("Other engines run something else:")
    assert '  argv[0]  "/bin/sh"' in here
    assert elsewhere.split(":")[0].strip() == "Docker before 27.1; all of Podman"
    assert '    argv[0]  "/x"' in elsewhere
    assert "28.5.2" not in elsewhere
    assert "29.7.2" not in elsewhere
    assert main(["explain", "--dialect", "docker-20.10.24/classic", *base]) == 0
    there = capsys.readouterr().out
    assert '  argv[0]  "/x"' in there
    assert "Elsewhere" not in there


def test_a_dialect_beyond_the_newest_is_not_verified(capsys: pytest.CaptureFixture[str]) -> None:
    """It is predicted, and reported as not verified."""
    assert main(["explain", "--dialect", "docker-99.0/buildkit"]) == 0
    assert "Not verified: docker-99.0+containerd/buildkit" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "status", "phrases"),
    [
        (["-f", "nowhere"], 40, ["no file nowhere"]),
        (["-f", "empty"], 40, ["no file empty/Dockerfile"]),
        (["-f", "Dockerfile/x"], 42, ["Dockerfile/x cannot be read", "Not a directory"]),
        (["-f", "a\0b"], 42, ["cannot be read"]),
        (["-f", "latin1"], 43, ["latin1 is not UTF-8", "line 2", "0xe9"]),
        (["--dialect", "dokcer"], 44, ["'dokcer'", "docker-29.7.2"]),
        (["--dialect", "docker-19.03/classic"], 44, ["docker-19.03", "20.10"]),
        (["--dialect", "docker-28.5.2/kaniko"], 44, ["kaniko"]),
        (["--base", "debian"], 45, ["--base debian", "NAME="]),
        (["--base", "={}"], 45, ["NAME="]),
        (["--base", "debian={"], 45, ["not JSON"]),
        (["--base", "Debian={}"], 45, ["no image can be called Debian"]),
        (
            ["--base", "debian={}", "--base", "debian={}"],
            45,
            ["an earlier --base gives debian too", "give each name once"],
        ),
        (["--base", "debian=[]"], 45, ["an empty list"]),
        (["--base", 'debian={"Cmd": "x"}'], 45, ["Cmd", "list of strings"]),
        (["--base", 'debian={"Entrypoint": [1]}'], 45, ["Entrypoint", "list of strings"]),
    ],
)
def test_bad_input(
    words: Sequence[str], status: int, phrases: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is one message with cause and remedy on standard error, and an exit code."""
    (folder / "empty").mkdir()
    (folder / "latin1").write_bytes(b"FROM debian\nCMD caf\xe9\n")
    assert main(["explain", *words]) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("cmdpoint: ")
    assert [line[:7] for line in err.splitlines()[1:]] == ["  why: ", "  do:  "]
    for phrase in phrases:
        assert phrase in err


@pytest.mark.parametrize("name", ["dockerfile", "ok", "alpine", "a/b", "my$file"])
def test_a_file_is_never_taken_for_an_image(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file may have the name of an image, or of the base that it names."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    base = "alpine" if "$" in name else name
    path.write_text(f'FROM {base}\nCMD ["/a"]\n')
    assert main(["explain", "-f", name, "--base", f'{base}={{"Entrypoint": ["/e"]}}']) == 0
    out, _ = capsys.readouterr()
    assert 'argv[0]  "/e"' in out
    assert 'argv[1]  "/a"' in out
    assert "MERGE-14" not in out
    assert "CMD, line 2" in out
    assert main(["explain", "-f", name]) == 5
    out, _ = capsys.readouterr()
    assert f'  [ENTRYPOINT of {base}] "/a"' in out


def test_a_second_file_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Argparse alone would silently use the last."""
    with pytest.raises(SystemExit) as exit_:
        main(["explain", "-f", "Dockerfile", "-f", "Dockerfile"])
    assert exit_.value.code == 2
    assert "is given twice" in capsys.readouterr().err


def test_a_file_that_may_not_be_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Root can read every file, so the test raises the error itself."""

    def refuse(path: Path, mode: str) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    assert main(["explain"]) == 42
    assert "why: Permission denied" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [[], ["explode"], ["explain", "--no-such"], ["explain", "x", "y"], ["predict", "--", "x"]]
)
def test_a_wrong_command_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Usage errors have the status that argparse gives them."""
    with pytest.raises(SystemExit) as exit_:
        main(words)
    assert exit_.value.code == 2
    assert "usage: cmdpoint" in capsys.readouterr().err


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints the version and exits."""
    with pytest.raises(SystemExit) as exit_:
        main(["--version"])
    assert exit_.value.code == 0
    assert capsys.readouterr().out.startswith("cmdpoint ")


def module(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, without the packages of the environment."""
    program = "import runpy, sys; sys.argv = ['cmdpoint', *sys.argv[1:]]; "
    program += "runpy.run_module('cmdpoint', run_name='__main__')"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-S", "-c", program, *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_real_process_needs_nothing_but_the_standard_library() -> None:
    """`-S` hides every installed package; characters that are not ASCII are escaped for an ASCII terminal."""
    done = module("explain", "--steps", "--", "x")
    assert (done.returncode, done.stderr) == (0, "")
    assert '  argv[2]  "x"' in done.stdout
    assert r"\u2192" in done.stdout


def test_a_real_process_shows_no_traceback() -> None:
    """A fault ends the command with the fault's exit code, and only its message is printed."""
    done = module("explain", "-f", "nowhere")
    assert (done.returncode, done.stdout) == (40, "")
    assert done.stderr.startswith("cmdpoint: there is no file nowhere\n")
    assert "Traceback" not in done.stderr


def test_an_error_of_the_caller_is_no_fault_of_the_file(tmp_path: Path) -> None:
    """An OSError in the body of the `with` statement is not reported as a fault of the open file."""
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"FROM debian\n")

    def use() -> None:
        with opened(str(path)):
            raise BrokenPipeError("the output ended")

    with pytest.raises(BrokenPipeError, match="the output ended"):
        use()
