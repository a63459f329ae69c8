"""The records that are part of cmdpoint, and those in any other folder."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

RECORDED: Final = Path(__file__).with_name("recorded")
"""The folder of the records that are part of cmdpoint."""

_PREVIOUS: Final = "-previous"


def write_record(folder: Path, record: Mapping[str, Any]) -> None:
    """Write a record; the one of the same emulator that is there becomes the previous one."""
    kvm = "" if record["acceleration"] == "tcg" else f"-{record['acceleration']}"
    path = folder / f"{record['emulator']}{kvm}.json"
    if path.exists():
        path.replace(_previous(path))
    path.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


def records_in(folder: Path = RECORDED) -> list[dict[str, Any]]:
    """The newest record of each emulator in a folder, the oldest first."""
    return [new for _, new in _pairs(folder)]


def repeated_records(folder: Path = RECORDED) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The previous and the newest record of each emulator that was measured twice."""
    return [(old, new) for old, new in _pairs(folder) if old]


def _pairs(folder: Path) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    newest = [path for path in sorted(folder.glob("*.json")) if not path.stem.endswith(_PREVIOUS)]
    pairs = [(_read(_previous(path)) if _previous(path).exists() else {}, _read(path)) for path in newest]
    return sorted(pairs, key=lambda pair: str(pair[1]["date"]))


def _read(path: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return record


def _previous(path: Path) -> Path:
    return path.with_stem(f"{path.stem}{_PREVIOUS}")
