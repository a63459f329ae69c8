"""`cmdpoint diff` of files that cannot be compared: a target that is no stage, no Dockerfile, no build."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from cmdpoint.__main__ import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)


def compare(old: str, new: str, words: Sequence[str] = ()) -> int:
    """The exit status for two texts."""
    Path("old").write_text(old)
    Path("new").write_text(new)
    return main(["diff", "old", "new", *words])


STAGES = 'FROM scratch AS build\nCMD ["a"]\nFROM scratch AS run\nCMD ["b"]\n'


@pytest.mark.parametrize(
    ("old", "target", "why"),
    [
        (STAGES, "biuld", "the nearest name is build"),
        (STAGES, "x", "the names are build, run"),
        ("FROM scratch\nCMD a\n", "x", "no stage has a name"),
        (STAGES, "7", "the names are build, run"),
    ],
)
@pytest.mark.parametrize("command", ["diff", "upgrade"])
def test_a_target_that_neither_has(
    command: str, old: str, target: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown stage is a mistake in the command line, and no agreement."""
    Path("old").write_text(old)
    Path("new").write_text(old.replace('"a"', '"c"'))
    Path("empty").write_text("")
    words = {"diff": ["old", "new"], "upgrade": ["--from", "docker-26", "--to", "docker-28", "empty", "old"]}
    with pytest.raises(SystemExit) as ended:
        main([command, *words[command], "--target", target])
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f" has a stage {target!r}; " in err
    assert err.endswith(f"; {why}\n")


@pytest.mark.parametrize("target", ["build", "BUILD", None])
def test_a_target_that_both_have(target: str | None) -> None:
    """A stage may be named in any letter case."""
    words = [] if target is None else ["--target", target]
    assert compare(STAGES, STAGES.replace('"a"', '"c"'), words) == (0 if target is None else 3)


def test_a_target_that_one_has(capsys: pytest.CaptureFixture[str]) -> None:
    """A stage with another name now is a change."""
    assert compare(STAGES, STAGES.replace("build", "make"), ["--target", "build"]) == 3
    assert capsys.readouterr().out.count("It no longer works") == 9


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "it is empty"), ("\n ", "it is empty"), ("hello\n", "no line of it begins with FROM")],
)
@pytest.mark.parametrize("other", ["", "FROM scratch\nCMD a\n"])
def test_a_file_that_is_no_dockerfile(
    text: str, why: str, other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two files that are no Dockerfiles do not agree: they are refused."""
    Path("a").write_text(text)
    Path("b").write_text(other)
    for names in (["a", "b"], ["b", "a"]):
        assert main(["diff", *names]) == 40
        out, err = capsys.readouterr()
        assert out == ""
        assert "is not a Dockerfile" in err
        assert why in err or other == ""


@pytest.mark.parametrize(
    ("new", "status", "summary"),
    [
        ("CDM a", 0, "Neither can be built.\n"),
        ("CMD a\nHEALTHCHECK", 3, "Neither can be built, for another reason"),
    ],
)
def test_neither_can_be_built(
    new: str, status: int, summary: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The refusals are shown once, and not for each way to use an image that does not exist."""
    Path("old").write_text("FROM scratch\nCDM b\n")
    Path("new").write_text(f"\ufeff from scratch\n{new}\n", "utf-8")
    assert main(["diff", "old", "new"]) == status
    out = capsys.readouterr().out
    assert summary in out
    assert out.count("refused at ") == 2
    assert "Nothing changes" not in out
