"""The labels on everything that cmdpoint creates in an engine, and removal by these labels.

Nothing without these labels is removed, and nothing whose owner still runs on this machine.
"""

import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cmdpoint.engines.driver.engine import Engine

PROJECT: Final = "dev.cmdpoint"
"""The name of the label on everything; its value is the owner."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner of a container or an image: a process of a machine.

    Attributes:
        boot: The machine's boot and the PID namespace, so that no other process is mistaken for the owner.
        pid: The id of the process.
        started: When it started, in clock ticks since boot, so that a reused pid is recognised; 0 if unknown.
        run: A random word for the names of images.
    """

    boot: str
    pid: int
    started: int
    run: str

    @classmethod
    def this_process(cls) -> "Owner":
        """The current process."""
        return cls(_boot(), os.getpid(), _started(os.getpid()) or 0, uuid.uuid4().hex[:8])

    @classmethod
    def read(cls, text: str) -> "Owner | None":
        """The owner in the value of a label, or None if it is not in cmdpoint's format."""
        boot, pid, started, run = (*text.split("."), "", "", "", "")[:4]
        return cls(boot, int(pid), int(started), run) if pid.isdigit() and started.isdigit() else None

    def __str__(self) -> str:
        return f"{self.boot}.{self.pid}.{self.started}.{self.run}"

    @property
    def labels(self) -> dict[str, str]:
        """The labels of everything that it owns."""
        return {PROJECT: str(self)}

    @property
    def has_ended(self) -> bool:
        """Whether the process is known to have ended; this is never known of another machine's process."""
        return self.boot == _boot() and self.started > 0 and _started(self.pid) != self.started


def clear(engine: Engine, owner: Owner) -> int:
    """Remove everything of an owner in an engine, containers first.

    Returns:
        The number of containers and images that were removed.
    """
    return _remove(engine, {str(owner)})


def clear_abandoned(engine: Engine) -> int:
    """Remove everything in an engine whose owner has ended.

    Returns:
        The number of containers and images that were removed.
    """
    return _remove(engine, {str(owner) for owner in owners(engine) if owner.has_ended})


def owners(engine: Engine) -> set[Owner]:
    """The owners of the containers and images in an engine."""
    texts = {
        thing["Labels"][PROJECT] for listing in ("containers", "images") for thing in _ours(engine, listing)
    }
    return {owner for text in texts if (owner := Owner.read(text)) is not None}


def count(engine: Engine) -> int:
    """The number of containers and images in an engine with the label."""
    return sum(len(_ours(engine, listing)) for listing in ("containers", "images"))


def _ours(engine: Engine, listing: str) -> list[dict[str, Any]]:
    found = engine.get_objects(f"/{listing}/json", all="1", filters=json.dumps({"label": [PROJECT]}))
    return [each for each in found if PROJECT in (each.get("Labels") or {})]


def _remove(engine: Engine, texts: set[str]) -> int:
    """Remove everything with these labels; an image is removed after the images that are built on it."""
    removed = 0
    for listing, options in (("containers", {"v": "1"}), ("images", {})):
        left: set[str] = set()
        while found := {
            str(thing["Id"]): thing.get("RepoTags") or []
            for thing in _ours(engine, listing)
            if thing["Labels"][PROJECT] in texts
        }:
            if found.keys() == left:
                break  # a container or image of another owner needs them
            for name, tags in found.items():
                # Podman 3.0 does not remove an image that has several names.
                for tag in tags[1:]:
                    engine.delete(f"/{listing}/{tag}", force="1")
                engine.delete(f"/{listing}/{name}", force="1", **options)
            removed += len(found.keys() - left)
            left = set(found)
    return removed


def _boot() -> str:
    try:
        namespace = os.readlink("/proc/self/ns/pid").strip("pid:[]")
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip() + "-" + namespace
    except OSError:  # not Linux: use the machine's hardware address
        return f"{uuid.getnode():x}"


def _started(pid: int) -> int | None:
    """When a process started, in clock ticks since boot; None if there is no such process."""
    try:
        # The second field is the program's name in brackets, which may contain anything. The third is the
        # state; a zombie has ended, although its parent has not reaped it. The 22nd is the start time.
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        return None if fields[0] in "ZX" else int(fields[19])
    except (OSError, ValueError, IndexError):
        return None
