"""From the name of a private engine to its root, which is in the cache or comes from the archive."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Self

from cmdpoint.engines.cache import Progress, silent, usable_cache
from cmdpoint.engines.distribution.apt import Machine, this_machine
from cmdpoint.engines.distribution.archive import Root, roots_folder, unpack
from cmdpoint.engines.distribution.available import AvailableEngines
from cmdpoint.engines.distribution.sandbox import RUNSC
from cmdpoint.engines.faults import ArchiveFault, DiskFull, Fault, UnknownEngine
from cmdpoint.engines.products import PRODUCTS
from cmdpoint.oracle.dialect.data import OWN_STORE, newest_version, version_number
from cmdpoint.oracle.dialect.names import read_name


@dataclass(frozen=True)
class EngineName:
    """The name of a private engine.

    Attributes:
        product: `docker` or `podman`.
        version: The version, or its first numbers, which mean the newest such version; empty for the version
            of the suite.
        suite: The suite; without a version or a suite, `docker` is the newest verified version in any suite,
            and `podman` is the version of the machine's own suite.
        store: The image store as in the name; empty for that of a fresh install.
        runtime: A further runtime, `runsc` or `runsc:SUITE`; empty if the name has none.
    """

    product: str
    version: str = ""
    suite: str = ""
    store: str = ""
    runtime: str = ""

    @property
    def runtime_suite(self) -> str:
        """The suite of the further runtime; empty for the machine's own."""
        return self.runtime.partition(":")[2]

    @classmethod
    def read(cls, name: str) -> Self | None:
        """Read `docker`, `docker:SUITE` or `docker-VERSION`, each with or without `+STORE` at its end.

        `private` and `private:SUITE` mean `docker`. A version can be written in other ways too, such as
        `28.5`: see `cmdpoint.oracle.dialect.names.read_name`. Behind a docker, `/runsc` or `/runsc:SUITE`
        adds gVisor's runtime.

        Returns:
            The engine, or None if the text is not the name of a private engine.
        """
        name, slash, runtime = name.partition("/")
        if slash and not re.fullmatch(rf"{RUNSC.name}(?::[a-z][a-z0-9-]*)?", runtime):
            return None
        wanted = cls._read_engine(name)
        if wanted is None or (slash and wanted.product != "docker"):
            return None
        return replace(wanted, runtime=runtime)

    @classmethod
    def _read_engine(cls, name: str) -> Self | None:
        """Read a name without a further runtime; see `read`."""
        of_suite = re.fullmatch(
            r"(?P<product>private|docker|podman)(?::(?P<suite>[a-z][a-z0-9-]*))?(?:\+(?P<store>[a-z0-9]+))?",
            name,
        )
        if of_suite is not None:
            product = of_suite["product"].replace("private", "docker")
            return cls(product, "", of_suite["suite"] or "", of_suite["store"] or "")
        read = read_name(name)
        if read is None or read.engine not in PRODUCTS or read.builder or read.runtime:
            return None
        return cls(read.engine, read.version, "", read.store)

    @classmethod
    def of(cls, name: str) -> Self:
        """Read a name that must be that of a private engine; see `read`.

        Raises:
            UnknownEngine: It is not.
        """
        wanted = cls.read(name)
        if wanted is None:
            raise UnknownEngine(
                f"there is no private engine {name!r}",
                "a private engine is private, docker-VERSION, podman-VERSION, docker:SUITE or podman:SUITE",
                "name one of these; `cmdpoint engines list` shows the versions and suites",
            )
        return wanted


def root_of(wanted: EngineName, progress: Progress = silent, *, latest: bool = False) -> Root:
    """Return the root of an engine.

    `docker` without a version or a suite is the newest version in any suite that cmdpoint is verified with.
    If that version cannot be downloaded, a progress message says so, and the version of the machine's own
    suite is used.

    An unpacked engine needs no network: a suite means the version that was unpacked for it first.

    Args:
        wanted: The engine.
        progress: Receives progress messages.
        latest: Whether a suite means the version that it has today.

    Raises:
        NoEngine: This machine is neither Debian nor Ubuntu.
        UnknownEngine: The archive has no such engine, or the engine has no such image store.
        ArchiveFault: apt failed, or the archive cannot be reached.
        DiskFull: The disk is full.
    """
    root = _root_of(wanted, progress, latest=latest)
    if wanted.store not in ("", OWN_STORE) and wanted.store not in PRODUCTS[root.product].stores(
        root.version
    ):
        raise UnknownEngine(
            f"{root.name} has no image store {wanted.store!r}",
            "the only other image store is containerd, from Docker 24 on",
            f"name {root.name}, or another version",
        )
    return root


def _root_of(wanted: EngineName, progress: Progress, *, latest: bool) -> Root:
    machine = this_machine()
    if wanted == EngineName("docker", store=wanted.store, runtime=wanted.runtime):
        try:
            return _newest_verified(wanted, progress)
        except DiskFull:
            raise
        except Fault as fault:
            progress(
                f"using the Docker of {machine.suite}, because the newest verified one cannot be fetched: "
                f"{fault.why}"
            )
            wanted = replace(wanted, suite=machine.suite)
    known = None if latest and not wanted.version else known_root(wanted)
    if known is not None:
        return known
    suite = wanted.suite or machine.suite
    root = _unpacked(wanted, suite, progress)
    if not wanted.version:
        link = _link(wanted, machine)
        with usable_cache():
            # The name is random, because another run may do the same.
            new = link.with_name(f".{link.name}.{token_hex(4)}.new")
            new.symlink_to(root.path.name)
            new.replace(link)
    return root


def _newest_verified(wanted: EngineName, progress: Progress) -> Root:
    """Return the root of the newest engine that cmdpoint is verified with; unpack it if necessary.

    Raises:
        UnknownEngine: No suite offers a verified version.
        Fault: See `root_of`.
    """
    newest = newest_version(wanted.product, "")
    if (root := known_root(replace(wanted, version=newest))) is not None:
        return root
    verified = [
        offer.version
        for offer in AvailableEngines.known(progress).offers
        if offer.product == wanted.product and version_number(offer.version) <= version_number(newest)
    ]
    version = max(verified, key=version_number, default=newest)
    return _root_of(replace(wanted, version=version), progress, latest=False)


def every_engine(progress: Progress = silent) -> list[str]:
    """Return the name of every private engine in the archive, with each of its image stores.

    Args:
        progress: Receives progress messages.

    Raises:
        NoEngine: This machine is neither Debian nor Ubuntu.
        ArchiveFault: The archive cannot be reached, and there is no older list.
        DiskFull: The disk is full.
    """
    names: list[str] = []
    for offer in AvailableEngines.known(progress).offers:
        stores = PRODUCTS[offer.product].stores(offer.version)
        names += [offer.name, *(f"{offer.name}+{store}" for store in stores)]
    return names


def known_root(wanted: EngineName) -> Root | None:
    """Return the root of an engine if it is unpacked, without access to the archive.

    Raises:
        NoEngine: This machine is neither Debian nor Ubuntu.
    """
    machine = this_machine()
    path = _link(wanted, machine)
    if wanted.version:
        path = roots_folder() / f"{wanted.product}-{wanted.version}-{machine.arch}"
    if not path.exists():
        return None
    path = path.resolve()
    version = path.name.removeprefix(f"{wanted.product}-").removesuffix(f"-{machine.arch}")
    return Root(path, wanted.product, version)


def _link(wanted: EngineName, machine: Machine) -> Path:
    """The link from a suite to the version that was unpacked for it."""
    return roots_folder() / f"{wanted.product}-{wanted.suite or machine.suite}-{machine.arch}"


def _unpacked(wanted: EngineName, suite: str, progress: Progress) -> Root:
    def attempt(offers: AvailableEngines) -> Root:
        if wanted.version:
            return unpack(offers.of_version(wanted.product, wanted.version), offers, progress)
        return unpack(offers.of_suite(wanted.product, suite), offers, progress)

    offers = AvailableEngines.known(progress)
    try:
        return attempt(offers)
    except ArchiveFault:
        # The archive may no longer have a package of the list, unless the list was just read.
        if offers.was_just_read:
            raise
        return attempt(AvailableEngines.known(progress, refresh=True))


def with_runtime(name: str, suite: str) -> str:
    """The name of an engine, with gVisor's runtime if it is a private Docker without a further runtime.

    Args:
        name: The name of the engine.
        suite: The suite of the runtime; empty for the machine's own.
    """
    wanted = EngineName.read(name)
    if wanted is None or wanted.product != "docker" or wanted.runtime:
        return name
    return f"{name}/{RUNSC.name}{suite and f':{suite}'}"
