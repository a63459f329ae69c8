"""Unpack an engine from the distribution's archive into the user's cache, without installing anything.

apt resolves the dependencies, downloads the packages and verifies them; all are unpacked into one root
folder. No maintainer script runs.
"""

import contextlib
import gzip
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cmdpoint.engines.cache import Progress, cache_folder, locked, silent, usable_cache
from cmdpoint.engines.distribution.apt import Apt, run
from cmdpoint.engines.distribution.available import AvailableEngine, AvailableEngines
from cmdpoint.engines.distribution.child import DIES_WITH_PARENT
from cmdpoint.engines.distribution.sources import APT, machine_sources, sources_of
from cmdpoint.engines.distribution.suites import with_its_base
from cmdpoint.engines.faults import ArchiveFault
from cmdpoint.engines.products import PRODUCTS

# `dpkg-deb -x` would replace the links of a merged /usr with directories.
UNPACK: Final = f"""\
die_with_parent='{" ".join(DIES_WITH_PARENT)}'
root=$1; shift
for package do
    $die_with_parent dpkg-deb --fsys-tarfile "$package" |
        $die_with_parent tar --extract --directory "$root" --keep-directory-symlink --numeric-owner
done
"""


@dataclass(frozen=True)
class Root:
    """An unpacked root file system with an engine in it.

    Attributes:
        path: The root folder, which must not be changed.
        product: `docker` or `podman`.
        version: The engine's upstream version, such as `20.10.24`.
    """

    path: Path
    product: str
    version: str

    @property
    def name(self) -> str:
        """The name of the engine, such as `docker-20.10.24`."""
        return f"{self.product}-{self.version}"

    @property
    def runtimes(self) -> tuple[str, ...]:
        """The runtimes in the root besides the engine's default, such as `crun-1.21`."""
        changes = self.path / "usr/share/doc/crun/changelog.Debian.gz"
        if self.product != "docker" or not (self.path / "usr/bin/crun").exists() or not changes.exists():
            return ()
        with gzip.open(changes, "rt", errors="replace") as file:
            version = re.match(r"crun \((\d+(?:\.\d+)*)", file.readline())
        return (f"crun-{version[1]}",) if version else ()


def roots_folder() -> Path:
    """Return the folder of the cache that contains the roots."""
    return cache_folder() / "roots"


def unpack(offer: AvailableEngine, offers: AvailableEngines, progress: Progress = silent) -> Root:
    """Return the root of an engine from the cache; if it is not there, download and unpack it.

    Files that an interrupted run has downloaded are not downloaded again.

    Args:
        offer: The engine.
        offers: The list that has the engine.
        progress: Receives progress messages.

    Raises:
        ArchiveFault: apt failed, or a package cannot be unpacked.
        DiskFull: The disk is full.
    """
    machine = offers.machine
    roots = roots_folder()
    root = Root(roots / f"{offer.name}-{machine.arch}", offer.product, offer.version)
    with usable_cache():
        roots.mkdir(parents=True, exist_ok=True)
        waiting = f"waiting for another run that unpacks {offer.name}"
        with locked(roots / f".{root.path.name}.lock", lambda: progress(waiting)):
            if root.path.exists():
                return root
            suites = with_its_base(offer.suites[0], machine.distribution)
            sources = sources_of(
                machine_sources(APT, machine.arch), machine.distribution, machine.suite, suites
            )
            work = roots / f".{root.path.name}.new"
            apt = Apt(work, sources, machine.arch, progress)
            reuse_indices(apt.lists)
            packages = _fetch(apt, offer, progress)
            progress(f"unpacking {PRODUCTS[offer.product].title} {offer.package_version}")
            unpack_packages(packages, work / "root")
            # A root gets its name only when it is complete.
            (work / "root").rename(root.path)
            shutil.rmtree(work, ignore_errors=True)
    return root


def reuse_indices(lists: Path) -> None:
    """Reuse the indices that were downloaded for the list of engines; they replace those of earlier runs."""
    for path in (cache_folder() / "index/state/lists").glob("*_*"):
        with contextlib.suppress(FileExistsError, FileNotFoundError):
            (lists / path.name).unlink(missing_ok=True)
            (lists / path.name).hardlink_to(path)


def _fetch(apt: Apt, offer: AvailableEngine, progress: Progress) -> list[Path]:
    product = PRODUCTS[offer.product]
    available = [each.version for each in apt.versions(product.package)]
    if offer.package_version not in available:
        # The indices of the list of engines are missing. If they are too old, a download fails.
        progress("reading the distribution's package index")
        apt.update()
        available = [each.version for each in apt.versions(product.package)]
    if offer.package_version not in available:
        raise ArchiveFault(
            f"the archive no longer has {offer.name}",
            f"{' '.join(offer.suites)}: {product.package} is now {', '.join(available) or 'gone'}",
            "see `cmdpoint engines list --refresh`",
        )
    further = sorted(product.further.intersection(apt.names()))
    return apt.fetch([f"{product.package}={offer.package_version}", *further])


def unpack_packages(packages: list[Path], root: Path) -> None:
    """Unpack packages into a new folder with a merged /usr.

    Args:
        packages: The files of the packages.
        root: The folder; what an interrupted run has left there is removed.

    Raises:
        ArchiveFault: A package cannot be unpacked.
        DiskFull: The disk is full.
    """
    shutil.rmtree(root, ignore_errors=True)
    for folder in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        (root / "usr" / folder).mkdir(parents=True)
        (root / folder).symlink_to(f"usr/{folder}")
    run("unpacking", ["sh", "-euc", UNPACK, "sh", str(root), *map(str, packages)])
