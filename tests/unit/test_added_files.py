"""Whether a program is there after RUN, ADD and COPY: known, or not claimed (STATE-32)."""

import pytest

from cmdpoint.oracle import Case, Dialect, Image, Process, Refusal, predict

ENGINES = ("docker-28.5.2", "docker-28.5.2/classic", "podman-5.4.2")


def outcome(text: str, dialect: str) -> object:
    """What the container of a Dockerfile runs."""
    return predict(Case((Image("image", text),)), Dialect.from_name(dialect)).outcome


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize(
    "instruction",
    [
        "RUN install",
        "ADD Dockerfile /",
        "ADD Dockerfile /work-link/tool",
        "COPY Dockerfile /tool",
        "COPY <<E /tool\nE",
        "COPY --from=one $X /tool",
        "COPY --from=one --chmod=755 /bin/text /tool",
    ],
)
def test_a_start_is_not_refused_where_a_file_may_have_come(instruction: str, dialect: str) -> None:
    """Without the instruction, the program is known to be missing."""
    text = f'FROM probe AS one\nFROM probe\n{instruction}\nCMD ["/tool"]\n'
    before = outcome(text.replace(instruction, "LABEL a=b"), dialect)
    assert isinstance(before, Refusal)
    assert before.kind == "not-found"
    after = outcome(text, dialect)
    assert isinstance(after, Process) or after.phase != "start"  # type: ignore[attr-defined]


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize(
    ("copies", "program", "runs"),
    [
        ("COPY --from=one /bin/a /app", "/app", True),
        ("COPY --from=one /bin/a /app/", "/app/a", True),
        ("WORKDIR /w\nCOPY --from=one /bin/a app", "/w/app", True),
        ("COPY --from=one /bin /tools", "/tools/a", True),
        ("WORKDIR /w\nCOPY --from=one /a b\nWORKDIR /\nCOPY --from=one /bin/a w", "/w/a", True),
        ("WORKDIR /w\nCOPY --from=one /bin/a .", "/w/a", True),
        ("COPY --from=one /link /app", "/app", True),
        ("COPY --from=one /work-link/program /app", "/app", True),
        ("COPY --from=one /bin/a /app", "/bin/a", False),
        ("COPY --from=one /bin/a /app", "/app/a", False),
    ],
)
def test_a_copy_from_a_stage_is_followed(copies: str, program: str, runs: bool, dialect: str) -> None:
    """A file, or what is in a folder, is at the destination, and nothing else is."""
    text = f'FROM probe AS one\nFROM scratch\n{copies}\nCMD ["{program}"]\n'
    assert isinstance(outcome(text, dialect), Process) == runs
