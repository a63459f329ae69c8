"""`check` and `diff` with a build context: what COPY brings, also as a git revision has it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cmdpoint.__main__ import main

TEXT = 'FROM scratch\nCOPY run.sh busybox /bin/\nCOPY sh /bin/\nENTRYPOINT ["/bin/run.sh"]\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a Dockerfile, a script that its image starts, and the interpreter."""
    monkeypatch.chdir(tmp_path)
    Path("Dockerfile").write_text(TEXT)
    Path("run.sh").write_text("#!/bin/sh\n")
    for name in ("busybox", "sh"):
        Path(name).write_bytes(b"\x7fELF")
    for name in ("run.sh", "busybox", "sh"):
        Path(name).chmod(0o755)
    return tmp_path


def git(*words: str) -> None:
    """Run git in the current folder."""
    identity = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *identity, *words], check=True, capture_output=True)


def commit(message: str) -> None:
    """Commit all files."""
    git("add", "-A")
    git("commit", "-q", "-m", message)


def as_json(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    """The exit status and the output of a command, as JSON."""
    status = main([*words, "--format", "json"])
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    return status, data


def test_check_follows_the_context(capsys: pytest.CaptureFixture[str]) -> None:
    """A script without the mode to execute it is one error; without a context, that is not known."""
    assert main(["check", "--context", "."]) == 0
    Path("run.sh").chmod(0o644)
    status, data = as_json(["check", "--context", "."], capsys=reset(capsys))
    assert (status, data["assumed"]) == (3, [])
    assert [(each["line"], each["rule"], each["severity"]) for each in data["problems"]] == [
        (4, "EXEC-8", "error")
    ]
    status, data = as_json(["check"], capsys)
    assert (status, data["problems"]) == (0, [])
    assert data["assumed"][0].startswith("The images are assumed to contain the programs")
    main(["check"])
    assert "the images are assumed to contain the programs" in capsys.readouterr().err


def reset(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    """Forget what was printed."""
    capsys.readouterr()
    return capsys


def test_each_dockerfile_has_its_own_folder(capsys: pytest.CaptureFixture[str]) -> None:
    """`{}` is the folder of each Dockerfile."""
    for name in ("a", "b"):
        Path(name).mkdir()
        Path(name, "Dockerfile").write_text('FROM scratch\nCOPY app /app\nCMD ["/app"]\n')
        Path(name, "app").write_bytes(b"\x7fELF")
        Path(name, "app").chmod(0o755 if name == "a" else 0o644)
    status, data = as_json(["check", "a", "b", "--context", "{}"], capsys)
    assert status == 3
    assert [(each["file"], each["rule"]) for each in data["problems"]] == [("b/Dockerfile", "EXEC-8")]
    assert main(["check", "a", "--context", "gone"]) == 40
    assert "there is no folder gone" in capsys.readouterr().err


def test_diff_of_files_in_a_context(capsys: pytest.CaptureFixture[str]) -> None:
    """A program that is no longer copied breaks those who run the image, but not those who name another."""
    Path("new").write_text(TEXT.replace("run.sh busybox", "busybox sh"))
    status, data = as_json(["diff", "Dockerfile", "new", "--context", "."], capsys)
    assert (status, data["assumed"]) == (3, [])
    changed = {each["use"]: each for each in data["uses"] if each["verdict"] == "different"}
    assert set(changed) == {"run", "arguments", "option", "base-cmd", "base-shell-cmd"}
    assert changed["run"]["after"]["refusal"]["kind"] == "not-found"
    status, data = as_json(["diff", "Dockerfile", "new"], capsys)
    assert (status, data["verdict"]) == (0, "same")
    assert data["assumed"] == [
        "The images are assumed to contain the programs that they start; --context DIR follows COPY and ADD."
    ]


def test_an_image_that_is_built_on_it_has_its_files(capsys: pytest.CaptureFixture[str]) -> None:
    """`FROM IMAGE` starts what `docker run IMAGE` starts, or is refused for the same reason."""
    triggers = 'FROM scratch\nONBUILD LABEL a=b\nCOPY run.sh /app/\nCMD ["/app/run.sh"]\n'
    Path("old").write_text(triggers)
    Path("new").write_text(triggers.replace('["/app/run.sh"]', '["/app/gone"]'))
    _, data = as_json(["diff", "old", "new", "--context", "."], capsys)
    uses = {each["use"]: (each["before"], each["after"]) for each in data["uses"]}
    assert uses["base"] == uses["run"]
    assert uses["run"][1]["refusal"]["kind"] == "not-found"


def test_diff_of_revisions_reads_their_files(capsys: pytest.CaptureFixture[str]) -> None:
    """The mode of a file changes, and no line of the Dockerfile: only the files of the revisions show it."""
    git("init", "-q")
    Path(".dockerignore").write_text("*.md\n")
    Path("link").symlink_to("run.sh")
    commit("one")
    Path("run.sh").chmod(0o644)
    commit("two")
    assert main(["diff", "HEAD~1", "HEAD", "Dockerfile"]) == 0
    assert "--context DIR follows COPY and ADD" in " ".join(capsys.readouterr().out.split())
    status, data = as_json(["diff", "HEAD~1", "HEAD", "Dockerfile", "--context", "{}"], capsys)
    assert status == 3
    assert [each["use"] for each in data["uses"] if each["verdict"] == "different"] == [
        "run",
        "arguments",
        "option",
        "base-cmd",
        "base-shell-cmd",
    ]
    assert data["uses"][0]["after"]["refusal"]["kind"] == "not-executable"
    # The files of the working tree are others than those of the revision.
    Path("run.sh").chmod(0o755)
    status, data = as_json(["diff", "HEAD:Dockerfile", "Dockerfile", "--context", "."], capsys)
    assert data["uses"][0]["sentence"] == "It works now: before, it was refused at start."


def test_what_a_revision_does_not_have_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    """A file of Git LFS and a file that a pattern may leave out decide nothing."""
    git("init", "-q")
    Path("run.sh").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n")
    commit("one")
    assert main(["diff", "HEAD", "HEAD", "Dockerfile", "--context", "."]) == 0
    assert '"/bin/run.sh"' not in capsys.readouterr().out
    Path("run.sh").write_text("no program\n")
    Path("Dockerfile.dockerignore").write_text("run.*\n")
    commit("two")
    Path("new").write_text(TEXT)
    status, data = as_json(["diff", "HEAD:Dockerfile", "new", "--context", "."], capsys)
    assert data["uses"][0]["before"]["process"] == {"argv": ["/bin/run.sh"]}
    assert (status, data["uses"][0]["after"]["refusal"]["kind"]) == (3, "bad-format")
    assert main(["diff", "HEAD", "HEAD", "Dockerfile", "--context", "gone"]) == 40
    assert "gone cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xef\xbb\xbf#!/bin/sh\n", "/bin/run.sh begins with a byte-order mark"),
        (b"\xef\xbb\xbfecho\n", "/bin/run.sh is neither a program nor a script"),
    ],
)
def test_a_byte_order_mark(content: bytes, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In front of an interpreter, the mark is the fault."""
    Path("run.sh").write_bytes(content)
    assert main(["check", "--context", "."]) == 3
    assert words in capsys.readouterr().out
