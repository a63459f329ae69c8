"""The oracle predicts every recorded observation, and an edit of the recording does not go unnoticed."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cmdpoint.conformance.recording import curate
from cmdpoint.observations.faults import Edited
from cmdpoint.observations.reader import ObservationReader
from cmdpoint.observations.records import Header, Observation, Target, read_header
from cmdpoint.observations.writer import footer_of, write
from cmdpoint.oracle import Case, Dialect, Image, ImageConfig, Process, predict
from cmdpoint.oracle.comparison import agree, expected_at
from cmdpoint.report.divergence import render
from tests.unit.recorded import FILES, PREDICTIONS

SHOWN = 3
"""How many divergences are reported in full."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file of observations has.

    Attributes:
        name: The name of the file.
        observations: The observations.
        dialects: The dialect of each target.
    """

    name: str
    observations: list[Observation]
    dialects: dict[str, Dialect]

    @classmethod
    def of(cls, path: Path) -> "Contents":
        """Read a file."""
        observations = []
        with ObservationReader(path) as reader:
            for each in reader:
                assert isinstance(each, Observation), f"{path}:{each} is no observation"
                observations.append(each)
            used = {name for each in observations for name in each.targets}
            return cls(path.name, observations, {name: reader.targets[name].dialect for name in used})


contents_of_recorded = cache(Contents.of)
"""The contents of a file that no test changes."""


def divergences(of: Contents) -> Iterator[str]:
    """The reports of a file's observations that the oracle predicts differently, with line and target."""
    for each in of.observations:
        for name in each.targets:
            prediction = PREDICTIONS.predict(each.case, of.dialects[name])
            expected = expected_at(each.level, prediction)
            if not agree(expected, each.result):
                report = render(each.case, name, prediction, each.level, expected, each.result)
                yield f"{of.name}:{each.line}: {name}\n{report}"


def replayed() -> Iterator[Any]:
    """The files of observations; the large one is left out of `pytest` without arguments."""
    for path in FILES:
        marks = pytest.mark.slow if path.stem == "engines" else ()
        yield pytest.param(path, id=path.stem, marks=marks)


@pytest.mark.parametrize("path", list(replayed()))
def test_the_oracle_predicts_what_was_observed(path: Path) -> None:
    """This holds for every recorded observation of every target."""
    wrong = list(divergences(contents_of_recorded(path)))
    assert not wrong, f"{len(wrong)} diverge, the first {SHOWN} of them:\n\n" + "\n\n".join(wrong[:SHOWN])


def flipped(lines: list[bytes], level: str) -> int:
    """Change the first word of one argv, and return the number of its line."""
    for at, line in enumerate(lines):
        data: Any = json.loads(line)
        if data.get("level") == level and "process" in data["observed"]:
            data["observed"]["process"]["argv"][0] += "x"
            lines[at] = json.dumps(data, separators=(",", ":")).encode() + b"\n"
            return at + 1
    raise AssertionError("no line has a process")


@pytest.mark.parametrize("level", ["planned", "observed"])
def test_a_hand_edit_is_noticed(level: str, tmp_path: Path) -> None:
    """The footer no longer matches; if the footer is computed again, the oracle diverges."""
    path = tmp_path / "edited.jsonl"
    header, *lines = FILES[0].read_bytes().splitlines(keepends=True)[:-1]
    some = [header, *(line for line in lines if f'"level":"{level}"'.encode() in line)][:300]
    path.write_bytes(b"".join(some))
    footer = footer_of(path)
    path.write_bytes(b"".join([*some, footer]))
    assert not list(divergences(Contents.of(path)))
    number = flipped(some, level)
    path.write_bytes(b"".join([*some, footer]))
    with pytest.raises(Edited):
        list(divergences(Contents.of(path)))
    path.write_bytes(b"".join(some))
    path.write_bytes(b"".join([*some, footer_of(path)]))
    wrong = list(divergences(Contents.of(path)))
    targets = json.loads(some[number - 1])["targets"]
    assert [each.split("\n")[0] for each in wrong] == [f"{path.name}:{number}: {at}" for at in targets]
    assert "≠ argv[0]" in wrong[0]


def test_a_target_without_a_dialect_is_a_failure(tmp_path: Path) -> None:
    """Its observations are never skipped."""
    path = tmp_path / "unknown.jsonl"
    header, *lines = FILES[0].read_bytes().splitlines(keepends=True)
    data = json.loads(header)
    for target in data["targets"].values():
        target["engine"] = "nerdctl"
    path.write_bytes(json.dumps(data).encode() + b"\n" + b"".join(lines[:-1]))
    path.write_bytes(path.read_bytes() + footer_of(path))
    with pytest.raises(ValueError, match="nerdctl"):
        list(divergences(Contents.of(path)))


def test_there_is_enough_to_replay() -> None:
    """The recording has every level, and at least a hundred observations of every target."""
    seen = [each for path in FILES for each in contents_of_recorded(path).observations]
    assert {each.level for each in seen} == {"config", "planned", "observed"}
    observations = Counter(target for each in seen for target in each.targets)
    headers = [read_header(json.loads(path.read_bytes().splitlines()[0])) for path in FILES]
    targets = {target for header in headers for target in header.targets}
    assert not [target for target in targets if observations[target] < 100]


def test_the_choice_does_not_depend_on_the_order_of_files(tmp_path: Path) -> None:
    """From two files in either order, the same cases are chosen, each with all its targets."""
    targets = {name: Target("docker", "28.5.2", "", name, "runc-1.3.6") for name in ("classic", "buildkit")}
    recorded = contents_of_recorded(FILES[0]).observations
    everywhere = max(len(each.targets) for each in recorded if each.level == "config")
    some = [each for each in recorded if len(each.targets) == everywhere][:60]
    paths = []
    for name, target in targets.items():
        paths.append(tmp_path / f"{name}.jsonl")
        lines = [Observation(each.case, each.level, (name,), each.result) for each in some]
        write(paths[-1], Header("2026-11-25", 1), [(name, target), *lines])
    chosen = []
    for files in (paths, paths[::-1]):
        curate.curate(files, tmp_path / "chosen", 40)
        chosen.append((tmp_path / "chosen").read_bytes())
    assert chosen[0] == chosen[1]
    assert [each.targets for each in _all(tmp_path / "chosen")] == [("buildkit", "classic")] * 40


def test_which_cases_are_chosen(tmp_path: Path) -> None:
    """Divergences come first; a case that a target lacks, or has with two results, is not chosen."""
    target = Target("docker", "28.5.2", "", "classic", "runc-1.3.6")
    header = Header("2026-11-25", 1, {"one/classic": target, "other/classic": target})
    cases = [Case((Image("image", f'FROM probe\nCMD ["{name}"]\n'),)) for name in "abcd"]

    def observed(number: int, argv: str, *at: str) -> Observation:
        return Observation(cases[number], "planned", at, Process((argv,)))

    both = tuple(header.targets)
    lines = [
        observed(0, "a", *both),
        observed(1, "b", *both),
        observed(1, "B", "other/classic"),
        observed(2, "c", "one/classic"),
        observed(3, "D", "one/classic"),
        observed(3, "d", "other/classic"),
    ]
    write(tmp_path / "seen", header, lines)
    curate.curate([tmp_path / "seen"], tmp_path / "chosen", 1)
    assert _all(tmp_path / "chosen") == lines[4:]
    curate.curate([tmp_path / "seen"], tmp_path / "chosen", 9)
    assert _all(tmp_path / "chosen") == [lines[0], *lines[4:]]


def test_a_case_with_a_random_result_is_not_chosen(tmp_path: Path) -> None:
    """No prediction could be compared with either result."""
    text = "FROM probe AS a\nCMD x\nFROM probe AS a\nCMD y\nFROM a\n"
    targets = {"podman": Target("podman", "5.4.2", "", "buildah", "crun-1.21")}
    cases = [Case((Image("image", text),)), Case((Image("image", text.replace("y", "x")),))]
    assert [predict(each, targets["podman"].dialect).is_settled for each in cases] == [False, True]
    seen = ImageConfig(cmd=("/bin/sh", "-c", "x"))
    lines = [Observation(each, "config", ("podman",), seen) for each in cases]
    write(tmp_path / "seen", Header("2026-11-25", 1, targets), lines)
    curate.curate([tmp_path / "seen"], tmp_path / "chosen")
    assert _all(tmp_path / "chosen") == lines[1:]


def _all(path: Path) -> list[Observation]:
    with ObservationReader(path) as reader:
        return [each for each in reader if isinstance(each, Observation)]
