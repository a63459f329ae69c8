"""`explain --context`: whether COPY brings a program that can be started, or that is not known."""

import json
import os
from pathlib import Path

import jsonschema
import pytest

from cmdpoint.__main__ import main
from cmdpoint.cli import context as module
from cmdpoint.cli.context import read_context
from cmdpoint.cli.explanation_json import schema
from cmdpoint.oracle.files import File

ELF = b"\x7fELF\x02\x01\x01"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="files have no modes there")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build context, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    files = {
        "start.sh": (b"#!/bin/sh\necho hi\n", 0o644),
        "run.sh": (b"#! /bin/sh -e u \nexec true\n", 0o755),
        "dos.sh": (b"#!/bin/sh\r\necho hi\r\n", 0o755),
        "env.sh": (b"#!/usr/bin/env bash\r\n", 0o755),
        "words": (b"echo hi\n", 0o755),
        "app/server": (ELF, 0o755),
        "app/private": (ELF, 0o700),
        "app/plain": (ELF, 0o644),
        "closed/server": (ELF, 0o755),
    }
    for name, (content, mode) in files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(content)
        Path(name).chmod(mode)
    Path("link").symlink_to("app/server")
    Path("closed").chmod(0o700)
    return tmp_path


def explain(text: str, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Run `cmdpoint explain` with the build context."""
    Path("Dockerfile").write_text(text)
    status = main(["explain", "--context", ".", *words])
    return status, " ".join(capsys.readouterr().out.split())


def test_the_kinds_of_files() -> None:
    """The first bytes decide the kind, and the mode who may run a file."""
    files = dict(read_context(".", "Dockerfile").files or ())
    assert files["/start.sh"] == File("script", executable=False, interpreter=("/bin/sh",))
    assert files["/run.sh"] == File("script", interpreter=("/bin/sh", "-e u"))
    assert files["/dos.sh"] == File("script", interpreter=("/bin/sh\r",))
    assert files["/words"] == File("text")
    assert files["/app"] == files["/"] == File("folder")
    assert files["/app/server"] == File("program")
    assert files["/app/private"] == File("program", private=True)
    assert files["/closed"] == File("folder", private=True)
    assert files["/link"] == File("link", text="app/server")


@pytest.mark.parametrize(
    ("content", "mode", "kind"),
    [
        (b"", 0o755, "text"),
        (b"#!\n/bin/sh\n", 0o755, "text"),
        (b"#!" + b"x" * 300, 0o755, "unknown"),
        (b"#!/bin/sh", 0o755, "script"),
        (ELF, 0o750, "unknown"),
        (ELF, 0o701, "unknown"),
        (b"\0asm\x01", 0o644, "unknown"),
        (b"\0asm\x01", 0o755, "unknown"),
        (b"\xcf\xfa\xed\xfe", 0o755, "text"),
    ],
)
def test_unusual_files(content: bytes, mode: int, kind: str) -> None:
    """A long interpreter, which the kernel cuts off, and a mode for a group are not known."""
    Path("file").write_bytes(content)
    Path("file").chmod(mode)
    assert dict(read_context(".", "Dockerfile").files or ())["/file"].kind == kind


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ('COPY start.sh /app/\nCMD ["/app/start.sh"]', "EXEC-8: /app/start.sh is not executable: its mode"),
        ('COPY <<E /x\n#!/x\nE\nCMD ["/x"]', "EXEC-8: /x is not executable: its mode"),
        ('COPY --chmod=644 run.sh /\nCMD ["/run.sh"]', "EXEC-8: /run.sh is not executable: its mode"),
        ('COPY run.sh /\nCMD ["/run.sh"]', "EXEC-12: /run.sh is a script of /bin/sh, and no COPY"),
        (
            'COPY run.sh /\nCOPY app/plain /bin/sh\nCMD ["/run.sh"]',
            "EXEC-12: /run.sh is a script, and the interpreter '/bin/sh' cannot be executed",
        ),
        ('COPY words /\nCMD ["/words"]', "EXEC-11: /words is neither a program nor a script"),
        ('COPY app /app/\nCMD ["/server"]', "EXEC-9: the image has no /server"),
        ('COPY app /app\nCMD ["/app"]', "EXEC-7: /app is a folder"),
        ('COPY app/private /\nUSER 7\nCMD ["/private"]', "EXEC-8: /private is not executable for the user"),
        ("COPY app /app/\nCMD /app/server", "STATE-11: the shell form needs a shell"),
        ('WORKDIR /w\nCOPY start.sh .\nCMD ["./start.sh"]', "EXEC-8: ./start.sh is not executable"),
        (
            'COPY app/gone /\nCMD ["/gone"]',
            "refused at build: bad-source the build context has no 'app/gone'",
        ),
        ("ADD gone/ /x/", "refused at build: bad-source the build context has no 'gone/'"),
        ("COPY --chmod=755 gone /x", "refused at build: bad-source the build context has no 'gone'"),
        ("COPY words/gone /x", "refused at build: bad-source the build context has no 'words/gone'"),
    ],
)
def test_nothing_runs_on_scratch(text: str, finding: str, capsys: pytest.CaptureFixture[str]) -> None:
    """All files are known, so a missing one is a finding, too."""
    status, out = explain(f"FROM scratch\n{text}\n", capsys)
    assert status == 3
    assert out.startswith("Nothing runs ("), out
    assert finding in out


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('FROM scratch\nCOPY app/server /\nCMD ["/server"]', 'The image contains "/server"'),
        ('FROM scratch\nCOPY app/server /bin/sh\nCMD ["/bin/sh"]', 'The image contains "/bin/sh"'),
        ('FROM scratch\nCOPY run.sh app/server /x/\nCMD ["/x/server"]', 'The image contains "/x/server"'),
        ('FROM scratch\nADD app/server /\nCMD ["/server"]', 'The image contains "/server"'),
        ('FROM scratch\nCOPY --chmod=755 app/plain /x\nCMD ["/x"]', 'The image contains "/x"'),
        (
            'FROM a:1\nCOPY run.sh /\nENTRYPOINT ["/run.sh"]',
            'The image contains "/run.sh", by the files of the build context. Assumed: it contains the '
            'interpreter "/bin/sh".',
        ),
        (
            'FROM scratch\nCOPY closed /x/y\nUSER 7\nCMD ["/x/y/server"]',
            "the files of the build context do not decide it",
        ),
        ('FROM scratch\nCOPY link /\nCMD ["/link"]', "the files of the build context do not decide it"),
        ('FROM scratch\nCOPY --chmod=755 <<E /x\n$A\nE\nCMD ["/x"]', "the build context do not decide it"),
        ('FROM scratch\nADD http://a/b /x\nCMD ["/x"]', "the files of the build context do not decide it"),
        (
            'FROM a:1\nCOPY run.sh /\nRUN rm /run.sh\nENTRYPOINT ["/run.sh"]',
            "the files of the build context do not decide it",
        ),
    ],
)
def test_a_program_is_there(text: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer states what the context shows, and what it does not."""
    status, out = explain(f"{text}\n", capsys, "--base", 'a:1={"Cmd": ["a"]}')
    assert (status, sentence in out) == (0, True)


@pytest.mark.parametrize(
    "text",
    [
        'COPY start.sh /app/\nENTRYPOINT ["/app/start.sh"]',
        'COPY start.sh .\nENTRYPOINT ["./start.sh"]',
        'WORKDIR $X\nCOPY start.sh .\nENTRYPOINT ["./start.sh"]',
        'RUN true\nCOPY start.sh /\nUSER app\nENTRYPOINT ["/start.sh"]',
        'COPY . /app\nWORKDIR /app\nENTRYPOINT ["./start.sh"]',
        'COPY start.sh words /\nCOPY run.sh /b\nENTRYPOINT ["/start.sh"]',
        'COPY ["start.sh", "/"]\nENTRYPOINT ["/start.sh"]',
        'COPY --chmod=644 run.sh /\nENTRYPOINT ["/run.sh"]',
        'COPY --chown=app start.sh /\nENTRYPOINT ["/start.sh"]',
    ],
)
def test_a_copied_file_is_certain_on_any_base(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the base has, the file that is started lacks the mode."""
    status, out = explain(f"FROM a:1\n{text}\n", capsys, "--base", "a:1={}")
    assert status == 3
    assert "EXEC-8" in out


@pytest.mark.parametrize(
    "text",
    [
        'COPY start.sh /\nRUN chmod +x /start.sh\nENTRYPOINT ["/start.sh"]',
        'COPY --chmod=+x start.sh /\nENTRYPOINT ["/start.sh"]',
        'COPY --link start.sh /\nENTRYPOINT ["/start.sh"]',
        'COPY --chmod=644 run.sh /new/\nENTRYPOINT ["/new/run.sh"]',
        'COPY start.sh /\nCOPY --from=b:1 /x /y\nENTRYPOINT ["/start.sh"]',
        'COPY start.sh /a/\nCOPY app/server /b/start.sh\nENTRYPOINT ["/a/start.sh"]',
        'COPY *.sh /\nENTRYPOINT ["/start.sh"]',
        'COPY $X/start.sh /\nENTRYPOINT ["/start.sh"]',
        'COPY start.sh .\nWORKDIR $X\nENTRYPOINT ["./start.sh"]',
        'WORKDIR $X\nCOPY start.sh .\nWORKDIR $X\nENTRYPOINT ["./start.sh"]',
        'COPY start.sh /a/\nENTRYPOINT ["/a/../a/start.sh"]',
        'COPY link /\nENTRYPOINT ["/link"]',
        'COPY words /a\nENTRYPOINT ["/a/words"]',
        'COPY start.sh words /a\nENTRYPOINT ["/a"]',
        'ADD https://example.com/start.sh start.sh /\nENTRYPOINT ["/start.sh"]',
        'ADD words /\nENTRYPOINT ["/words"]',
        'COPY app/private /\nUSER app\nENTRYPOINT ["/private"]',
        'ENTRYPOINT ["/start.sh"]',
    ],
)
def test_what_is_not_known_is_no_finding(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The base, a RUN or a COPY that is not followed may bring or change the file."""
    status, out = explain(f"FROM a:1\n{text}\n", capsys, "--base", "a:1={}", "--base", "b:1={}")
    assert (status, "EXEC-8" in out, "EXEC-9" in out) == (0, False, False)
    assert "Assumed: the image contains the program" in out


@pytest.mark.parametrize(
    ("name", "reads"), [("dos.sh", "the kernel looks for '/bin/sh\\r'"), ("env.sh", "gets 'bash\\r'")]
)
def test_the_first_line_ends_in_cr(name: str, reads: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is a finding on any base. That nothing runs is certain only on scratch."""
    text = f'COPY {name} /\nENTRYPOINT ["/{name}"]\n'
    for base, code in (("a:1", 0), ("scratch", 3)):
        status, out = explain(f"FROM {base}\n{text}", capsys, "--base", "a:1={}")
        assert status == code
        assert "EXEC-12" in out
        assert reads in out
        assert 'Assumed: it contains the interpreter "/bin/sh' not in out
        condition = ', if the image contains "/bin/sh\\r" (docker' if name == "dos.sh" else " (docker"
        assert out.startswith(f"What runs{condition}") == (base == "a:1")


def test_a_finding_under_a_condition(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown ENTRYPOINT may be the program instead."""
    status, out = explain('FROM a:1\nCOPY start.sh /\nCMD ["/start.sh"]\n', capsys)
    assert status == 5
    assert "EXEC-8: if a:1 has no ENTRYPOINT: /start.sh is not executable" in out


@pytest.mark.parametrize(
    ("prepare", "words", "why"),
    [
        (lambda: Path(".dockerignore").write_text("*.sh\n"), (), "do not decide it"),
        (lambda: Path("Dockerfile.dockerignore").write_text("s*\n!start.sh"), (), "do not decide it"),
        (lambda: Path(".containerignore").write_bytes(b"\xff"), (), "is not UTF-8"),
        (lambda: None, ("--", "docker", "run", "-it", "-v", ".:/", "x"), "may put other files"),
    ],
)
def test_why_the_files_are_not_known(
    prepare: "object", words: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The answer is the one without a context, and gives the reason."""
    prepare()  # type: ignore[operator]
    status, out = explain('FROM scratch\nCOPY start.sh /\nCMD ["/start.sh"]\n', capsys, *words)
    assert (status, why in out) == (0, True)


def test_a_file_that_no_pattern_matches(capsys: pytest.CaptureFixture[str]) -> None:
    """It is certainly part of the context, and its mode a finding."""
    Path(".dockerignore").write_text("# no logs\n**/*.log\napp\n")
    status, out = explain('FROM scratch\nCOPY . /\nCMD ["/start.sh"]\n', capsys)
    assert (status, "EXEC-8: /start.sh is not executable" in out) == (3, True)
    status, out = explain('FROM scratch\nCOPY . /\nCMD ["/app/server"]\n', capsys)
    assert (status, "do not decide it" in out) == (0, True)


def test_too_many_files(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The number of files that are read has a bound."""
    monkeypatch.setattr(module, "MOST_FILES", 5)
    status, out = explain('FROM scratch\nCOPY start.sh /\nCMD ["/start.sh"]\n', capsys)
    assert (status, "has more than 5 files" in out) == (0, True)


def test_there_is_no_such_folder(capsys: pytest.CaptureFixture[str]) -> None:
    """The message says so."""
    assert main(["explain", "--context", "nowhere"]) == main(["explain", "nowhere"])
    assert "there is no folder nowhere" in capsys.readouterr().err


@pytest.mark.parametrize("start", ["FROM scratch", "FROM scratch AS one\nFROM one"])
def test_without_a_context_nothing_is_followed(start: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The shell form on scratch is a finding all the same, and what is assumed is a condition."""
    Path("Dockerfile").write_text(f"{start}\nCOPY app/server /app/\nCMD /app/server a\n")
    assert main(["explain"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert (
        "STATE-11: the shell form needs a shell, and scratch has none, and no COPY or ADD brings one" in out
    )
    assert 'fix: CMD ["/app/server", "a"]' in out
    assert 'Nothing runs unless the image contains "/bin/sh"' in out


def test_the_shell_may_be_copied(capsys: pytest.CaptureFixture[str]) -> None:
    """A COPY into its folder may bring the shell; one that is known to bring it is no finding."""
    Path("Dockerfile").write_text("FROM scratch\nCOPY app/server /bin/\nCMD /app/server a\n")
    assert main(["explain"]) == 0
    assert "unless COPY or ADD" in " ".join(capsys.readouterr().out.split())
    status, out = explain("FROM scratch\nCOPY app/server /bin/sh\nCMD /bin/sh a\n", capsys)
    assert (status, "STATE-11" in out) == (0, False)


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    """The refusal and the finding are in the JSON."""
    Path("Dockerfile").write_text('FROM scratch\nCOPY start.sh /\nCMD ["/start.sh"]\n')
    assert main(["explain", "--context", ".", "--format", "json"]) == 3
    data = json.loads(capsys.readouterr().out)
    assert data["refusal"]["kind"] == "not-executable"
    assert data["assumed"] == []
    jsonschema.validate(data, json.loads(schema()))
    assert [each["rule"] for each in data["findings"]] == ["EXEC-8"]
