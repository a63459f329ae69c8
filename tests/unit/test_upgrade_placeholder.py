"""The Dockerfile that `upgrade --verify` builds instead of the user's."""

from cmdpoint.oracle import Dialect, ImageConfig
from cmdpoint.upgrade.placeholder import placeholder, without_files, without_front_end

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
