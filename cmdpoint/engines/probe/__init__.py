"""The probe, and the build context of the base image, which has the probe at every path of a program.

The binaries in this folder are assembled from the sources next to them; a test repeats that.
"""

import io
import tarfile
from functools import cache
from importlib.resources import files

from cmdpoint.oracle.files import File
from cmdpoint.oracle.images import probe

LINK = -1
"""In place of the permission bits of a symbolic link, which has none."""

ARCHITECTURES = ("amd64", "arm64")
"""The CPUs for which there is a probe, in Docker's names."""


def program(architecture: str) -> bytes:
    """The probe for a CPU.

    Args:
        architecture: One of `ARCHITECTURES`.
    """
    return files("cmdpoint.engines.probe").joinpath(f"probe-{architecture}").read_bytes()


def context(architecture: str) -> bytes:
    """The build context of the base image: a Dockerfile and a root folder with the probe at every path."""
    dockerfile = f"FROM scratch\nCOPY root /\nENV PATH={probe.PATH}\n"
    members = {"Dockerfile": (dockerfile.encode(), 0o644)}
    for path, file in probe.FILES.items():
        members[f"root{path}"] = (_content(file, architecture), mode(file))
    return tar(members)


@cache
def layer(architecture: str) -> bytes:
    """The root folder alone, as the archive of a file system."""
    return tar({path[1:]: (_content(file, architecture), mode(file)) for path, file in probe.FILES.items()})


def _content(file: File, architecture: str) -> bytes:
    match file.kind:
        case "script":
            return f"#!{' '.join(file.interpreter)}\ntext\n".encode()
        case "text":
            return (file.text or "text\n").encode()
        case "link":
            return file.text.encode()
    return program(architecture)


def mode(file: File) -> int:
    """The permission bits of a file of the base image; of a link, `LINK`."""
    if file.kind == "link":
        return LINK
    if not file.executable:
        return 0o644
    return 0o700 if file.private else 0o755


def tar(members: dict[str, tuple[bytes, int]]) -> bytes:
    """An archive of files.

    Args:
        members: The content and the permission bits of each file, by path; of a link, its target and `LINK`.
    """
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, (content, mode) in sorted(members.items()):
            member = tarfile.TarInfo(name)
            if mode == LINK:
                member.type, member.linkname = tarfile.SYMTYPE, content.decode()
                archive.addfile(member)
                continue
            member.size, member.mode = len(content), mode
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()
