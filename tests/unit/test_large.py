"""A large Dockerfile: what is blanked decides nothing, and an answer takes seconds, not minutes."""

import time
from pathlib import Path

import pytest

from cmdpoint.__main__ import main
from cmdpoint.bases.essential import essential
from cmdpoint.bases.given import Bases
from cmdpoint.cli.large import lightened
from cmdpoint.conformance.profiles import at_least
from cmdpoint.oracle.case import Case, Image
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.oracle.predict import predict
from cmdpoint.spec.rules import all_rules
from tests.corpus import FOLDER

TEXTS = sorted(
    {
        image.dockerfile
        for rule in all_rules().values()
        for example in rule.examples
        for image in example.case.images
        if isinstance(image, Image) and ("RUN" in image.dockerfile or "COPY" in image.dockerfile)
    }
    | {path.read_text("utf-8") for path in FOLDER.rglob("*ockerfile*") if path.is_file()}
)


@pytest.mark.slow
def test_what_is_blanked_decides_nothing() -> None:
    """Every example of the specification, and every file of the corpus, is predicted the same without it.

    The profile `thorough` compares all dialects, `quick` the newest of each builder.
    """
    newest = {(each.engine, each.builder): each for each in known_dialects()}
    dialects = known_dialects() if at_least("thorough") else newest.values()
    changed = 0
    for text in TEXTS:
        light = lightened(text, 0)
        assert light.count("\n") == text.count("\n")
        changed += light != text
        if light == text:
            continue
        for dialect in dialects:
            one, other = (predict(Case((Image("x", each),)), dialect, Bases({})) for each in (text, light))
            assert one.config == other.config, (text, str(dialect))
            assert agree(one.outcome, other.outcome), (text, str(dialect))
    assert changed > 20


@pytest.mark.parametrize(
    "text",
    [
        "RUN a\nFROM scratch\nCMD a\n",
        "FROM scratch\nRUN a\n",
        "FROM scratch\nCMD a\nENV a=b \\\nRUN c\n",
        "FROM scratch\nCMD a\nRUN cat <<E\nRUN x\nE\n",
        "# escape=`\nFROM scratch\nCMD a\nRUN a `\n b\n",
        "FROM scratch\nCMD a\nRUN --mount=type=cache a\n",
        'FROM scratch\nCMD a\nRUN ["a"]\nCOPY ["a", "b"]\nCOPY a\nCOPY $A b\n',
        "FROM scratch\nCMD a\nENV PATH=/x\nENV A b\nENV C=d\nUSER $C\n",
        'FROM scratch\nCMD a\nENV A=b\nENV B="x $A"\nENV C=/$B:${A}\nWORKDIR $C\n',
        "FROM scratch\nCMD a\nENV A=${B:?no}\nENV A=b\\\\c\nENV A=b B=c\n",
        "FROM scratch\nCMD a\nRUN a \\\n# comment\n b\n",
        "FROM scratch\nCMD a\nRUN a \\",
        "FROM probe AS one\nCMD a\nFROM one\nCMD a\nCOPY a /plain/b\n",
    ],
)
def test_what_stays(text: str) -> None:
    """What a builder may refuse stays, and what may be a part of another instruction."""
    assert lightened(text, 0) == text


def test_a_small_file_stays() -> None:
    """Only large files are changed."""
    text = "FROM scratch\nCMD a\nRUN b\n"
    assert lightened(text) == text
    assert lightened(text, 0) == "FROM scratch\nCMD a\n\n"


def test_a_variable_that_decides_nothing_goes() -> None:
    """A shell replaces the variables of RUN, and no builder does."""
    lines = ["FROM scratch", "CMD a", "ENV A=b", 'ENV B="$A c"', 'LABEL a="b c"', "RUN echo $B"]
    assert lightened("\n".join(lines), 0).split() == ["FROM", "scratch", "CMD", "a"]


def test_the_variables_of_a_base_stay() -> None:
    """A Dockerfile of a chain may use the variables of those in front of it."""
    base = Image("base:1", "FROM scratch\nCMD a\nENV A=b\nENV B=c\n")
    case = essential(Case((base, Image("x", "FROM base:1\nWORKDIR /$A\n"))))
    assert case.images[0] == Image("base:1", "FROM scratch\nCMD a\nENV A=b")


@pytest.mark.slow
@pytest.mark.parametrize("command", [["explain"], ["check"], ["diff", "Dockerfile"]])
def test_a_megabyte(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The answer has the right line; the bound leaves room for a slow and busy machine."""
    monkeypatch.chdir(tmp_path)
    line = "RUN apt-get install -y package && \\\n    echo '1' > /etc/x\nCOPY a.txt /b.txt\nENV A=b\n"
    text = f"FROM node:22\nWORKDIR /app\n{line * (900_000 // len(line))}"
    text += "".join(f'ENV A_{each}="x $A_{each - 1}"\nRUN echo $A_{each}\n' for each in range(3000))
    text += "CMD ['node', 'x.js']\n"
    assert len(text) > 1_000_000
    Path("Dockerfile").write_text(text)
    started = time.process_time()
    main([*command, "Dockerfile"])
    assert time.process_time() - started < 3
    if command != ["diff", "Dockerfile"]:
        assert f"Dockerfile:{text.count(chr(10))}:6: " in capsys.readouterr().out
