"""Variables in the exec form (LEX-29): which are reported, and what a real shell does with the fixes."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from cmdpoint.bases.result import certain
from cmdpoint.findings.find import findings
from cmdpoint.findings.finding import Finding
from cmdpoint.oracle.case import Case, Image, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from tests.unit.shells import SHELLS, write_program

pytestmark = pytest.mark.slow


@pytest.fixture
def program(tmp_path: Path) -> str:
    """The path of a program that prints its arguments."""
    return write_program(tmp_path)


def found(lines: str) -> list[Finding]:
    """The findings of LEX-29 and FORM-1 about a Dockerfile on Debian."""
    case = Case((Image("Dockerfile", f"FROM debian\n{lines}\n"),))
    answer = certain(case, Dialect.newest(), {"debian": ImageConfig()})
    every = findings(case, Dialect.newest(), answer, most=None)
    return [each for each in every if each.rule in ("LEX-29", "FORM-1")]


@pytest.mark.parametrize(
    "words",
    [
        *(
            ["awk", "{print $NF}", "f"],
            ["busybox", "awk", "{print $NF}"],
            ["awk", "-F", ":", "{print $HOME}"],
        ),
        *(["mongo", "--eval", "db.x.find({$gt: 1})"], ["python3.12", "-c", "print('$HOME')"]),
        *(["perl", "-lne", "print $ENV", "f"], ["tini", "--", "jq", "$ENV.HOME"], ["sed", "-n", "$p", "f"]),
        *(["gosu", "app", "php", "-r", "echo $argc;"], ["envsubst", "$HOST $PORT"], ["grep", "a$b"]),
        *(["unknown", ".a as $X | $X"], ["serve", "--password", "pa$word"], ["serve", "$2y$10$abcDEF"]),
        *(["find", ".", "-exec", "rm", "{}", ";"], ["serve", "costs 5$"], ["node", "-e", "$HOME"]),
        ["serve", '"$HOME"'],
    ],
)
def test_text_of_another_language(words: Sequence[str]) -> None:
    """A `$` that has its own meaning for the program is not reported."""
    assert found(f"CMD {json.dumps(words)}") == []


@pytest.mark.parametrize(
    ("words", "passed"),
    [
        (["$WORD"], ["value"]),
        (["--port=${PORT:-8000}", "a b", "it's", "$5"], ["--port=8000", "a b", "it's", "$5"]),
        (["Hello $WORD, you & 5?"], ["Hello value, you & 5?"]),
        (["$OPTIONS", "$EMPTY", "*"], ["-a", "-b", "*"]),
        (["http://$WORD:80/?a=1&b=${WORD}", "~"], ["http://value:80/?a=1&b=value", "~"]),
        (["${EMPTY:-a  b}"], ["a  b"]),
        (["$(echo a b)"], ["a", "b"]),
        (["$word"], ["lower"]),
        (['{"a": "$DECLARED", "b": "\\\\`$"}'], ['{"a": "known", "b": "\\\\`$"}']),
    ],
)
@pytest.mark.parametrize("keyword", ["CMD", "ENTRYPOINT"])
def test_the_fix(keyword: str, words: list[str], passed: list[str], program: str) -> None:
    """A shell gives the program the value of the variables, and the other words unchanged."""
    (finding,) = found(f"ENV DECLARED=known\n{keyword} {json.dumps([program, *words])}")
    assert finding.rule == "LEX-29"
    assert finding.fix is not None
    behind = ("--more", "a b") if keyword == "ENTRYPOINT" else ()
    variables = {"WORD": "value", "OPTIONS": "-a -b", "EMPTY": "", "word": "lower", "DECLARED": "known"}
    for shell in SHELLS:
        argv = [shell, *finding.fix.words[1:], *behind]
        done = subprocess.run(argv, capture_output=True, check=True, timeout=10, env=variables)
        assert json.loads(done.stdout) == [*passed, *behind]


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ('CMD ["serve", "$(PORT)"]', "LEX-29"),
        ('ENTRYPOINT ["serve", "a", "&&", "b"]', "FORM-1"),
        ('ENTRYPOINT ["/entry.sh"]\nCMD ["$PORT"]', "LEX-29"),
    ],
)
def test_no_fix(lines: str, rule: str) -> None:
    """A notation of Kubernetes, arguments that would be lost, and a part of a command have only advice."""
    (finding,) = found(lines)
    assert (finding.rule, finding.fix) == (rule, None)
    assert "sh -c" in finding.advice
