"""Whether a program is there after RUN, ADD and COPY: known, or not claimed (STATE-32)."""

import pytest

from cmdpoint.oracle import Case, Dialect, Image, Process, Refusal, predict

ENGINES = ("docker-28.5.2", "docker-28.5.2/classic", "podman-5.4.2")


def outcome(text: str, dialect: str) -> object:
    """What the container of a Dockerfile runs."""
    return predict(Case((Image("image", text),)), Dialect.from_name(dialect)).outcome


def refused_build(text: str, dialect: str) -> str:
    """What the build of a Dockerfile is refused for; empty if it is not."""
    seen = outcome(text, dialect)
    return seen.kind if isinstance(seen, Refusal) and seen.phase == "build" else ""


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize(
    "instruction",
    [
        "RUN install",
        "ADD Dockerfile /",
        "ADD Dockerfile /work-link/tool",
        "COPY Dockerfile /tool",
        "COPY --chmod=755 <<E /tool\n#!$X\nE",
        "COPY --from=one $X /tool",
        "COPY --from=one --chmod=u+x /bin/text /tool",
        "COPY --from=one --link /bin/text /tool",
        "COPY --from=one --chmod=701 /bin/text /tool",
        "COPY --from=one --chown=7 /private /tool",
        "COPY --from=one --chmod=644 /bin /tool",
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
        ("COPY --from=one /bin/a /bin/b /app/", "/app/b", True),
        ("COPY --from=one --chown=7 /bin/a /app", "/app", True),
        ("COPY --chown=7:7 --from=one /plain /app", "/app", False),
    ],
)
def test_a_copy_from_a_stage_is_followed(copies: str, program: str, runs: bool, dialect: str) -> None:
    """A file, or what is in a folder, is at the destination, and nothing else is."""
    text = f'FROM probe AS one\nFROM scratch\n{copies}\nCMD ["{program}"]\n'
    assert isinstance(outcome(text, dialect), Process) == runs


@pytest.mark.parametrize("dialect", ["docker-28.5.2", "podman-5.4.2"])
@pytest.mark.parametrize(
    ("flags", "source", "by_root", "by_others"),
    [
        ("--chmod=755", "/plain", True, True),
        ("--chmod=0755", "/plain", True, True),
        ("--chmod=4755", "/plain", True, True),
        ("--chmod=111", "/private", True, True),
        ("--chmod=644", "/bin/a", False, False),
        ("--chmod=0", "/bin/a", True, True),
        ("--chmod=000", "/bin/a", False, False),
        ("--chmod=700", "/bin/a", True, False),
        ("--chmod=700 --chown=7", "/bin/a", True, True),
        ("--chmod=701", "/plain", True, True),
        ("--chmod=755 --chown=7", "/private", True, True),
        ("--chmod=644 --chown=7", "/bin/a", False, False),
        ("--chmod=755", "/text", False, False),
        ("--chmod=750", "/text", True, True),
    ],
)
def test_chmod_decides_who_may_run_a_file(
    flags: str, source: str, by_root: bool, by_others: bool, dialect: str
) -> None:
    """Where it is not known, a start is not refused."""
    text = f'FROM probe AS one\nFROM scratch\nCOPY --from=one {flags} {source} /app\nCMD ["/app"]\n'
    assert isinstance(outcome(text, dialect), Process) == by_root
    assert isinstance(outcome(f"{text}USER 8\n", dialect), Process) == by_others


@pytest.mark.parametrize("dialect", ["docker-28.5.2", "podman-5.4.2"])
def test_a_mode_may_close_a_folder_that_is_made(dialect: str) -> None:
    """In a folder that is there, and in one that a mode leaves open, the file itself decides."""
    for flags, folder, kind in [
        ("--chmod=644", "/work/", "not-executable"),
        ("--chmod=644", "/new/", None),
        ("--chmod=755", "/new/", "bad-format"),
    ]:
        text = f"FROM probe AS one\nFROM probe\nCOPY --from=one {flags} /text {folder}\n"
        seen = outcome(f'{text}CMD ["{folder}text"]\n', dialect)
        assert (seen.kind if isinstance(seen, Refusal) else None) == kind


@pytest.mark.parametrize("dialect", ["docker-28.5.2", "podman-5.4.2"])
def test_what_is_in_a_closed_folder_can_be_copied(dialect: str) -> None:
    """The builder may enter it."""
    start = "FROM probe AS one\nFROM scratch AS two\nCOPY --from=one --chmod=644 /a /new/\nFROM scratch\n"
    for source, kind in [("/new/a", "not-executable"), ("/new/gone", "bad-source")]:
        seen = outcome(f'{start}COPY --from=two {source} /app\nCMD ["/app"]\n', dialect)
        assert isinstance(seen, Refusal)
        assert seen.kind == kind


@pytest.mark.parametrize(
    ("version", "kind"), [("20.10.5", "bad-format"), ("20.10.6", "bad-flag"), ("28.5.2", "bad-flag")]
)
def test_the_classic_builder_ignores_or_refuses_chmod(version: str, kind: str) -> None:
    """Ignored, the mode of the source decides: everybody may run the text."""
    text = 'FROM probe AS one\nFROM probe\nCOPY --from=one --chmod=644 /text /app\nCMD ["/app"]\n'
    seen = outcome(text, f"docker-{version}/classic")
    assert isinstance(seen, Refusal)
    assert seen.kind == kind


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize(
    ("copy", "is_refused"),
    [
        ("COPY --from=one /missing /app", True),
        ("COPY --from=one missing /app", True),
        ("COPY --from=one /bin/a /missing /app/", True),
        ("COPY --from=one /bin/a/x /app", True),
        ("COPY --from=one /work-link/missing /app", True),
        ("COPY --from=one /dangling /app", True),
        ("COPY --from=one /bin/loop /app", True),
        ("COPY --from=one --chown=7 /missing /app", True),
        ("COPY --from=one --link /missing /app", False),
        ("COPY --from=one /mis*ing /app", False),
        ("COPY --from=one $X /app", False),
        ("COPY --from=one /work-link/program /app", False),
        ("COPY --from=one /bin/../a /app", False),
        ("COPY --from=one / /app", False),
        ("COPY --from=two /missing /app", False),
        ("COPY --from=two /new/missing /app", False),
        ("COPY missing /app", False),
    ],
)
def test_a_source_that_a_stage_lacks(copy: str, is_refused: bool, dialect: str) -> None:
    """It is refused only if all files of the stage are known."""
    text = f"FROM probe AS one\nFROM probe AS two\nVOLUME /new\nFROM probe\n{copy}\n"
    assert (refused_build(text, dialect) == "bad-source") == is_refused


@pytest.mark.parametrize("dialect", ["docker-28.5.2", "podman-5.4.2"])
def test_a_here_document_is_no_file_of_a_stage(dialect: str) -> None:
    """So no stage lacks it."""
    text = 'FROM probe AS one\nFROM probe\nCOPY --from=one <<E /app\nE\nCMD ["/a"]\n'
    assert isinstance(outcome(text, dialect), Process)


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize(
    ("copy", "is_refused"),
    [
        ("COPY Dockerfile /plain/x", True),
        ("COPY Dockerfile /plain/x/", True),
        ("COPY Dockerfile /plain/", True),
        ("COPY Dockerfile /link/x", True),
        ("COPY Dockerfile /bin/into", True),
        ("COPY Dockerfile /bin/loop", True),
        ("COPY --from=one /work /plain", True),
        ("COPY --from=one /work-link /link", True),
        ("WORKDIR /work\nCOPY Dockerfile program/x", True),
        ("ADD $X /plain/x", True),
        ("WORKDIR /plain\nCOPY Dockerfile .", True),
        ("COPY Dockerfile /plain", False),
        ("COPY Dockerfile /link", False),
        ("COPY Dockerfile /new/x/", False),
        ("COPY --from=one /work /work-link", False),
        ("COPY Dockerfile $X", False),
        ("COPY --from=two /work /plain", False),
        ("COPY Dockerfile /data/\nCOPY Dockerfile /data/x", False),
    ],
)
def test_a_destination_that_cannot_be_one(copy: str, is_refused: bool, dialect: str) -> None:
    """It leads through a file, or a file is where there must be a folder."""
    text = f"FROM probe AS one\nFROM probe AS two\nRUN x\nFROM probe\n{copy}\n"
    assert (refused_build(text, dialect) == "bad-path") == is_refused


def test_several_sources_on_a_file() -> None:
    """Only Buildah needs a folder; the classic builder a slash."""
    text = "FROM probe AS one\nFROM probe\nCOPY --from=one /a /b /plain\nCMD a\n"
    kinds = [getattr(outcome(text, dialect), "kind", None) for dialect in ENGINES]
    assert kinds == [None, "bad-source", "bad-path"]
