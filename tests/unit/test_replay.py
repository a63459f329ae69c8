"""What engines were seen to do is what the oracle says, with no daemon; and nobody falsifies it unnoticed."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cmdpoint.conformance.recording import curate
from cmdpoint.conformance.recording.curate import RECORDED
from cmdpoint.observations.faults import Edited
from cmdpoint.observations.reader import ObservationReader
from cmdpoint.observations.records import Header, Observation, Target, read_header
from cmdpoint.observations.writer import footer_of, write
from cmdpoint.oracle import Case, Dialect, Image, ImageConfig, Process, predict
from cmdpoint.oracle.comparison import agree, expected_at
from cmdpoint.report.divergence import render

FILES = sorted(RECORDED.parent.glob("*.jsonl"))

SHOWN = 3
"""How many disagreements are told in full."""


def divergences(path: Path) -> Iterator[str]:
    """What a file holds that the oracle says otherwise, with the line and the place."""
    dialects: dict[str, Dialect] = {}
    with ObservationReader(path) as reader:
        for each in reader:
            assert isinstance(each, Observation), f"{path}:{each} is no observation"
            for name in each.targets:
                if name not in dialects:
                    dialects[name] = reader.targets[name].dialect
                prediction = predict(each.case, dialects[name])
                expected = expected_at(each.level, prediction)
                if not agree(expected, each.result):
                    told = render(each.case, name, prediction, each.level, expected, each.result)
                    yield f"{path.name}:{each.line}: {name}\n{told}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_oracle_says_what_was_seen(path: Path) -> None:
    """Every observation that is kept, at every place."""
    wrong = list(divergences(path))
    assert not wrong, f"{len(wrong)} disagree, the first {SHOWN} of them:\n\n" + "\n\n".join(wrong[:SHOWN])


def flipped(lines: list[bytes], level: str) -> int:
    """Make the first word of one argv another one; the number of its line."""
    for at, line in enumerate(lines):
        data: Any = json.loads(line)
        if data.get("level") == level and "process" in data["observed"]:
            data["observed"]["process"]["argv"][0] += "x"
            lines[at] = json.dumps(data, separators=(",", ":")).encode() + b"\n"
            return at + 1
    raise AssertionError("nothing in it runs")


@pytest.mark.parametrize("level", ["planned", "observed"])
def test_a_hand_edit_is_noticed(level: str, tmp_path: Path) -> None:
    """The footer tells of the simple one; the oracle, of one that made the footer anew."""
    path = tmp_path / "edited.jsonl"
    header, *lines = FILES[0].read_bytes().splitlines(keepends=True)[:-1]
    some = [header, *(line for line in lines if f'"level":"{level}"'.encode() in line)][:300]
    path.write_bytes(b"".join(some))
    footer = footer_of(path)
    path.write_bytes(b"".join([*some, footer]))
    assert not list(divergences(path))
    number = flipped(some, level)
    path.write_bytes(b"".join([*some, footer]))
    with pytest.raises(Edited):
        list(divergences(path))
    path.write_bytes(b"".join(some))
    path.write_bytes(b"".join([*some, footer_of(path)]))
    wrong = list(divergences(path))
    targets = json.loads(some[number - 1])["targets"]
    assert [each.split("\n")[0] for each in wrong] == [f"{path.name}:{number}: {at}" for at in targets]
    assert "≠ argv[0]" in wrong[0]


def test_a_target_without_a_dialect_is_a_failure(tmp_path: Path) -> None:
    """It is never passed over."""
    path = tmp_path / "unknown.jsonl"
    header, *lines = FILES[0].read_bytes().splitlines(keepends=True)
    data = json.loads(header)
    for target in data["targets"].values():
        target["engine"] = "nerdctl"
    path.write_bytes(json.dumps(data).encode() + b"\n" + b"".join(lines[:-1]))
    path.write_bytes(path.read_bytes() + footer_of(path))
    with pytest.raises(ValueError, match="nerdctl"):
        list(divergences(path))


def test_there_is_enough_to_replay() -> None:
    """Every cost, every stage of a refusal that is predicted, and every place in many cases."""
    levels = set()
    for path in FILES:
        seen = _all(path)
        levels |= {each.level for each in seen}
        told = Counter(target for each in seen for target in each.targets)
        header = read_header(json.loads(path.read_bytes().splitlines()[0]))
        assert not [target for target in header.targets if told[target] < 100]
    assert levels == {"config", "planned", "observed"}


def test_the_choice_does_not_hang_on_the_order_of_files(tmp_path: Path) -> None:
    """Chosen from two files in either order, it is the same, and each case stands there for all places."""
    targets = {name: Target("docker", "28.5.2", "", name, "runc-1.3.6") for name in ("classic", "buildkit")}
    everywhere = max(len(each.targets) for each in _all(FILES[0]) if each.level == "config")
    some = [each for each in _all(FILES[0]) if len(each.targets) == everywhere][:60]
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


def test_what_is_chosen(tmp_path: Path) -> None:
    """What surprises the oracle is; what a place did not tell, or told in two ways, is not."""
    target = Target("docker", "28.5.2", "", "classic", "runc-1.3.6")
    header = Header("2026-11-25", 1, {"one/classic": target, "other/classic": target})
    cases = [Case((Image("image", f'FROM probe\nCMD ["{name}"]\n'),)) for name in "abcd"]

    def saw(number: int, argv: str, *at: str) -> Observation:
        return Observation(cases[number], "planned", at, Process((argv,)))

    both = tuple(header.targets)
    lines = [
        saw(0, "a", *both),
        saw(1, "b", *both),
        saw(1, "B", "other/classic"),
        saw(2, "c", "one/classic"),
        saw(3, "D", "one/classic"),
        saw(3, "d", "other/classic"),
    ]
    write(tmp_path / "seen", header, lines)
    curate.curate([tmp_path / "seen"], tmp_path / "chosen", 1)
    assert _all(tmp_path / "chosen") == lines[4:]
    curate.curate([tmp_path / "seen"], tmp_path / "chosen", 9)
    assert _all(tmp_path / "chosen") == [lines[0], *lines[4:]]


def test_what_is_left_to_chance_is_not_chosen(tmp_path: Path) -> None:
    """Neither answer could be replayed."""
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
