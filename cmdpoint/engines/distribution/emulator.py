"""Unpack QEMU and a kernel for virtual machines from the distribution, without installing them."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cmdpoint.engines.cache import Progress, locked, silent, usable_cache
from cmdpoint.engines.distribution.apt import Apt, this_machine
from cmdpoint.engines.distribution.archive import reuse_indices, roots_folder, unpack_packages
from cmdpoint.engines.distribution.available import upstream
from cmdpoint.engines.distribution.sources import APT, machine_sources, sources_of
from cmdpoint.engines.distribution.suites import with_its_base
from cmdpoint.engines.faults import ArchiveFault, NoEngine

EMULATOR: Final = "qemu"
"""The beginning of the names of unpacked emulators."""

PACKAGES: Final = ("qemu-system-x86", "linux-image-cloud-amd64")


@dataclass(frozen=True)
class Emulator:
    """An unpacked QEMU with a kernel.

    Attributes:
        path: Its root folder, which must not be changed.
    """

    path: Path

    @property
    def name(self) -> str:
        """Its name with its version, such as `qemu-7.2`."""
        return self.path.name.rpartition("-")[0]

    @property
    def kernel(self) -> Path:
        """The file of the kernel."""
        return next(self.path.glob("boot/vmlinuz-*"))

    @property
    def argv(self) -> list[str]:
        """The command line that starts QEMU with its own loader, libraries and firmware."""
        usr, library = self.path / "usr", self._library
        loader = next(library.glob("ld-linux*.so.*"))
        firmware = ["-L", f"{usr}/share/qemu", "-L", f"{usr}/share/seabios"]
        libraries = f"{library}:{library}/pulseaudio"
        return [str(loader), "--library-path", libraries, f"{usr}/bin/qemu-system-x86_64", *firmware]

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that QEMU needs."""
        return {"QEMU_MODULE_DIR": f"{self._library}/qemu"}

    @property
    def _library(self) -> Path:
        return next(self.path.glob("usr/lib/*/libc.so.6")).parent

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


def emulator(suite: str = "", progress: Progress = silent) -> Emulator:
    """Return the emulator of a suite from the cache; if it is not there, download and unpack it.

    Args:
        suite: The suite; by default the machine's own.
        progress: Receives progress messages.

    Raises:
        NoEngine: This machine is neither Debian nor Ubuntu, or its CPU is not amd64.
        ArchiveFault: The archive cannot be reached, or the suite has no such package.
        DiskFull: The disk is full.
    """
    machine = this_machine()
    if machine.arch != "amd64":
        raise NoEngine(
            "no virtual machine can be started",
            f"cmdpoint has a kernel and a program for amd64 only; this machine is {machine.arch}",
            "run it on amd64",
        )
    suite = suite or machine.suite
    roots = roots_folder()
    link = roots / f"{EMULATOR}-{suite}-amd64"
    with usable_cache():
        roots.mkdir(parents=True, exist_ok=True)
        waiting = f"waiting for another run that unpacks the QEMU of {suite}"
        with locked(roots / f".{link.name}.lock", lambda: progress(waiting)):
            if not link.exists():
                suites = with_its_base(suite, machine.distribution)
                sources = machine_sources(APT, machine.arch)
                chosen = sources_of(sources, machine.distribution, machine.suite, suites)
                work = roots / f".{link.name}.new"
                root = _unpacked(Apt(work, chosen, machine.arch, progress), work, progress)
                with contextlib.suppress(FileNotFoundError):
                    link.unlink()
                link.symlink_to(root.name)
                shutil.rmtree(work, ignore_errors=True)
    return Emulator(link.resolve())


def _unpacked(apt: Apt, work: Path, progress: Progress) -> Path:
    """The root folder, downloaded and unpacked."""
    reuse_indices(apt.lists)
    apt.update()
    versions = {each.package: each.version for each in reversed(apt.versions(*PACKAGES))}
    if missing := [package for package in PACKAGES if package not in versions]:
        raise ArchiveFault(
            "no virtual machine can be started",
            f"the distribution's archive has no {' and no '.join(missing)} for this suite",
            "name another suite with --suite",
        )
    root = roots_folder() / f"{EMULATOR}-{upstream(versions[PACKAGES[0]])}-amd64"
    if not root.exists():
        packages = apt.fetch(list(PACKAGES))
        progress(f"unpacking QEMU {versions[PACKAGES[0]]}")
        unpack_packages(packages, work / "root")
        (work / "root").rename(root)
    return root
