"""Findings about `sh -c` in exec form, held against what the shells of this machine do with the words."""

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from cmdpoint.bases.result import Certain, certain
from cmdpoint.findings.find import findings
from cmdpoint.findings.finding import Finding
from cmdpoint.oracle.case import Case, Image, ImageConfig
from cmdpoint.oracle.clients.docker_run import command_line
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Process
from tests.unit.shells import SHELLS, write_program

pytestmark = pytest.mark.slow


def explained(dockerfile: str, *arguments: str) -> tuple[Certain, list[Finding]]:
    """What is predicted for a Dockerfile, and the findings."""
    case = Case((Image("Dockerfile", dockerfile),), command_line(None, arguments))
    dialect = Dialect.newest()
    answer = certain(case, dialect, {"debian": ImageConfig()})
    return answer, findings(case, dialect, answer, most=None)


def printed(dockerfile: str, shell: str) -> list[str] | None:
    """The arguments that the program gets from a real shell; None if it does not run."""
    outcome = explained(dockerfile)[0].prediction.outcome
    assert isinstance(outcome, Process)
    argv = [shell if word == "sh" else word for word in outcome.argv if word not in ("tini", "--")]
    done = subprocess.run(
        argv, capture_output=True, text=True, check=False, timeout=30, stdin=subprocess.DEVNULL
    )
    words: list[str] | None = json.loads(done.stdout) if done.stdout else None
    return words


@pytest.mark.parametrize(
    ("lines", "all_words"),
    [
        ('ENTRYPOINT ["sh", "-c"]\nCMD P main:app --port', ["main:app", "--port"]),
        ('ENTRYPOINT ["sh", "-c"]\nCMD ["P", "main:app", "a b"]', ["main:app", "a b"]),
        ('ENTRYPOINT ["tini", "--", "sh", "-ec"]\nCMD ["P", "${X:-8000}"]', ["8000"]),
        ('CMD ["sh", "-c", "P", "app.py"]', ["app.py"]),
        ('ENTRYPOINT ["sh", "-c", "P", "a", "&&", "true"]', ["a"]),
    ],
)
def test_the_fix_gives_the_program_all_words(lines: str, all_words: Sequence[str], tmp_path: Path) -> None:
    """With the Dockerfile, a real shell drops words; with the fix, the program gets them."""
    dockerfile = re.sub(r"\bP\b", write_program(tmp_path), f"FROM debian\n{lines}\n")
    (finding,) = explained(dockerfile)[1]
    assert finding.weight == 1
    assert finding.fix is not None
    assert finding.line is not None
    text = dockerfile.split("\n")
    text[finding.line - 1] = finding.fix.text
    for shell in SHELLS:
        assert printed(dockerfile, shell) in (None, [])
        assert printed("\n".join(text), shell) == all_words


@pytest.mark.parametrize(
    "lines",
    [
        'CMD ["sh", "-c", "exec a"]',
        'CMD ["sh", "-c", "exec a", "sh"]',
        'ENTRYPOINT ["sh", "-c", "exec a \\"$@\\"", "--"]\nCMD ["b", "c"]',
        'CMD ["sh", "-c", "for x; do echo $x; done", "sh", "a", "b"]',
        'ENTRYPOINT ["/entry.sh"]\nCMD ["sh", "-c", "exec a"]',
    ],
)
def test_no_word_is_lost(lines: str) -> None:
    """A script that uses its parameters, and one name for $0, lose nothing."""
    found = explained(f"FROM debian\n{lines}\n")[1]
    assert [each for each in found if each.rule != "EXEC-22"] == []


@pytest.mark.parametrize(
    ("lines", "arguments", "messages"),
    [
        ('ENTRYPOINT ["sh", "-c"]\nCMD ["-v"]', (), ["'-v' follows '-c', so the shell reads it"]),
        ('ENTRYPOINT ["sh", "-c", "exec a"]\nCMD ["b"]', (), ["the program does not get 'b'"]),
        ('ENTRYPOINT ["sh", "-c", "exec a"]\nCMD ["b"]', ("c", "d"), ["the program does not get 'c', 'd'"]),
        ('ENTRYPOINT ["sh", "-c", "exec a"]', (), ["arguments of `docker run` do not reach the program"]),
        ('ENTRYPOINT ["sh", "-c"]\nCMD ["exec a"]', (), ["arguments of `docker run` replace CMD"]),
        ('ENTRYPOINT ["tini", "sh", "-c"]\nCMD ["a b"]', ("c", "d"), ["the arguments replace CMD"]),
        ('ENTRYPOINT ["sh", "-c"]\nCMD ["a b"]', ("c d",), []),
        ('ENTRYPOINT ["sh", "-c"]\nCMD a &', (), ["the script of sh -c is '/bin/sh' alone"]),
    ],
)
def test_what_is_said(lines: str, arguments: Sequence[str], messages: Sequence[str]) -> None:
    """Each loss is reported once, for the words that are lost in this case."""
    found = explained(f"FROM debian\n{lines}\n", *arguments)[1]
    assert [message for each in found for message in messages if each.message.startswith(message)] == messages
    assert len(found) == len(messages)


def test_the_shell_of_an_unknown_base() -> None:
    """A shell form puts a SHELL in front, whatever it is: only its first word is the script."""
    found = explained('FROM other\nENTRYPOINT ["/bin/bash", "-c"]\nCMD python app.py\n')[1]
    assert [(each.rule, each.fix and each.fix.text) for each in found] == [
        ("MERGE-2", 'CMD ["python app.py"]')
    ]
