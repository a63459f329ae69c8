"""Unpack a tool that is no engine, such as QEMU, from the distribution, without installing it."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cmdpoint.engines.cache import Progress, locked, usable_cache
from cmdpoint.engines.distribution.apt import Apt, this_machine
from cmdpoint.engines.distribution.archive import reuse_indices, roots_folder, unpack_packages
from cmdpoint.engines.distribution.available import upstream
from cmdpoint.engines.distribution.sources import APT, machine_sources, sources_of
from cmdpoint.engines.distribution.suites import with_its_base
from cmdpoint.engines.faults import ArchiveFault, NoEngine


@dataclass(frozen=True)
class Tool:
    """A tool that the distribution offers for amd64.

    Attributes:
        name: The beginning of the names of its roots, such as `qemu`.
        title: The usual name, such as `QEMU`.
        packages: Its packages; the first has its version.
        missing: What is not possible without it, as a fault says it.
    """

    name: str
    title: str
    packages: tuple[str, ...]
    missing: str


@dataclass(frozen=True)
class UnpackedTool:
    """An unpacked tool.

    Attributes:
        path: Its root folder, which must not be changed.
    """

    path: Path

    @property
    def name(self) -> str:
        """Its name with its version, such as `qemu-7.2`."""
        return self.path.name.rpartition("-")[0]

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Prevent other processes from removing it inside the context."""
        import fcntl  # noqa: PLC0415 - only POSIX has it

        descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield
        finally:
            os.close(descriptor)


def unpacked_tool(tool: Tool, suite: str, progress: Progress) -> Path:
    """Return the root of a tool from the cache; if it is not there, download and unpack it.

    Args:
        tool: The tool.
        suite: The suite; empty for the machine's own.
        progress: Receives progress messages.

    Raises:
        NoEngine: This machine is neither Debian nor Ubuntu, or its CPU is not amd64.
        ArchiveFault: The archive cannot be reached, or the suite has no such package.
        DiskFull: The disk is full.
    """
    machine = this_machine()
    if machine.arch != "amd64":
        why = f"cmdpoint unpacks {tool.title} for amd64 only; this machine is {machine.arch}"
        raise NoEngine(tool.missing, why, "run it on amd64")
    suite = suite or machine.suite
    roots = roots_folder()
    link = roots / f"{tool.name}-{suite}-amd64"
    with usable_cache():
        roots.mkdir(parents=True, exist_ok=True)
        waiting = f"waiting for another run that unpacks the {tool.title} of {suite}"
        with locked(roots / f".{link.name}.lock", lambda: progress(waiting)):
            if not link.exists():
                suites = with_its_base(suite, machine.distribution)
                sources = machine_sources(APT, machine.arch)
                chosen = sources_of(sources, machine.distribution, machine.suite, suites)
                work = roots / f".{link.name}.new"
                root = _unpacked(tool, Apt(work, chosen, machine.arch, progress), work, progress)
                with contextlib.suppress(FileNotFoundError):
                    link.unlink()
                link.symlink_to(root.name)
                shutil.rmtree(work, ignore_errors=True)
    return link.resolve()


def _unpacked(tool: Tool, apt: Apt, work: Path, progress: Progress) -> Path:
    """The root folder, downloaded and unpacked."""
    reuse_indices(apt.lists)
    apt.update()
    versions = {each.package: each.version for each in reversed(apt.versions(*tool.packages))}
    if missing := [package for package in tool.packages if package not in versions]:
        raise ArchiveFault(
            tool.missing,
            f"the distribution's archive has no {' and no '.join(missing)} for this suite",
            "name another suite",
        )
    root = roots_folder() / f"{tool.name}-{upstream(versions[tool.packages[0]])}-amd64"
    if not root.exists():
        packages = apt.fetch(list(tool.packages))
        progress(f"unpacking {tool.title} {versions[tool.packages[0]]}")
        unpack_packages(packages, work / "root")
        (work / "root").rename(root)
    return root
