"""A whole command in one string of the exec form (EXEC-1, FORM-1), also behind programs that execute it."""

import shutil
import subprocess

import pytest

from cmdpoint.bases.result import certain
from cmdpoint.findings.find import findings
from cmdpoint.findings.wrappers import program_at
from cmdpoint.oracle.case import Case, Image, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect


def found(lines: str, base: str = "debian") -> list[tuple[int, str, str | None]]:
    """The weight, rule and fix of each error, warning or note about a program's name."""
    case = Case((Image("Dockerfile", f"FROM {base}\n{lines}\n"),))
    answer = certain(case, Dialect.newest(), {"debian": ImageConfig()})
    every = findings(case, Dialect.newest(), answer, most=None)
    return [(each.weight, each.rule, each.fix.text if each.fix else None) for each in every]


@pytest.mark.parametrize(
    ("lines", "weight", "fix"),
    [
        ('CMD ["node server.js"]', 1, 'CMD ["node", "server.js"]'),
        ('ENTRYPOINT ["tini", "--"]\nCMD ["node server.js"]', 1, 'CMD ["node", "server.js"]'),
        ('ENTRYPOINT ["/sbin/tini", "-p", "SIGTERM"]\nCMD ["hello world"]', 1, 'CMD ["hello", "world"]'),
        ('ENTRYPOINT ["dumb-init", "node server.js"]', 1, 'ENTRYPOINT ["dumb-init", "node", "server.js"]'),
        ('ENTRYPOINT ["gosu", "app"]\nCMD ["node x.js", "a b"]', 1, 'CMD ["node", "x.js", "a b"]'),
        ('CMD ["a b && c", "d e"]', 1, """CMD ["/bin/sh", "-c", "a b && c 'd e'"]"""),
        ('ENTRYPOINT ["docker-entrypoint.sh"]\nCMD ["node server.js"]', 5, 'CMD ["node", "server.js"]'),
        ('ENTRYPOINT ["/run.sh"]\nCMD ["node /app/x"]', 7, 'CMD ["node", "/app/x"]'),
    ],
)
def test_a_command_in_one_string(lines: str, weight: int, fix: str) -> None:
    """It is an error if the string is the program, and a warning or a note if that is likely."""
    assert [each for each in found(lines) if each[1] == "EXEC-1"] == [(weight, "EXEC-1", fix)]


def test_an_unknown_base() -> None:
    """It may have no ENTRYPOINT, or one that executes its arguments."""
    assert found('CMD ["node server.js"]', "other") == [(5, "EXEC-1", 'CMD ["node", "server.js"]')]


@pytest.mark.parametrize(
    "lines",
    [
        *('ENTRYPOINT ["echo"]\nCMD ["hello.txt of x.js"]', 'ENTRYPOINT ["/say.sh"]\nCMD ["hello world"]'),
        *(
            'ENTRYPOINT ["nginx", "-g"]\nCMD ["daemon off;"]',
            'ENTRYPOINT ["tini", "--", "echo"]\nCMD ["a b.c"]',
        ),
    ],
)
def test_a_string_with_blanks(lines: str) -> None:
    """It may be an argument."""
    assert found(lines) == []


def test_an_argument_on_an_unknown_base() -> None:
    """A sentence is hardly a command."""
    assert found('CMD ["daemon off;"]', "other") == found('CMD ["hello world"]', "other") == []


@pytest.mark.parametrize(
    ("words", "at"),
    [
        (("a", "b"), 0),
        (("tini", "-v", "-p", "SIGTERM", "-g", "--", "a"), 6),
        (("dumb-init", "--rewrite", "15:3", "a"), 3),
        (("dumb-init", "-c", "gosu", "app:app", "a"), 4),
        (("env", "-i", "-u", "X", "A=1", "B=2", "a", "C=3"), 6),
        (("su-exec", "app"), 2),
        ((), 0),
    ],
)
def test_the_place_of_the_program(words: tuple[str, ...], at: int) -> None:
    """Options, their values, users and assignments stand in front of it."""
    assert program_at(words) == at


@pytest.mark.skipif(shutil.which("env") is None, reason="there is no env")
def test_env_agrees() -> None:
    """The real env executes the word at that place, and does not split it."""
    words = ("env", "-i", "-u", "X", "A=1", "/bin/echo", "a")
    assert words[program_at(words)] == "/bin/echo"
    assert subprocess.run(words, capture_output=True, check=True).stdout == b"a\n"
    assert subprocess.run([*words[:5], "/bin/echo a"], capture_output=True, check=False).returncode == 127
