"""The first word behind a script, which is `$0` (EXEC-21), compared with what real shells do."""

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from cmdpoint.bases.result import certain
from cmdpoint.findings.find import findings
from cmdpoint.findings.finding import Finding
from cmdpoint.findings.shell_text import with_parameters
from cmdpoint.oracle.case import Case, Image, ImageConfig
from cmdpoint.oracle.clients.docker_run import command_line
from cmdpoint.oracle.dialect.dialect import Dialect
from tests.unit.shells import SHELLS, write_program

pytestmark = pytest.mark.slow


@pytest.fixture
def program(tmp_path: Path) -> str:
    """The path of a program that prints its arguments."""
    return write_program(tmp_path)


def found(dockerfile: str, *arguments: str) -> list[Finding]:
    """The findings of EXEC-21 about a Dockerfile."""
    case = Case((Image("Dockerfile", dockerfile),), command_line(None, arguments))
    answer = certain(case, Dialect.newest(), {"debian": ImageConfig()})
    every = findings(case, Dialect.newest(), answer, most=None)
    return [each for each in every if each.rule == "EXEC-21"]


def printed(argv: Sequence[str]) -> list[str]:
    """The arguments that the program gets."""
    words: list[str] = json.loads(subprocess.run(argv, capture_output=True, check=True, timeout=10).stdout)
    return words


@pytest.mark.parametrize(
    ("entrypoint", "text"),
    [
        ('ENTRYPOINT ["sh", "-c", "P -jar $@"]', "P -jar $@"),
        ('ENTRYPOINT ["bash", "-ec", "exec P -jar \\"$@\\""]', 'exec P -jar "$@"'),
        ('ENTRYPOINT ["tini", "--", "sh", "-c", "P -jar $1 $2"]', "P -jar $1 $2"),
        ('ENTRYPOINT P -jar "$@"', 'P -jar "$@"'),
    ],
)
def test_the_first_word_is_lost(entrypoint: str, text: str, program: str) -> None:
    """The program does not get it, and with the fix it does."""
    line, text = (re.sub(r"\bP\b", program, each) for each in (entrypoint, text))
    (finding,) = found(f'FROM debian\n{line}\nCMD ["--a", "--b"]\n')
    assert finding.weight == 3
    assert finding.message.startswith("the program does not get '--a'")
    assert finding.fix is not None
    words = finding.fix.words
    assert words[-1] in ("sh", "bash")
    for shell in SHELLS:
        assert printed([shell, "-c", text, "--a", "--b"]) == ["-jar", "--b"]
        assert printed([shell, "-c", *words[-2:], "--a", "--b"]) == ["-jar", "--a", "--b"]


@pytest.mark.parametrize(
    ("lines", "arguments", "weights"),
    [
        ('ENTRYPOINT ["sh", "-c", "a $@"]', (), [5]),
        ('ENTRYPOINT ["sh", "-c", "a $@"]', ("--x",), [1]),
        ('ENTRYPOINT ["sh", "-c", "a $@"]\nCMD ["sh", "--x"]', (), []),
        ('ENTRYPOINT ["sh", "-c", "a $@", "--"]', ("--x",), []),
        ('ENTRYPOINT ["sh", "-c", "a $0 $@"]', ("--x",), []),
        ('SHELL ["fish", "-c"]\nENTRYPOINT a "$@"', ("--x",), []),
        ('CMD ["sh", "-c", "a $@"]', (), []),
    ],
)
def test_how_serious_it_is(lines: str, arguments: Sequence[str], weights: Sequence[int]) -> None:
    """It is an error if a word of the command line is lost, and nothing if there is a word for `$0`."""
    assert [each.weight for each in found(f"FROM debian\n{lines}\n", *arguments)] == weights


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        *(("P", ["--a"]), ("exec P b; ", ["b", "--a"]), ("true && P # c", ["--a"]), ("P 2>&1", ["--a"])),
        ("X=1 P 'a b'", ["a b", "--a"]),
    ],
)
def test_parameters_are_added(text: str, passed: Sequence[str], program: str) -> None:
    """The last command gets them, whatever stands behind it."""
    text = re.sub(r"\bP\b", program, text)
    more = with_parameters(text)
    assert more is not None
    for shell in SHELLS:
        assert printed([shell, "-c", more, "sh", "--a"]) == passed


@pytest.mark.parametrize("text", ["a &", "a | b", "a || b", "if a; then b; fi", "cd /", "a \\ ", "a '"])
def test_no_place_for_parameters(text: str) -> None:
    """Where it is not certain which program should get them, there is no fix."""
    assert with_parameters(text) is None
