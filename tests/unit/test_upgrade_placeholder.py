"""The Dockerfile that `upgrade --verify` builds instead of the user's."""

import pytest

from cmdpoint.oracle import Dialect, ImageConfig, Process, Refusal
from cmdpoint.oracle.case import Case, Image
from cmdpoint.oracle.predict import predict
from cmdpoint.upgrade.placeholder import EngineResult, omitted, placeholder, without_files, without_front_end
from cmdpoint.upgrade.verification import Verification
from cmdpoint.upgrade.verification_text import render

BUILDKIT = Dialect.from_name("docker-28.5.2")
CLASSIC = Dialect.from_name("docker-28.5.2/classic")


def test_instructions_that_need_files_become_blank_lines() -> None:
    """All lines of such an instruction become blank, so the other instructions do not move."""
    text = "FROM a\nRUN x \\\n  # c\n  y\nWORKDIR /app\nCOPY --from=b a b\nCMD x\nADD y z"
    assert without_files(text, BUILDKIT) == "FROM a\n\n\n\n\n\nCMD x\n"


def test_a_here_document_remains() -> None:
    """It needs no files. Only BuildKit can run one without a network."""
    text = "FROM a\nRUN <<E cat\nx\nE\nCOPY <<E /e\ny\nE\nCMD x\n"
    assert without_files(text, BUILDKIT) == text.replace("RUN", "RUN --network=none")
    assert without_files(text, CLASSIC) == "FROM a\n\n\n\nCOPY <<E /e\ny\nE\nCMD x\n"


def test_another_front_end_is_not_used() -> None:
    """The other directives remain at the top, and the instructions do not move."""
    text = "# syntax=docker/dockerfile:1\n# escape=`\n\nFROM a\n# syntax=x\n"
    assert without_front_end(text) == "# escape=`\n\n\nFROM a\n# syntax=x\n"


def test_a_placeholder_for_a_base() -> None:
    """It has the given config, but no trigger that needs files."""
    config = ImageConfig(("/e",), ("é",), ("/bin/bash", "-c"), ("CMD x", "run y", "COPY . ."))
    assert placeholder(config) == (
        'FROM probe\nSHELL ["/bin/bash", "-c"]\nENTRYPOINT ["/e"]\nCMD ["\\u00e9"]\nONBUILD CMD x\n'
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            'FROM a\nCOPY --chmod=755 x /x\nCMD ["x"]\n',
            "line 2, which is predicted to be refused, was left out",
        ),
        ('FROM a\nCMD ["x"]\n', ""),
        ("FROM a\nONBUILD\n", ""),
        ("FROM b\n", "a trigger that line 1 runs, and that is predicted to be refused, was left out"),
    ],
)
def test_what_is_left_out_is_not_compared(text: str, reason: str) -> None:
    """A build without an instruction cannot show that the instruction is refused."""
    old = Dialect.from_name("docker-20.10.24/classic")
    bases = {"a": ImageConfig(), "b": ImageConfig(on_build=("COPY --chmod=755 x /x",))}
    prediction = predict(Case((Image("i", text),)), old, bases)
    assert omitted(text, prediction.outcome, old, bases) == reason
    if reason:
        assert isinstance(prediction.outcome, Refusal)
        observed = EngineResult(prediction, ImageConfig(cmd=("x",)), Process(("x",)), reason)
        assert observed.agrees is None


def test_the_text_of_what_is_not_compared() -> None:
    """It is no divergence, and it is counted."""
    refused = Refusal("build", "unknown-flag", "no --chmod", 2)
    verdict = Verification(
        "f", None, BUILDKIT, None, (refused, refused), (ImageConfig(), Process(("x",))), "line 2 was left out"
    )
    text = " ".join(render([verdict]).split())
    assert "agreed with 0 of 1 predictions. 1 could not be compared." in text
    assert "f is not compared on docker-28.5.2/buildkit line 2 was left out predicted" in text
    assert "diverges" not in text
