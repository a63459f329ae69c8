"""The order of `explain`: the reason early, engines that people still run, and what to do instead."""

from pathlib import Path

import pytest

from cmdpoint.__main__ import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder the command is run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_reason_is_among_the_first_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """The words of a long argv share lines, and findings come before the commands that find out more."""
    cmd = 'CMD ["--host", "0.0.0.0", "--port", "${PORT}", "--log", "x"]'
    Path("Dockerfile").write_text(f'FROM python:3.12\nENTRYPOINT ["/e.sh"]\n{cmd}\n')
    assert main(["explain"]) == 0
    assert capsys.readouterr().out.splitlines()[:5] == [
        "What runs (docker-29.7.2+containerd/buildkit):",
        '  argv[0]    "/e.sh"  ENTRYPOINT, line 2',
        '  argv[1-6]  "--host" "0.0.0.0" "--port" "${PORT}" "--log" "x"  CMD, line 3',
        "",
        "Dockerfile:3:38: LEX-29: the program gets '${PORT}' as it is written: in exec form no shell "
        "replaces",
    ]
    Path("Dockerfile").write_text("FROM node:20\nCMD ['node', 'x']\n")
    assert main(["explain"]) == 5
    out = capsys.readouterr().out
    assert out.index("FORM-4") < out.index("To find out:") < out.index("docker pull node:20")


def test_only_usual_dialects_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    """An engine that no distribution supports, or a builder that is not the default, needs an option."""
    Path("Dockerfile").write_text('FROM scratch\n# check=skip=all\nCMD ["/a"]\n')
    assert main(["explain"]) == 0
    assert "Other engines" not in capsys.readouterr().out
    assert main(["explain", "--all-dialects"]) == 0
    assert "  Docker 29.2 and newer (classic):\n" in capsys.readouterr().out
    Path("Dockerfile").write_text('FROM scratch\nCMD ["/a"] # b\n')
    assert main(["explain"]) == 0
    assert "  Docker before 27.1; all of Podman:\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (
            "kubectl apply -f pod.yaml",
            "--entrypoint sh IMAGE -c 'echo hi' ARGS...; write the value for $(NAME)",
        ),
        ("docker compose run web sh", "--entrypoint sh IMAGE -c 'echo hi' COMMAND...; write $ for $$"),
        ("docker stop web", "the docker run line that it stands for"),
    ],
)
def test_what_to_do_instead(line: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Another program's command line is not covered; the message says what to write instead."""
    Path("Dockerfile").write_text("FROM scratch\n")
    assert main(["explain", "--", line]) == 6
    assert hint in capsys.readouterr().err


def test_what_explains_a_refusal_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    """The finding about the refused line stands above a finding about what would run."""
    Path("Dockerfile").write_text('FROM scratch\nEXPOSE 80 # web\nCMD ["/a"] # start\n')
    assert main(["explain"]) == 3
    out = capsys.readouterr().out
    assert out.index("Dockerfile:2:11: LEX-11") < out.index("Dockerfile:3:12: FORM-2")


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("FROM scratch\nCMD a\n", 'What runs, if the image contains "/bin/sh" ('),
        ("FROM scratch\nCOPY app /bin/\nCMD a\n", "What runs ("),
        ('FROM scratch\nCMD ["/a"]\n', 'What runs, if the image contains "/a" ('),
        ("FROM debian\nCMD a\n", "What runs ("),
    ],
)
def test_the_first_line_has_what_no_copy_brings(
    text: str, head: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It does not contradict the finding that there is no shell."""
    Path("Dockerfile").write_text(text)
    assert main(["explain", "--base", "debian={}"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(head)
    assert ("Nothing runs unless the image contains" in out) == (", if" in head)


@pytest.mark.parametrize("option", ["--init", "--init=true", ""])
def test_an_init_process(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With `--init` it is process 1, and a shell ends by the signal that it receives."""
    Path("Dockerfile").write_text("FROM debian\nCMD a; b\n")
    assert main(["explain", "--base", "debian={}", "--", "docker", "run", *option.split(), "IMAGE"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert ("Process 1 is an init process (--init)" in out) == bool(option)
    assert ("Then SIGTERM ends the shell" in out) == bool(option)
    assert ("may stay process 1" in out) == (not option)


def test_the_command_of_podman(capsys: pytest.CaptureFixture[str]) -> None:
    """For an engine of Podman, the commands are those of its client."""
    Path("Dockerfile").write_text("FROM debian\nENTRYPOINT a; b\n")
    Path("none").write_text("FROM debian\nRUN docker run x\n")
    for words in (["explain"], ["check", "."], ["explain", "none"], ["diff", "none", "Dockerfile"]):
        main([*words, "--base", "debian={}", "--dialect", "podman-5.4.2"])
        out = capsys.readouterr().out
        assert "podman run" in out or "podman stop" in out
        assert "docker run" not in out
        assert "docker stop" not in out
    main(["explain", "none", "--base", "debian={}"])
    assert "docker run exits with" in capsys.readouterr().out
