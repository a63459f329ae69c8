"""Stages, and folders that a base may have: where a file of the build context goes then."""

import pytest

from cmdpoint.oracle import Case, Dialect, Image, Process, Refusal, predict
from cmdpoint.oracle.case import ImageConfig, Setting
from cmdpoint.oracle.files import File

FILES = (("/", File("folder")), ("/server", File("program")), ("/plain", File("text", executable=False)))
"""The build context."""

DOCKER = ("docker-28.5.2", "docker-28.5.2/classic")


@pytest.mark.parametrize("dialect", [*DOCKER, "podman-5.4.2"])
@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ('FROM base AS one\nCOPY server /x/\nFROM one\nENTRYPOINT ["/x/server"]', True),
        ('FROM base AS one\nWORKDIR /x\nCOPY plain .\nFROM one\nENTRYPOINT ["./plain"]', False),
        ('FROM base AS one\nCOPY plain /x\nFROM base\nENTRYPOINT ["/x"]', True),
        ('FROM scratch AS one\nCOPY plain /x\nFROM base\nCOPY --from=one /x /y\nENTRYPOINT ["/y"]', False),
    ],
)
def test_stages(text: str, runs: bool, dialect: str) -> None:
    """The files go with the stage, on every builder."""
    case = Case((Image("image", f"{text}\n", context=FILES),))
    outcome = predict(case, Dialect.from_name(dialect), {"base": ImageConfig()}).outcome
    assert isinstance(outcome, Process) == runs


@pytest.mark.parametrize("dialect", [*DOCKER, "podman-5.4.2", "podman-3.0.1"])
@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ('WORKDIR /app/src\nCOPY server /app\nCMD ["/app/server"]', ""),
        ('WORKDIR /app/src\nCOPY server ..\nCMD ["/app/server"]', ""),
        ('WORKDIR /app\nCOPY server /app\nCMD ["/app/server"]', ""),
        ('WORKDIR /app\nCOPY server .\nCMD ["./server"]', ""),
        ('COPY server /app\nCMD ["/app/server"]', "/app"),
        ('COPY server .\nCMD ["./server"]', "/app"),
        ('VOLUME /app\nCOPY server /app/\nCMD ["/app/server"]', ""),
    ],
)
def test_a_folder_that_the_base_may_have(text: str, folder: str, dialect: str) -> None:
    """WORKDIR makes a folder, and the base may have one: then a file is copied into it, and starts."""
    case = Case((Image("image", f"FROM base\n{text}\n", context=FILES),))
    base = ImageConfig(setting=Setting(working_dir=folder))
    assert isinstance(predict(case, Dialect.from_name(dialect), {"base": base}).outcome, Process)


@pytest.mark.parametrize("dialect", DOCKER)
def test_a_working_directory_is_no_program(dialect: str) -> None:
    """A file that is copied to the folder of an earlier WORKDIR goes into it."""
    text = 'FROM base\nWORKDIR /app/bin\nWORKDIR /app\nCOPY server bin\nCMD ["/app/bin"]\n'
    case = Case((Image("image", text, context=FILES),))
    outcome = predict(case, Dialect.from_name(dialect), {"base": ImageConfig()}).outcome
    assert isinstance(outcome, Refusal)
    assert (outcome.phase, outcome.kind) == ("start", "not-executable")
