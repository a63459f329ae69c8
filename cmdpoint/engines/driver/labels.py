"""The labels on everything cmdpoint makes in an engine, and clearing away what a dead owner left.

Nothing without these labels is ever touched, and nothing whose owner still lives on this machine.
"""

import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cmdpoint.engines.driver.engine import Engine

PROJECT: Final = "dev.cmdpoint"
"""The label that everything carries; its value is the owner."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who a container or an image belongs to: a process of a machine.

    Attributes:
        boot: The machine's boot and the PID namespace, so that no other process is mistaken for it.
        pid: The process.
        started: When it started, in clock ticks since boot, so that a reused pid is recognised; 0 if unknown.
        run: A random word, for the names of images.
    """

    boot: str
    pid: int
    started: int
    run: str

    @classmethod
    def this_process(cls) -> "Owner":
        """The process that runs this."""
        return cls(_boot(), os.getpid(), _started(os.getpid()) or 0, uuid.uuid4().hex[:8])

    @classmethod
    def read(cls, text: str) -> "Owner | None":
        """The owner that a label names, or None where it is none of ours."""
        boot, pid, started, run = (*text.split("."), "", "", "", "")[:4]
        return cls(boot, int(pid), int(started), run) if pid.isdigit() and started.isdigit() else None

    def __str__(self) -> str:
        return f"{self.boot}.{self.pid}.{self.started}.{self.run}"

    @property
    def labels(self) -> dict[str, str]:
        """The labels of what it owns."""
        return {PROJECT: str(self)}

    @property
    def is_gone(self) -> bool:
        """Whether the process is known to have ended; another machine's never is."""
        return self.boot == _boot() and self.started > 0 and _started(self.pid) != self.started


def clear(engine: Engine, owner: Owner) -> int:
    """Remove what an owner has in an engine, containers first.

    Returns:
        How many things were removed.
    """
    return _remove(engine, {str(owner)})


def clear_abandoned(engine: Engine) -> int:
    """Remove what owners that have ended left in an engine.

    Returns:
        How many things were removed.
    """
    return _remove(engine, {str(owner) for owner in owners(engine) if owner.is_gone})


def owners(engine: Engine) -> set[Owner]:
    """Whose containers and images are in an engine."""
    texts = {
        thing["Labels"][PROJECT] for listing in ("containers", "images") for thing in _ours(engine, listing)
    }
    return {owner for text in texts if (owner := Owner.read(text)) is not None}


def count(engine: Engine) -> int:
    """How many containers and images in an engine carry the label."""
    return sum(len(_ours(engine, listing)) for listing in ("containers", "images"))


def _ours(engine: Engine, listing: str) -> list[dict[str, Any]]:
    found = engine.get_objects(f"/{listing}/json", all="1", filters=json.dumps({"label": [PROJECT]}))
    return [each for each in found if PROJECT in (each.get("Labels") or {})]


def _remove(engine: Engine, texts: set[str]) -> int:
    """Remove what carries these labels; an image that others are built on goes after them."""
    removed = 0
    for listing, options in (("containers", {"v": "1"}), ("images", {})):
        left: set[str] = set()
        while found := {
            str(thing["Id"]): thing.get("RepoTags") or []
            for thing in _ours(engine, listing)
            if thing["Labels"][PROJECT] in texts
        }:
            if found.keys() == left:
                break  # a container or image of another owner holds them
            for name, tags in found.items():
                # Podman 3.0 removes no image that has several names.
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
    except OSError:  # not Linux: the machine's name has to do
        return f"{uuid.getnode():x}"


def _started(pid: int) -> int | None:
    """When a process started, in clock ticks since boot; None where there is no such process."""
    try:
        # The second field, the program's name in brackets, may hold anything. The third is the state, where
        # a zombie has ended, although its parent has not reaped it; the 22nd is what is asked for.
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        return None if fields[0] in "ZX" else int(fields[19])
    except (OSError, ValueError, IndexError):
        return None
