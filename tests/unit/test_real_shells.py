"""What the findings of EXEC-22 say about a text, compared with what the shells of this machine do with it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmdpoint.bases.result import certain
from cmdpoint.findings.find import findings
from cmdpoint.findings.finding import Finding
from cmdpoint.findings.shell_text import last_command, uses_parameters
from cmdpoint.oracle.case import Case, Image, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from tests.unit.shells import SHELLS, write_program

pytestmark = pytest.mark.slow

PRINTS_ID = """import os
import sys

print(os.getpid(), flush=True)
sys.stdout.close()
"""


@pytest.fixture
def program(tmp_path: Path) -> str:
    """The path of a program that prints its process id."""
    return write_program(tmp_path, PRINTS_ID)


def becomes_the_program(shell: str, text: str) -> bool | None:
    """Whether the shell replaces itself with the program; None if the program does not run."""
    process = subprocess.Popen([shell, "-c", text], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out = process.communicate(timeout=30)[0]
    return int(out) == process.pid if out else None


def found(text: str) -> list[Finding]:
    """The findings of EXEC-22 about a CMD with this text."""
    case = Case((Image("Dockerfile", f"FROM debian\nCMD {text}\n"),))
    dialect = Dialect.newest()
    answer = certain(case, dialect, {"debian": ImageConfig()})
    return [each for each in findings(case, dialect, answer, most=None) if each.rule == "EXEC-22"]


def rewritten(text: str) -> Iterator[str]:
    """The texts in shell form that the fixes propose."""
    for each in found(text):
        if each.fix is not None and not each.fix.text.startswith("CMD ["):
            yield each.fix.words[-1]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "X=1 P",
            "X=1 Y='a b' P",
            "true && P",
            "true; P",
            "true && X=1 P",
            ">&2 true; P",
            "P $X",
            "P # a; b",
        ),
        *(
            "echo 'a | b' >&2 && P",
            'echo "$(echo "a|b")" >&2; P',
            "P 2>&1",
            "true | cat && P",
            "true & P",
            "P;",
        ),
        *("exec X=1 P", "true && exec X=1 Y=2 P", "P a > /dev/stdout &", "true && P &", "X=1 P &"),
    ],
)
def test_a_fix_makes_the_program_process_1(text: str, program: str) -> None:
    """With the text of the fix, every shell becomes the program; with the text itself, none or not all do."""
    text = text.replace("P", program)
    fixed = list(rewritten(text))
    assert len(fixed) == 1
    for shell in SHELLS:
        assert becomes_the_program(shell, fixed[0])


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("exec true | exec P", "exec does not help in a pipeline"),
        ("P & wait", "start the program with exec"),
        ("P || true", "start the program with exec"),
        ("if true; then P; fi", "start the program with exec"),
        ("(P)", "start the program with exec"),
        ("case a in a) P;; esac", "start the program with exec"),
    ],
)
def test_no_place_for_exec(text: str, advice: str, program: str) -> None:
    """Where no place for exec is certain, there is no fix."""
    text = text.replace("P", program)
    (finding,) = found(text)
    assert finding.fix is None
    assert finding.advice.startswith(advice)
    # bash and newer releases of dash replace themselves also with the last program of some of these.
    assert not becomes_the_program(SHELLS[-1], text) or not text.startswith("exec")


@pytest.mark.parametrize("text", ["exec P", "X=1 exec P", "true; exec P;", "true && exec P > /dev/stdout"])
def test_no_finding_if_the_program_is_process_1(text: str, program: str) -> None:
    """There is nothing to say about a text in which every shell becomes the program."""
    text = text.replace("P", program)
    assert found(text) == []
    assert {becomes_the_program(shell, text) for shell in SHELLS} == {True}


@pytest.mark.parametrize("text", ["sleep 5 &", "true; sleep 5 &", "X=1 sleep 5 & # a"])
def test_a_shell_does_not_wait(text: str) -> None:
    """The shell ends before its last command, which is an error."""
    assert [(each.weight, "does not wait" in each.message) for each in found(text)] == [(1, True)]
    for shell in SHELLS:
        subprocess.run([shell, "-c", text], stdout=subprocess.DEVNULL, check=True, timeout=3)


def test_an_assignment_behind_exec_fails(program: str) -> None:
    """The shell takes the assignment for the program."""
    text = f"exec PORT=80 {program}"
    (finding,) = found(text)
    assert "takes 'PORT=80' for the name of the program" in finding.message
    assert {becomes_the_program(shell, text) for shell in SHELLS} == {None}


@pytest.mark.parametrize("text", ["trap 'kill $!' TERM; serve & wait $!", "exit 3", "X=1"])
def test_no_finding_without_a_program_or_with_a_trap(text: str) -> None:
    """A text that handles signals is not reported, nor one without a program."""
    assert found(text) == []


@pytest.mark.parametrize("text", ["a '", 'a "', "a $(b", "a `b", "a )", "cat <<X", "", ";", "a ${x"])
def test_a_text_that_is_not_understood(text: str) -> None:
    """No place in such a text is the last command."""
    assert last_command(text).kind == "unknown"


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        *(
            ('exec a "$@"', True),
            ("a $#", True),
            ("a ${1:-x}", True),
            ("shift; a", True),
            ("for x; do a; done", True),
        ),
        *(("a $HOME", False), ("for x in a; do b; done", False), ("shifted", False), ("a ${x}", False)),
    ],
)
def test_whether_a_text_uses_its_parameters(text: str, uses: bool) -> None:
    """Not only `$1`, but also `shift` and a loop without words read the words behind the text."""
    assert uses_parameters(text) == uses


@pytest.mark.parametrize(
    ("entrypoint", "phrases"),
    [
        ('["tini", "--"]', ["may stay in front of the program. Then SIGTERM ends the shell"]),
        ('["/usr/bin/dumb-init", "--"]', []),
        ('["/usr/bin/dumb-init", "-c", "--"]', ["may stay in front of the program"]),
        ('["tini", "-g", "--"]', []),
        ('["/entry.sh"]', ["If it execs its arguments, the shell may stay process 1"]),
    ],
)
def test_an_init_process_in_front(entrypoint: str, phrases: list[str]) -> None:
    """It forwards a signal to its child alone, or to all processes; then nothing is wrong."""
    case = Case((Image("Dockerfile", f"FROM debian\nENTRYPOINT {entrypoint}\nCMD a; b\n"),))
    answer = certain(case, Dialect.newest(), {"debian": ImageConfig()})
    messages = [each.message for each in findings(case, Dialect.newest(), answer)]
    assert len(messages) == len(phrases)
    assert all(phrase in message for phrase, message in zip(phrases, messages, strict=True))


@pytest.mark.parametrize(
    ("lines", "fix"),
    [
        ('CMD ["sh", "-c", "a & b"]', 'CMD ["sh", "-c", "a & exec b"]'),
        ('CMD ["sh", "-c", "serve -p 80"]', 'CMD ["serve", "-p", "80"]'),
        ('CMD ["sh", "-c", "serve &"]', 'CMD ["serve"]'),
        ('CMD ["bash", "-lc", "serve"]', 'CMD ["bash", "-lc", "exec serve"]'),
        ('ENTRYPOINT ["sh", "-c", "a \\"$@\\"", "--"]', 'ENTRYPOINT ["sh", "-c", "exec a \\"$@\\"", "--"]'),
        ('ENTRYPOINT ["sh", "-c"]\nCMD ["a && b"]', 'CMD ["a && exec b"]'),
        ('ENTRYPOINT ["/entry.sh"]\nCMD ["sh", "-c", "a; b"]', 'CMD ["sh", "-c", "a; exec b"]'),
        ('CMD ["sh", "-c", "exec a"]', None),
        ('CMD ["sh", "script.sh"]', None),
        ('CMD ["pwsh", "-command", "a; b"]', None),
    ],
)
def test_a_shell_in_exec_form(lines: str, fix: str | None) -> None:
    """It does not matter whether a shell comes from the shell form or from an array."""
    case = Case((Image("Dockerfile", f"FROM debian\n{lines}\n"),))
    answer = certain(case, Dialect.newest(), {"debian": ImageConfig()})
    messages = findings(case, Dialect.newest(), answer, most=None)
    fixes = [each.fix and each.fix.text for each in messages if each.rule == "EXEC-22"]
    assert fixes == ([] if fix is None else [fix])
