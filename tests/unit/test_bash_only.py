"""`source` and `[[` in a text for /bin/sh (EXEC-20), compared with the dash and bash of this machine."""

import shutil
import subprocess
from pathlib import Path

import pytest

from cmdpoint.bases.result import certain
from cmdpoint.findings.find import findings
from cmdpoint.findings.finding import Finding
from cmdpoint.oracle.case import Case, Image
from cmdpoint.oracle.dialect.dialect import Dialect


def found(dockerfile: str) -> list[Finding]:
    """The findings of EXEC-20 about a Dockerfile whose base is not known."""
    case = Case((Image("Dockerfile", dockerfile),))
    answer = certain(case, Dialect.newest(), {})
    every = findings(case, Dialect.newest(), answer, most=None)
    return [each for each in every if each.rule == "EXEC-20"]


def runs(shell: str, text: str) -> bool:
    """Whether a shell runs a text to its end."""
    done = subprocess.run([shell, "-c", text], capture_output=True, check=False, timeout=10)
    return done.returncode == 0 and not done.stderr


@pytest.mark.parametrize(
    "text",
    [
        *("source F && true", "true; source F", "if true; then source F; fi", "source 'F' && source \"F\""),
        *("X=1 source F # a", "! false && source F"),
    ],
)
def test_the_fix_runs_in_dash(text: str, tmp_path: Path) -> None:
    """Dash does not find the command, and runs the fix."""
    file = tmp_path / "file"
    file.write_text("true\n")
    text = text.replace("F", str(file))
    (finding,) = found(f"FROM debian\nCMD {text}\n")
    assert finding.message.startswith("the sh of debian is dash, which has no 'source'")
    assert finding.weight == 1
    assert finding.fix is not None
    fixed = finding.fix.words[-1]
    assert "source" not in fixed
    assert runs(shutil.which("bash") or "bash", text)
    assert runs(shutil.which("bash") or "bash", fixed)
    if dash := shutil.which("dash"):
        assert not runs(dash, text)
        assert runs(dash, fixed)


@pytest.mark.parametrize(
    "text", ["[[ -f /x ]] && a", "source activate", "source /x/activate env", "source $X"]
)
def test_no_fix(text: str) -> None:
    """`.` is no help for `[[`, and may not find the file, or ignore its arguments."""
    (finding,) = found(f"FROM ubuntu:24.04\nCMD {text}\n")
    assert finding.fix is None
    assert "run bash" in finding.advice


@pytest.mark.parametrize(
    ("base", "weights"),
    [
        *(("debian", [1]), ("docker.io/library/python:3.12-slim", [1]), ("ubuntu:24.04", [1])),
        *(("other", [5]), ("quay.io/a/python", [5]), ("$BASE", [5]), ("a/ubuntu", [5])),
        *(("alpine", []), ("python:3-alpine", []), ("fedora:41", []), ("quay.io/centos/centos:9", [])),
    ],
)
def test_the_shell_of_the_base(base: str, weights: list[int]) -> None:
    """It is an error if the shell is known to be dash, and a warning if it is not known."""
    lines = 'CMD ["/bin/sh", "-c", "source /x/y; a"]'
    assert [each.weight for each in found(f"ARG BASE=a\nFROM {base}\n{lines}\n")] == weights
    staged = f"ARG BASE=a\nFROM {base} AS b\nRUN a\nFROM b AS c\nFROM scratch\nFROM c\n{lines}\n"
    assert [each.weight for each in found(staged)] == weights


@pytest.mark.parametrize(
    "lines",
    [
        *("RUN ln -sf bash /bin/sh\nCMD source /x", 'SHELL ["/bin/bash", "-c"]\nCMD source /x/y'),
        *(
            'CMD ["bash", "-c", "source /x"]',
            "CMD echo source /x/y",
            "CMD echo 'a; source /x/y'",
            "CMD . /x/y",
        ),
    ],
)
def test_no_finding(lines: str) -> None:
    """Another shell has the command, and a word is not one."""
    assert found(f"FROM debian\n{lines}\n") == []
