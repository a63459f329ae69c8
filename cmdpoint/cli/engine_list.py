"""What `cmdpoint engines list` shows: daemons that answer, private engines, emulators, and the cache."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from cmdpoint.engines.cache import cache_folder
from cmdpoint.engines.daemons import Address, configured_daemon, default_sockets
from cmdpoint.engines.distribution.available import AvailableEngine, AvailableEngines
from cmdpoint.engines.distribution.cached import CachedRoot, cached_roots, size_of
from cmdpoint.engines.distribution.emulator import QEMU
from cmdpoint.engines.distribution.minimal import MINIMAL
from cmdpoint.engines.distribution.sandbox import RUNSC
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.faults import Fault
from cmdpoint.engines.private.process import check_abilities
from cmdpoint.engines.products import PRODUCTS

_HEAD: Final = ("NAME", "BUILDERS", "STORES", "RUNTIMES", "ON DISK", "IN THE ARCHIVE")


@dataclass(frozen=True, slots=True)
class Daemon:
    """An address, and the daemon that answers there.

    Attributes:
        url: The address; empty if the configuration names none that can be used.
        name: The engine; empty if none answers.
        builders: Its builders.
        runtime: Its runtime.
        fault: Why none answers; empty if one does.
    """

    url: str
    name: str = ""
    builders: tuple[str, ...] = ()
    runtime: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class PrivateEngine:
    """A private engine that is unpacked, or that the distribution offers.

    Attributes:
        name: Its name.
        root: The unpacked engine, or None.
        offer: The offer, or None.
    """

    name: str
    root: CachedRoot | None
    offer: AvailableEngine | None

    @property
    def builders(self) -> tuple[str, ...]:
        """Its builders."""
        return {"docker": ("classic", "buildkit"), "podman": ("buildah",)}[self.name.partition("-")[0]]

    @property
    def stores(self) -> tuple[str, ...]:
        """Its further image stores."""
        product, _, version = self.name.partition("-")
        return tuple(PRODUCTS[product].stores(version))


@dataclass(frozen=True, slots=True)
class EngineList:
    """All engines.

    Attributes:
        daemons: The addresses of daemons.
        private: The private engines, the oldest version of each product first.
        archive: What the archive offers, or why that is not known.
        cannot_run: Why private engines cannot run here; None if they can.
        emulators: The unpacked emulators of virtual machines.
        sandboxes: The unpacked runtimes.
        distributions: The unpacked minimal distributions.
        cache: The folder of the cache.
    """

    daemons: tuple[Daemon, ...]
    private: tuple[PrivateEngine, ...]
    archive: AvailableEngines | Fault
    cannot_run: Fault | None
    emulators: tuple[CachedRoot, ...]
    sandboxes: tuple[CachedRoot, ...]
    distributions: tuple[CachedRoot, ...]
    cache: Path


def engine_list(offers: AvailableEngines | Fault) -> EngineList:
    """Find all engines.

    Args:
        offers: The engines that the distribution offers, or the fault of reading them.
    """
    roots = cached_roots()
    cached = {each.root.name: each for each in roots if each.root.product in PRODUCTS}
    offered = {} if isinstance(offers, Fault) else {each.name: each for each in offers.offers}
    names = sorted(offered.keys() | cached.keys(), key=_by_version)
    cannot_run = None
    try:
        check_abilities()
    except Fault as fault:
        cannot_run = fault
    return EngineList(
        tuple(_daemons()),
        tuple(PrivateEngine(name, cached.get(name), offered.get(name)) for name in names),
        offers,
        cannot_run,
        tuple(each for each in roots if each.root.product == QEMU.name),
        tuple(each for each in roots if each.root.product == RUNSC.name),
        tuple(each for each in roots if each.root.product == MINIMAL.name),
        cache_folder(),
    )


def _daemons() -> Iterator[Daemon]:
    try:
        address = configured_daemon()
        targets = [address] if address else [Address(f"unix://{path}") for path in default_sockets()]
    except Fault as fault:
        yield Daemon("", fault=f"{fault.what}: {fault.why}")
        return
    seen: set[Path] = set()
    for target in targets:
        path = Path(target.url.removeprefix("unix://")).resolve()
        if path in seen:
            continue
        seen.add(path)
        try:
            engine = Engine(target.url, target.tls)
        except Fault as fault:
            yield Daemon(target.url, fault=fault.why)
            continue
        yield Daemon(target.url, engine.name, tuple(engine.builders), engine.runtime)
        engine.close()


def as_text(found: EngineList) -> Iterator[str]:
    """Yield the lines."""
    yield "Daemons that answer:"
    yield from _indented(list(_daemon_lines(found.daemons)))
    yield ""
    yield "Private engines:"
    rows = [_row(each) for each in found.private]
    if rows:
        yield from _indented(_aligned([_HEAD, *rows]))
    yield from _indented([_archive(found.archive)])
    if (fault := found.cannot_run) is not None:
        yield from _indented([f"{fault.what}: {fault.why}; {fault.remedy}"])
    yield ""
    tools = {
        "Emulators for virtual machines:": found.emulators,
        "Runtimes for containers:": found.sandboxes,
        "Minimal distributions, for `cmdpoint machines`:": found.distributions,
    }
    for title, roots in tools.items():
        if roots:
            yield title
            yield from _indented(_aligned([(each.root.name, _size(each)) for each in roots]))
            yield ""
    yield f"Cache: {found.cache}, {_megabytes(size_of(found.cache))}"


def _daemon_lines(daemons: tuple[Daemon, ...]) -> Iterator[str]:
    answering = [each for each in daemons if not each.fault]
    if not answering:
        yield "none" if all(each.url for each in daemons) else f"none: {daemons[0].fault}"
        yield from (f"{each.url}: {each.fault}" for each in daemons if each.url)
    for each in answering:
        yield f"{each.name}  {', '.join(each.builders)}  {each.runtime}  {each.url}"


def _archive(archive: AvailableEngines | Fault) -> str:
    if isinstance(archive, Fault):
        return f"what the archive offers is not known: {archive.what}: {archive.why}"
    return f"{archive.machine.distribution}'s archive was read {archive.date:%Y-%m-%d %H:%M} UTC"


def _row(engine: PrivateEngine) -> tuple[str, ...]:
    stores = ", ".join(f"+{store}" for store in engine.stores)
    root, offer = engine.root, engine.offer
    runtimes = ", ".join(root.root.runtimes) if root else ""
    disk = _size(root) if root else "-"
    suites = ", ".join(offer.suites) if offer else "no longer"
    return engine.name, ", ".join(engine.builders), stores, runtimes, disk, suites


def _size(root: CachedRoot) -> str:
    return _megabytes(root.size) + (", in use" if root.in_use else "")


def _by_version(name: str) -> tuple[str, tuple[int, ...]]:
    product, _, version = name.partition("-")
    return product, tuple(map(int, version.split(".")))


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _indented(lines: list[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


def schema() -> str:
    """The JSON Schema of `as_json`."""
    return files("cmdpoint").joinpath("schema/engines-output.schema.json").read_text("utf-8")


def as_json(found: EngineList) -> str:
    """The list as JSON."""
    archive: dict[str, Any] = {"distribution": None, "read": None, "fault": None}
    if isinstance(found.archive, Fault):
        archive["fault"] = f"{found.archive.what}: {found.archive.why}"
    else:
        archive |= {
            "distribution": found.archive.machine.distribution,
            "read": f"{found.archive.date:%Y-%m-%dT%H:%MZ}",
        }
    data = {
        "cmdpoint": "engines",
        "schema": 1,
        "daemons": [
            {"url": each.url, "name": each.name, "builders": list(each.builders), "runtime": each.runtime}
            for each in found.daemons
            if not each.fault
        ],
        "silent": [{"url": each.url, "why": each.fault} for each in found.daemons if each.fault],
        "private": [_private(each) for each in found.private],
        "archive": archive,
        "cannot_run": None
        if found.cannot_run is None
        else f"{found.cannot_run.what}: {found.cannot_run.why}",
        "emulators": [{"name": each.root.name, "bytes": each.size} for each in found.emulators],
        "sandboxes": [{"name": each.root.name, "bytes": each.size} for each in found.sandboxes],
        "distributions": [{"name": each.root.name, "bytes": each.size} for each in found.distributions],
        "cache": {"path": str(found.cache), "bytes": size_of(found.cache)},
    }
    return json.dumps(data, indent=2) + "\n"


def _private(engine: PrivateEngine) -> dict[str, Any]:
    root = engine.root
    return {
        "name": engine.name,
        "builders": list(engine.builders),
        "stores": list(engine.stores),
        "runtimes": list(root.root.runtimes) if root else [],
        "bytes": root.size if root else None,
        "in_use": bool(root and root.in_use),
        "suites": list(engine.offer.suites) if engine.offer else [],
    }
