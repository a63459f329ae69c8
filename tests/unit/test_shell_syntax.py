"""Texts that no shell can read (EXEC-20), compared with the shells of this machine."""

import subprocess

import pytest

from cmdpoint.findings.shell_syntax import syntax_error
from tests.unit.shells import SHELLS


def is_read(shell: str, text: str) -> bool:
    """Whether a shell can read a text, which it does not run."""
    return subprocess.run([shell, "-nc", text], capture_output=True, check=False, timeout=10).returncode == 0


@pytest.mark.parametrize(
    ("text", "part"),
    [
        *(("a &&", "no command follows '&&'"), ("a || # b", "follows '||'"), ("a | \n", "follows '|'")),
        *(
            ("if a; then b; fi &&", "follows '&&'"),
            ("a;; b", "in front of ';'"),
            ("&& a", "in front of '&&'"),
        ),
        *(("; a", "in front of ';'"), ("a && ; b", "in front of ';'"), ("a & && b", "in front of '&&'")),
        *(
            ("echo 'open", "a quote is not closed"),
            ('echo "a', "a quote is"),
            ("a && echo it's", "a quote is"),
        ),
    ],
)
def test_a_syntax_error(text: str, part: str) -> None:
    """The message says where the fault is, and every shell refuses the text."""
    wrong = syntax_error(text)
    assert wrong is not None
    assert part in wrong[0].replace("';;'", "';'")
    assert [shell for shell in SHELLS if is_read(shell, text)] == []


@pytest.mark.parametrize(
    "text",
    [
        *("a", "a;", "a &", "a && b # it's", "a &&\n b", "case a in a) b;; esac", "a; # b", "f() { a; }; f"),
        *(
            "if a; then b; fi",
            'echo "it\'s"',
            "a & b",
            "for x in a; do b; done",
            "cat <<X\nit's\nX",
            "\n a\n",
        ),
        *("echo $((1 << 2))", "(a; b) && c", "a || { b; c; }", "! a", "echo a\\;b ';;' \";\"", "a 2>&1 | b"),
        *("while a; do b; done & c", "echo `a; b`", "echo $(a && b)", "trap 'a; b' TERM; c & wait", "a >&2"),
    ],
)
def test_no_syntax_error(text: str) -> None:
    """What a shell reads is not reported."""
    assert syntax_error(text) is None
    assert [shell for shell in SHELLS if not is_read(shell, text)] == []
