"""Where the configs of base images come from: the order of the sources, and the table of official images."""

import json
import subprocess
from pathlib import Path

import pytest

from cmdpoint.__main__ import main
from cmdpoint.bases.names import Reference, reference
from cmdpoint.bases.sources import Found, FoundConfigs
from cmdpoint.bases.table import TABLE
from cmdpoint.bases.table.library import builds
from cmdpoint.bases.table.write import table
from cmdpoint.exit_codes import ExitCode
from cmdpoint.oracle.case import ImageConfig

DIGEST = f"sha256:{'0' * 64}"


class _Source:
    """A source that knows one name, and remembers what was looked up."""

    def __init__(self, name: str, word: str) -> None:
        self.name, self.word = name, word
        self.calls: list[str] = []

    def find(self, name: str) -> Found | None:
        """The config, for the one name."""
        self.calls.append(name)
        return Found(ImageConfig(cmd=(self.word,)), self.word) if name == self.name else None


def test_the_order_of_sources() -> None:
    """A config that is given comes first, then each source; each name is looked up once."""
    one, other = _Source("a", "one"), _Source("a", "other")
    configs = FoundConfigs({"b": ImageConfig(cmd=("given",))}, [one, other])
    assert [configs["a"].cmd, configs["b"].cmd, configs["a"].cmd] == [("one",), ("given",), ("one",)]
    assert ("c" in configs, "$X" in configs, "scratch" in configs) == (False, False, False)
    assert (one.calls, other.calls) == (["a", "c"], ["c"])
    assert list(configs) == ["b"]
    assert configs.found("b") is None
    assert {name: found.origin for name, found in configs.looked_up.items()} == {"a": "one"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nginx", Reference("docker.io", "library/nginx", "latest", "")),
        ("docker.io/library/nginx:1", Reference("docker.io", "library/nginx", "1", "")),
        ("index.docker.io/nginx", Reference("docker.io", "library/nginx", "latest", "")),
        (f"nginx@{DIGEST}", Reference("docker.io", "library/nginx", "", DIGEST)),
        (f"nginx:1@{DIGEST}", Reference("docker.io", "library/nginx", "1", DIGEST)),
        ("jenkins/jenkins:lts", Reference("docker.io", "jenkins/jenkins", "lts", "")),
        ("localhost/a", Reference("localhost", "a", "latest", "")),
        ("host:5000/a/b:1", Reference("host:5000", "a/b", "1", "")),
        ("scratch", None),
        ("node:${V}", None),
        ("Node", None),
    ],
)
def test_references(name: str, expected: Reference | None) -> None:
    """A name has a registry, a repository, a tag and a digest."""
    assert reference(name) == expected


def test_the_table_is_dated_and_never_for_digests() -> None:
    """What it finds has its date and source; a digest, an unlisted tag and other registries have none."""
    found = TABLE.find("postgres")
    assert found is not None
    assert found.config == ImageConfig(("docker-entrypoint.sh",), ("postgres",))
    assert found.date == TABLE.date
    assert "docker-library/postgres@" in found.origin
    assert "not from your registry" in found.origin
    for name in (
        f"postgres@{DIGEST}",
        f"postgres:16@{DIGEST}",
        "postgres:0",
        "quay.io/library/postgres",
        "a/node",
    ):
        assert TABLE.find(name) is None, name


def test_the_table_is_large_enough() -> None:
    """It has the commonest images, with the tags that people use."""
    for name in (
        "node:18",
        "node:14-alpine",
        "python:3.8-slim",
        "nginx:stable-alpine",
        "alpine",
        "golang:1.16",
    ):
        assert TABLE.find(name) is not None, name
    data = json.loads((Path(__file__).parents[2] / "cmdpoint/bases/table/table.json").read_text())
    assert len(data["images"]) >= 40


def test_explain_with_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By default the answer stays unknown and the table gives a likely one; on request, it has its date."""
    (tmp_path / "Dockerfile").write_text("FROM node:18\n")
    assert main(["explain", str(tmp_path)]) == ExitCode.UNKNOWN
    text = " ".join(capsys.readouterr().out.split())
    assert 'Likely, if the image is as in the table (--bases table): "docker-entrypoint.sh" "node"' in text
    assert "not from your registry" in text
    assert "or add --bases daemon or --bases registry, which look it up" in text
    assert main(["explain", str(tmp_path), "--bases", "table"]) == ExitCode.DONE
    assert "What runs, as of 20" in capsys.readouterr().out
    assert main(["explain", str(tmp_path), "--bases", "table", "--format", "json"]) == ExitCode.DONE
    answer = json.loads(capsys.readouterr().out)
    assert (answer["verdict"], answer["certain"], answer["likely"]) == ("runs", False, None)
    assert answer["bases"][0]["name"] == "node:18"
    main(["upgrade", "--from", "docker-26", "--to", "docker-28", "--bases", "table", str(tmp_path)])
    assert "the config of node:18 is from the table" in capsys.readouterr().err
    for at, name in enumerate(("nginx:1.27", "node:20", "debian:12")):
        (tmp_path / f"{at}.Dockerfile").write_text(f"FROM {name}\n")
    main(["check", "--bases", "table", str(tmp_path)])
    (line,) = [each for each in capsys.readouterr().err.splitlines() if "from the table" in each]
    assert "the configs of 4 base images are from the table" in line
    assert line.endswith("and 1 more")
    for file in tmp_path.glob("*.Dockerfile"):
        file.unlink()
    upgrade = ["upgrade", "--from", "docker-26", "--to", "docker-28"]
    for words in (upgrade, ["check"], ["diff", str(tmp_path)]):
        main([*words, str(tmp_path), "--bases", "table", "--format", "json"])
        assert json.loads(capsys.readouterr().out)["bases"] == answer["bases"]


@pytest.mark.parametrize(
    ("last", "date"),
    [
        ("FROM nginx:1.27\n", "2025-04-23"),
        ('FROM nginx:1.27\nENTRYPOINT ["/e"]\n', "2025-04-23"),
        ('FROM scratch\nENTRYPOINT ["/b"]\n', None),
    ],
    ids=["cmd of the base", "triggers of the base", "no base"],
)
def test_only_bases_that_decide_make_an_answer_older(
    last: str, date: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The image of a stage that only builds something is older here, and decides nothing."""
    (tmp_path / "Dockerfile").write_text(f"FROM node:14 AS build\n{last}COPY --from=build /a /b\n")
    assert main(["explain", str(tmp_path), "--bases", "table"]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert "node:14" not in out
    assert out.startswith("What runs (" if date is None else f"What runs, as of {date} ("), out
    main(["explain", str(tmp_path), "--bases", "table", "--format", "json"])
    answer = json.loads(capsys.readouterr().out)
    assert [each["date"] for each in answer["bases"]] == ([] if date is None else [date])
    assert answer["certain"] is (date is None)


def test_explain_with_the_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of the project gives configs; `--base` comes before it."""
    (tmp_path / "Dockerfile").write_text("FROM base\n")
    (tmp_path / "cmdpoint.toml").write_text('[bases]\n"base:latest" = { Cmd = ["/file"] }\n')
    monkeypatch.chdir(tmp_path)
    assert main(["explain"]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert '"/file"' in out
    assert "The config of base is from cmdpoint.toml." in out
    assert main(["explain", "--base", 'base={"Cmd": ["/option"]}']) == ExitCode.DONE
    out = capsys.readouterr().out
    assert '"/option"' in out
    assert "cmdpoint.toml" not in out


LIBRARY = """\
# comment
Maintainers: A <a@example.com>,
             B <b@example.com>
GitRepo: https://github.com/owner/repository.git
GitFetch: refs/heads/main

Tags: 2.0, 2, latest
SharedTags: two
Architectures: amd64, arm64v8
GitCommit: aaaa
Directory: 2

Tags: 2-windows
Architectures: windows-amd64
GitCommit: aaaa
Directory: 2/windows

Tags: 1
GitCommit: bbbb
amd64-GitCommit: cccc
amd64-Directory: one/amd64
File: Dockerfile.one
"""


def test_a_library_file() -> None:
    """Common fields, fields of amd64, shared tags and architectures count, as the library documents them."""
    found = {
        tag: (build.repository, build.commit, build.branch, build.path) for tag, build in builds(LIBRARY)
    }
    two = ("owner/repository", "aaaa", "main", "2/Dockerfile")
    assert found == {
        **dict.fromkeys(("2.0", "2", "latest", "two"), two),
        "1": ("owner/repository", "cccc", "main", "one/amd64/Dockerfile.one"),
    }


def _repository(folder: Path, files: dict[str, str]) -> str:
    """Commit files to a repository, and return the commit."""
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    if not folder.exists():
        folder.mkdir(parents=True)
        subprocess.run([*git, "init", "-q"], check=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "x"], check=True)
    done = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_the_table_is_written_from_clones(tmp_path: Path) -> None:
    """The newest listing of each tag counts, bases are known, and what is not certain is left out."""
    node, library = tmp_path / "nodejs/docker-node", tmp_path / "docker-library/official-images"
    old = _repository(node, {"Dockerfile": 'FROM debian:12\nCMD ["old"]\n'})
    head = "GitRepo: https://github.com/nodejs/docker-node.git\n"
    own = "https://github.com/debuerreotype/docker-debian-artifacts.git"
    root = (
        f"GitCommit: ffff\nDirectory: x\n\nTags: 12\nGitRepo: {own}\n\nTags: 13\nGitRepo: https://x.example\n"
    )
    _repository(
        library, {"library/node": f"{head}\nTags: 1, latest\nGitCommit: {old}\n", "library/debian": root}
    )
    new = _repository(
        node, {"Dockerfile": 'FROM debian:12\nENTRYPOINT ["/e"]\n', "u/Dockerfile": "FROM a/b\nCMD x\n"}
    )
    listing = f"{head}\nTags: 2, latest\nGitCommit: {new}\n\nTags: u\nGitCommit: {new}\nDirectory: u\n"
    _repository(library, {"library/node": listing})
    written = table(tmp_path)
    found = {
        tag: (group["config"], build["source"])
        for group in written["images"]["node"]
        for build in group["builds"]
        for tag in build["tags"].split()
    }
    newest = ({"Entrypoint": ["/e"]}, f"nodejs/docker-node@{new[:12]}")
    assert found == {
        "1": ({"Cmd": ["old"]}, f"nodejs/docker-node@{old[:12]}"),
        **dict.fromkeys(("2", "latest"), newest),
    }
    # What is built from another repository, which cannot be read, is not known.
    (debian,) = written["images"]["debian"]
    assert debian["config"] == {"Cmd": ["bash"]}
    assert [build["tags"] for build in debian["builds"]] == ["12"]
