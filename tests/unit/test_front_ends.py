"""The front end that a `# syntax=` line names reads the file, whatever the engine's version (LEX-34)."""

import pytest

import cmdpoint
from cmdpoint.oracle.dialect.front_ends import front_end

TRAILING = 'FROM scratch\nCMD ["/a"] # x\n'
"""A file that releases before 1.9 and after read differently (FORM-2)."""

SHELL = ("/bin/sh", "-c", '["/a"] # x')


def run(name: str, text: str = TRAILING, dialect: str = "docker-28.5.2") -> object:
    """What a file runs that a front end reads."""
    outcome = cmdpoint.predict(f"# syntax={name}\n{text}", dialect=dialect).outcome
    return outcome.argv if isinstance(outcome, cmdpoint.Process) else outcome


@pytest.mark.parametrize(
    ("name", "argv"),
    [
        ("docker/dockerfile:1.4", ("/a",)),
        ("docker/dockerfile:1.8.1", ("/a",)),
        ("docker.io/docker/dockerfile:1.9", SHELL),
        ("docker/dockerfile:1.26", SHELL),
    ],
)
@pytest.mark.parametrize("dialect", ["docker-20.10.24/buildkit", "docker-28.5.2", "docker-29.7.2"])
def test_a_release_reads_alike_on_every_engine(name: str, argv: tuple[str, ...], dialect: str) -> None:
    """The rules are those of the release, not those of the engine."""
    assert run(name, dialect=dialect) == argv


@pytest.mark.parametrize("name", ["docker/dockerfile", "docker/dockerfile:1", "docker/dockerfile:latest"])
def test_a_tag_that_moves_is_unknown_where_releases_differ(name: str) -> None:
    """A tag that moves can be any release, so only what all of them agree on is certain."""
    result = cmdpoint.predict(f"# syntax={name}\n{TRAILING}")
    assert str(result.outcome) == f"unknown, depends on the release of the front end {name}"
    assert [base.keys for base in result.needs] == [("Front end",)]
    assert run(name, 'FROM scratch\nCMD ["/a"]\n') == ("/a",)


@pytest.mark.parametrize(
    "name", ["example.com/other:1", "docker/dockerfile:1.7-labs", f"docker/dockerfile@sha256:{64 * 'a'}"]
)
def test_other_front_ends_are_unknown(name: str) -> None:
    """What is not described is never reported as known."""
    assert not front_end(name).releases
    assert not isinstance(run(name), tuple)
    assert "not described" in cmdpoint.explain(f"# syntax={name}\n{TRAILING}")


@pytest.mark.parametrize("dialect", ["docker-28.5.2/classic", "docker-20.10.24", "podman-5.4.2"])
def test_other_builders_ignore_the_line(dialect: str) -> None:
    """The classic builder and Podman read every file themselves."""
    plain = cmdpoint.predict(TRAILING, dialect=dialect).outcome
    assert isinstance(plain, cmdpoint.Process)
    assert run("docker/dockerfile:1.4", dialect=dialect) == plain.argv


def test_an_upgrade_of_the_engine_changes_nothing() -> None:
    """A file that a front end reads is read alike before and after."""
    for name in ("docker/dockerfile:1", "docker/dockerfile:1.7"):
        text = f"# syntax={name}\n{TRAILING}"
        found = cmdpoint.compare(text, "docker-26.1.5", "docker-28.5.2")
        assert found.verdict == "same", name
