"""Texts that begin with `[`: a test that shells evaluate, or a JSON array that is malformed."""

import shutil
import subprocess

import pytest

from cmdpoint.bases.result import certain
from cmdpoint.findings.find import findings
from cmdpoint.findings.shell_tests import is_test
from cmdpoint.oracle.case import Case, Image, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from tests.unit.shells import SHELLS

TESTS = [
    *("[ -f /x ] && true || true", '[ "$A" = "b" ]; true', "[ -f /x ]", '[ ! -d "/a b" ] && true || true'),
    *('[ "$A" ] || true', '[ "$(echo a)" ] && true', "[ `echo a` ] && true", "[ -z '' ]&& true"),
    *('[ "${A:-a, b}" != x ]', "[ 1 -lt 2 -a -n a ]", "[ \\( -n a \\) -o ! -f /x ]", "[ $# -gt 0 ] || true"),
    *("[ -f /x ] 2>/dev/null || true", "[ 1 = 1 ] && { true; }", "[\t-n a ]"),
]
"""Texts that every shell understands."""

ARRAYS = [
    *(
        "[ \"a\", 'b' ]",
        "['a','b']",
        "[ 'a' 'b' ]",
        '[ "a", "b"',
        '[ "a" "b" ]',
        "[ a, b ]",
        "[a]",
    ),
    *(
        "['-f', 'x']",
        '["a"] && true',
        "[ a b ]",
        "[[ 'a', 'b' ]]",
        "[ -f /x",
        "[-f /x ] || a",
    ),
]
"""Texts that no shell understands, or that begin with a program called `[`."""


def status(shell: str, text: str) -> int:
    """The exit status of a text."""
    done = subprocess.run([shell, "-c", text], capture_output=True, check=False, timeout=10)
    return 2 if done.stderr else done.returncode


def rules(text: str) -> list[str]:
    """The rules of the errors about a CMD with a text."""
    case = Case((Image("Dockerfile", f"FROM debian\nCMD {text}\n"),))
    answer = certain(case, Dialect.newest(), {"debian": ImageConfig()})
    return [each.rule for each in findings(case, Dialect.newest(), answer, most=None) if each.weight <= 5]


@pytest.mark.parametrize("text", TESTS)
def test_a_test_is_no_malformed_array(text: str) -> None:
    """A text that shells evaluate is reported neither as an array nor as anything else."""
    assert is_test(text)
    assert rules(text) == []
    assert {status(shell, text) for shell in SHELLS} <= {0, 1}


@pytest.mark.parametrize("text", ARRAYS)
def test_a_malformed_array_is_no_test(text: str) -> None:
    """A text that shells do not understand is reported as an array."""
    assert not is_test(text)
    assert rules(text) in (["FORM-4"], ["FORM-2"])
    assert all(status(shell, text) > 1 for shell in SHELLS)


@pytest.mark.parametrize("text", ["[[ -f /x && -n a ]] || true", '[[ "$A" =~ ^a ]]', '[ "$A" == a ] || true'])
def test_a_test_of_bash(text: str) -> None:
    """Other shells do not understand it, but it is no array."""
    assert is_test(text)
    assert "FORM-4" not in rules(text)
    assert status(shutil.which("bash") or "bash", text) <= 1


@pytest.mark.parametrize(("text", "rule"), [('[ "a" ] && true', "FORM-2"), ('[ "a", ]', "FORM-4")])
def test_an_operand_that_stands_alone(text: str, rule: str) -> None:
    """A shell evaluates a constant, but an array is more likely to be meant."""
    assert not is_test(text)
    assert rules(text) == [rule]
    assert {status(shell, text) for shell in SHELLS} == {0}
