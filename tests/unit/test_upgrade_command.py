"""`cmdpoint upgrade`: its report on Dockerfiles and on behaviours, its exit codes, and faults."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cmdpoint.__main__ import main
from cmdpoint.upgrade.as_json import schema
from tests.corpus import FOLDER

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
BETWEEN = ["upgrade", "--from", "docker-20.10.24", "--to", "docker-28.5.2"]
SCHEMA = jsonschema.Draft202012Validator(json.loads(schema()))
CHANGES = 'FROM debian:12\nCMD ["/x"] # y\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(files: dict[str, str]) -> None:
    """Write files, and create their folders."""
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, "utf-8")


def as_json(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    """The exit status of the command, and its output as JSON, which matches the schema."""
    status = main([*words, "--format", "json"])
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    SCHEMA.validate(data)
    return status, data


def test_a_change_is_reported_with_line_rule_before_and_after(capsys: pytest.CaptureFixture[str]) -> None:
    """The report names the behaviour, the version, the rule, the line, and the argv before and after."""
    write({"Dockerfile": CHANGES})
    assert main([*BETWEEN, "Dockerfile"]) == 3
    out, err = capsys.readouterr()
    assert err == ""
    assert out == (
        "docker-20.10.24/classic → docker-28.5.2/buildkit\n"
        "Of 1 Dockerfile, 1 changes: 1 runs something else\n"
        "────────\n"
        'Text after the closing bracket of a JSON array is "ignored", or makes the whole text "shell form".\n'
        '  "ignored" → "shell form"\n'
        "  Dockerfile runs something else\n"
        '    line 2 (FORM-2): CMD ["/x"] # y\n'
        '    fix, line 2: CMD ["/x"]\n'
        '    before  ["[ENTRYPOINT of debian:12]", "/x"]\n'
        '    after   ["[ENTRYPOINT of debian:12]", "[SHELL of debian:12, or /bin/sh -c]", "[\\"/x\\"] # y"]\n'
        "\n"
        "  changed in 27.1: moby/buildkit 80518e257, vendored in 27.1.0; observed in 28.5.2\n"
        "  FORM-2  Text after the closing bracket\n"
    )


def test_no_change(capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status is 0; a file that neither engine builds is reported too."""
    write({"Dockerfile": "FROM scratch\nCMD x\n", "Containerfile": "FROM debian\nNOPE\n"})
    assert main([*BETWEEN, "."]) == 0
    out = capsys.readouterr().out
    assert "Of 2 Dockerfiles, none changes." in out
    assert "Containerfile builds with neither: refused at parse: unknown-instruction, line 2" in out


def test_files_with_the_same_cause_are_grouped(capsys: pytest.CaptureFixture[str]) -> None:
    """The cause is reported once, in the order of the files."""
    write({f"{name}/Dockerfile": CHANGES for name in "cab"})
    assert main([*BETWEEN, "."]) == 3
    out = capsys.readouterr().out
    assert out.count("changed in 27.1") == 1
    assert [line.split("/")[0].strip() for line in out.splitlines() if "Dockerfile runs" in line] == [
        "a",
        "b",
        "c",
    ]


def test_what_cannot_be_read_does_not_stop_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    """The fault is printed to standard error, and decides the exit status."""
    write({"a": CHANGES, "empty/README": ""})
    Path("latin1").write_bytes(b"FROM debian\nCMD caf\xe9\n")
    assert main([*BETWEEN, "latin1", "nowhere", "empty", "a"]) == 43
    out, err = capsys.readouterr()
    assert "Of 1 Dockerfile, 1 changes:" in out
    assert err.startswith("cmdpoint: latin1 is not UTF-8\n  why: ")
    assert err.endswith("cmdpoint: also: there is no file nowhere; there is no Dockerfile in empty\n")
    assert "latin1 is not UTF-8" in err
    assert "there is no file nowhere" in err
    assert "there is no Dockerfile in empty" in err
    status, data = as_json([*BETWEEN, "nowhere", "a"], capsys)
    assert status == 40
    assert len(data["faults"]) == 1


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["upgrade", "--from", "dokcer", "--to", "docker-28.5.2"], 44, "'dokcer'"),
        (["upgrade", "--from", "docker-28.5.2", "--to", "docker-19.3"], 44, "docker-19.3"),
        ([*BETWEEN, ".", "--base", "x"], 45, "NAME="),
    ],
)
def test_bad_input(words: list[str], status: int, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each mistake has one message and an exit code."""
    assert main(words) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


def test_the_builder_of_an_engine(capsys: pytest.CaptureFixture[str]) -> None:
    """The builder is the one in the name, or the one that `docker build` uses."""
    write({"Dockerfile": "FROM scratch\nCMD x\nENTRYPOINT\n"})
    for name, other, status in (
        ("docker-20.10.24/buildkit", "docker-28.5.2", 0),
        ("docker-22.0", "docker-23.0", 3),
        ("docker-28.5.2", "docker-28.5.2/classic", 3),
        ("podman-5.4.2", "podman-5.4.2", 0),
    ):
        assert main(["upgrade", "--from", name, "--to", other, "Dockerfile"]) == status
        assert "because the builder" in capsys.readouterr().out or status == 0


def test_a_change_that_shows_only_in_the_config(capsys: pytest.CaptureFixture[str]) -> None:
    """A difference that a run without arguments does not show is reported."""
    write({"Dockerfile": "FROM debian\nONBUILD CMD x\nFROM debian AS base\nONBUILD CMD y\nFROM base\n"})
    words = ["upgrade", "--from", "docker-27.3.0", "--to", "docker-27.4.0", "Dockerfile"]
    status, data = as_json(words, capsys)
    assert status == 3
    (change,) = data["changes"]
    assert change["kind"] == "config"
    assert (change["before"]["config"].get("OnBuild"), change["after"]["config"]["OnBuild"]) == (
        None,
        ["CMD y"],
    )
    assert main(words) == 3
    out = capsys.readouterr().out
    assert "runs the same, but differs with arguments or as a base" in out
    assert "    OnBuild\n      before  []\n" in out


def test_with_an_argument_too(capsys: pytest.CaptureFixture[str]) -> None:
    """If the ENTRYPOINT changes, a run with an argument is reported as well."""
    write({"Dockerfile": 'FROM scratch\nENTRYPOINT ["/x"] # y\n'})
    _, data = as_json([*BETWEEN, "Dockerfile"], capsys)
    with_argument = data["changes"][0]["with_argument"]
    assert with_argument["before"]["process"]["argv"] == ["/x", "ARG"]
    assert with_argument["after"]["process"]["argv"] == ["/bin/sh", "-c", '["/x"] # y', "ARG"]
    assert main([*BETWEEN, "Dockerfile"]) == 3
    assert '    docker run IMAGE ARG\n      before  ["/x", "ARG"]\n' in capsys.readouterr().out


def test_bases_and_build_arguments(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A given config is inherited; a build argument has the given value, or that of the environment."""
    write({"Dockerfile": "ARG B\nFROM $B\nENTRYPOINT\n", "other": "ARG B\nARG C\nFROM ${C:-$B}\nCMD x\n"})
    base = ["--base", 'app:1={"Cmd": ["/c"]}', "--base", "app:2={}"]
    _, data = as_json([*BETWEEN, "Dockerfile", "--build-arg", "B=app:1", *base], capsys)
    assert data["unknown"] == []
    assert data["unused_bases"] == ["app:2"]
    monkeypatch.setenv("B", "app:3")
    monkeypatch.delenv("C", raising=False)
    status, data = as_json([*BETWEEN, "other", "--build-arg", "B", "--build-arg", "C", *base], capsys)
    keys = ["Entrypoint", "Shell", "OnBuild"]
    assert (status, data["unknown"]) == (5, [{"file": "other", "needs": [{"name": "app:3", "keys": keys}]}])
    text = ["upgrade", "--from", "docker-26.1.5", "--to", "docker-28.5.2", "other", "--build-arg", "B"]
    assert main(text) == 5
    out = capsys.readouterr().out
    assert "Of 1 Dockerfile, none is known to change." in out
    assert "Unknown: other depends on Entrypoint, Shell, OnBuild of app:3." in out


def test_stages(capsys: pytest.CaptureFixture[str]) -> None:
    """The last stage is compared, or the target, or every stage that has a name."""
    first = CHANGES.replace("12", "12 AS one")
    write({"Dockerfile": f"{first}FROM scratch AS Two\nCMD y\nFROM scratch\nCMD z\n"})
    assert main([*BETWEEN, "Dockerfile"]) == 0
    assert main([*BETWEEN, "Dockerfile", "--target", "one"]) == 3
    assert main([*BETWEEN, "Dockerfile", "--target", "two"]) == 0
    with pytest.raises(SystemExit) as exit_:
        main([*BETWEEN, "Dockerfile", "--target", "nope"])
    assert exit_.value.code == 2
    capsys.readouterr()
    status, data = as_json([*BETWEEN, "Dockerfile", "--every-stage"], capsys)
    assert status == 3
    assert [change["stage"] for change in data["changes"]] == ["one"]


def test_a_refusal_while_reading_is_reported_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Such a refusal does not depend on the stage."""
    write({"Dockerfile": "FROM debian AS one\nRUN <<E\nx\nE\nFROM debian AS two\nCMD x\nFROM two\n"})
    _, data = as_json([*BETWEEN, "Dockerfile", "--every-stage"], capsys)
    assert [(change["stage"], change["kind"]) for change in data["changes"]] == [(None, "accepted")]


def test_what_is_not_followed_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """Another front end and unverified versions are reported."""
    text = "# syntax=example.com/other\nFROM --platform=linux/amd64 debian\nRUN x\nCMD x\n"
    write({"Dockerfile": text})
    assert main(["upgrade", "--from", "docker-20.10.24", "--to", "docker-99.0", "Dockerfile"]) == 5
    out = capsys.readouterr().out
    assert "Not followed: # syntax=example.com/other in Dockerfile" in out
    assert "Not verified: docker-99.0+containerd/buildkit" in out
    assert main(["upgrade", "--from", "docker-20.10.24", "--to", "docker-20.10.5", "Dockerfile"]) == 5
    assert "Not followed" not in capsys.readouterr().out


def test_a_flag_that_needs_buildkit(capsys: pytest.CaptureFixture[str]) -> None:
    """The classic builder ignores the flags of RUN, and refuses them since 20.10.6."""
    write({"Dockerfile": "FROM scratch\nRUN --mount=type=cache,target=/c x\nCMD x\n"})
    assert main(["upgrade", "--from", "docker-20.10.5", "--to", "docker-20.10.24", "Dockerfile"]) == 3
    assert "a09c0276a2" in capsys.readouterr().out
    assert main(["upgrade", "--from", "docker-20.10.24", "--to", "docker-28.5.2", "Dockerfile"]) == 3
    assert "builds only after the upgrade" in capsys.readouterr().out


def test_without_paths_the_behaviours_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Each behaviour is listed with its values, their source, and an example."""
    status, data = as_json(BETWEEN, capsys)
    assert status == 3
    found = data["behaviours"]
    assert len(found) > 15
    assert found["trailing_text"]["example"]["rule"] == "FORM-2"
    for name, behaviour in found.items():
        example = behaviour["example"]
        # No example builds on what another made, or runs a name that begins with a dot.
        assert (example is None) == (name in ("dot_names", "unreadable_base")), name
        assert example is None or example["before"] != example["after"]
    assert main(BETWEEN) == 3
    out = capsys.readouterr().out
    assert f"Between these, {len(found)} behaviours changed." in out
    assert out.count("      before  ") == len(found) - 2
    assert main(["upgrade", "--from", "docker-28.5.2", "--to", "docker-28.5.2"]) == 0
    assert "nothing changed" in capsys.readouterr().out


def test_the_schema_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """`--schema` needs no `--from` and no `--to`."""
    with pytest.raises(SystemExit) as exit_:
        main(["upgrade", "--schema"])
    assert exit_.value.code == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA.schema


def test_the_report_on_the_corpus_matches_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    """The corpus has many kinds of changes."""
    status, data = as_json([*BETWEEN, str(FOLDER), "--every-stage"], capsys)
    assert status == 3
    assert len(data["changes"]) >= 25
    assert len(data["refused_by_both"]) == 2


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["Dockerfile"], 3, ""),
        ([], 3, ""),
        (["Dockerfile", "--verify"], 47, "is not installed"),
    ],
)
def test_a_real_process_needs_nothing_but_the_standard_library(
    words: list[str], status: int, message: str
) -> None:
    """With `-S`, which hides every installed package, examples are left out and no engine can be used."""
    write({"Dockerfile": CHANGES})
    program = "import runpy, sys; sys.argv = ['cmdpoint', *sys.argv[1:]]; "
    program += "runpy.run_module('cmdpoint', run_name='__main__')"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-S", "-c", program, *BETWEEN, *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (status, False)
    assert message in done.stderr
    assert ("Examples are left out" in done.stdout) == (words == [])
