"""Archives with the reporting program: for a container, a virtual machine, and other systems."""

import hashlib
import io
import json
import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

from cmdpoint.engines import probe
from cmdpoint.machines.probe import program

PROGRAM = "/report"


def container_archive(content: bytes) -> bytes:
    """A tar archive with one program, for `docker import`."""
    return probe.tar({PROGRAM[1:]: (content, 0o755)})


def saved_image(system: str, cpu: str) -> bytes:
    """An image for a system and a CPU as `docker save` writes it, for `docker load`."""
    layer = container_archive(program())
    config = {
        "os": system,
        "architecture": cpu,
        "config": {"Cmd": [PROGRAM]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
    }
    manifest = [{"Config": "config.json", "RepoTags": None, "Layers": ["layer.tar"]}]
    members = {
        "config.json": json.dumps(config).encode(),
        "layer.tar": layer,
        "manifest.json": json.dumps(manifest).encode(),
    }
    return probe.tar({name: (content, 0o644) for name, content in members.items()})


def initial_files() -> bytes:
    """The initial file system: the program as /init, a folder for /proc, and the console."""
    members = [
        _member("dev", 0o40755),
        _member("dev/console", 0o20600, device=(5, 1)),
        _member("init", 0o100755, program()),
        _member("proc", 0o40755),
        _member("TRAILER!!!", 0),
    ]
    return b"".join(members)


def write_distribution(root: Path, archive: Path, initial: Path) -> None:
    """Write a distribution with the reporting program: as an archive for a container, and for a kernel.

    Args:
        root: The folder with the distribution.
        archive: The tar archive to write.
        initial: The initial file system to write; the program is its /init.
    """
    with tarfile.open(archive, "w") as tar:
        tar.add(root, ".", filter=_owned_by_root)
        member = tarfile.TarInfo(PROGRAM[1:])
        member.size, member.mode = len(program()), 0o755
        tar.addfile(member, io.BytesIO(program()))
    with initial.open("wb") as file:
        file.writelines(_members(root))
        file.write(initial_files())


def _members(root: Path) -> Iterator[bytes]:
    for folder, folders, files in os.walk(root):
        for name in [*folders, *files]:
            path = Path(folder, name)
            mode = path.lstat().st_mode
            content = os.readlink(path).encode() if stat.S_ISLNK(mode) else b""
            if stat.S_ISREG(mode):
                content = path.read_bytes()
            yield _member(str(path.relative_to(root)), mode, content)


def _owned_by_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    return member


def _member(name: str, mode: int, content: bytes = b"", device: tuple[int, int] = (0, 0)) -> bytes:
    """A member of a cpio archive in the format that the kernel reads (`newc`)."""
    path = name.encode() + b"\0"
    fields = (0, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(path), 0)
    header = b"070701" + b"".join(b"%08X" % value for value in fields) + path
    return header + b"\0" * (-len(header) % 4) + content + b"\0" * (-len(content) % 4)
