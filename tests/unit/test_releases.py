"""A `# syntax=` line with a tag that moves: what its releases do; and what `check` cannot know."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cmdpoint.__main__ import main
from cmdpoint.cli.explanation_json import schema

SCHEMA = jsonschema.Draft202012Validator(json.loads(schema()))

HEREDOC = 'FROM scratch\nRUN <<EOF\necho hi\nEOF\nCMD ["/a"]\n'
TRAILING = 'FROM scratch\nCMD ["/a"] # x\n'
BOTH = 'FROM scratch\nRUN <<EOF\necho hi\nEOF\nCMD ["/a"] # x\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> None:
    """Write a Dockerfile that a front end reads."""
    Path("f").write_text(f"# syntax={name}\n{text}")


def releases(words: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The words, or the kind of the refusal, by range of releases."""
    main(["explain", "f", *words, "--format", "json"])
    data = json.loads(capsys.readouterr().out)
    SCHEMA.validate(data)
    return {
        each["range"]: [word["word"] for word in each["argv"]] if each["argv"] else each["refusal"]["kind"]
        for each in data["releases"]
    }


@pytest.mark.parametrize(
    "name", ["docker/dockerfile:1", "docker/dockerfile", "docker.io/docker/dockerfile:latest"]
)
def test_what_releases_do(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Releases that do the same are one range; the newest comes first."""
    shell = ["/bin/sh", "-c", '["/a"] # x']
    write(name, HEREDOC)
    assert releases([], capsys) == {"1.4 and newer": ["/a"], "before 1.4": "unknown-instruction"}
    write(name, BOTH)
    found = releases([], capsys)
    assert found == {"1.9 and newer": shell, "1.4, before 1.9": ["/a"], "before 1.4": "unknown-instruction"}
    assert list(found) == ["1.9 and newer", "1.4, before 1.9", "before 1.4"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docker/dockerfile:1", 'FROM scratch\nCMD ["/a"]\n'),
        ("docker/dockerfile:1.7", HEREDOC),
        ("example.com/other:1", HEREDOC),
    ],
)
def test_no_releases_where_they_do_not_decide(
    name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Releases are shown only if they are described and differ."""
    write(name, text)
    assert releases([], capsys) == {}


def test_explain_says_why_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown base keeps its name in the answer of each release."""
    write("docker/dockerfile:1", HEREDOC.replace("scratch", "base:1"))
    assert main(["explain", "f"]) == 5
    out = capsys.readouterr().out
    assert (
        "The front end docker/dockerfile:1 is the release that the builder has or downloads:\n"
        "  1.4 and newer:\n"
        "    What runs:\n"
        '      [ENTRYPOINT of base:1] "/a"\n'
        "  before 1.4:\n"
        "    Nothing runs:\n"
    ) in out
    assert "  do:  name a release, as in # syntax=docker/dockerfile:1.20\n" in out


def test_a_front_end_that_is_not_described(capsys: pytest.CaptureFixture[str]) -> None:
    """No release of it can be named that would help."""
    write("example.com/other:1", HEREDOC)
    assert main(["explain", "f"]) == 5
    assert "  do:  cmdpoint describes the releases of docker/dockerfile alone\n" in capsys.readouterr().out


def test_check_names_front_ends(capsys: pytest.CaptureFixture[str]) -> None:
    """A file whose front end decides is not just without problems."""
    write("docker/dockerfile:1", TRAILING)
    main(["check", "f"])
    err = capsys.readouterr().err
    assert "f depends on the release of the front end docker/dockerfile:1" in err
    assert "# syntax=docker/dockerfile:1.20" in err
    assert "base images whose config" not in err


def test_check_counts_unknown_bases(capsys: pytest.CaptureFixture[str]) -> None:
    """One line says how many files a missing config concerns, and what to do."""
    for at, base in enumerate(("a:1", "b:1", "c:1", "d:1", "a:1", "scratch")):
        Path(f"{at}.Dockerfile").write_text(f'FROM {base}\nENTRYPOINT ["/a"]\n')
    assert main(["check"]) == 0
    (line,) = [each for each in capsys.readouterr().err.splitlines() if "not known" in each]
    assert "5 Dockerfiles depend on base images whose config is not known (a:1, b:1, c:1 and 1 more)" in line
    assert "add --bases table" in line
    given = [word for name in "abcd" for word in ("--base", f"{name}:1={{}}")]
    assert main(["check", *given]) == 0
    assert "not known" not in capsys.readouterr().err
