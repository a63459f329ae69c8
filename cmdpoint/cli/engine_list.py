"""The output of `cmdpoint engines list`: daemons that answer, private engines, and the cache."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Final

from cmdpoint.engines.cache import cache_folder
from cmdpoint.engines.daemons import Address, configured_daemon, default_sockets
from cmdpoint.engines.distribution.available import AvailableEngine, AvailableEngines
from cmdpoint.engines.distribution.cached import CachedRoot, cached_roots, size_of
from cmdpoint.engines.distribution.emulator import QEMU
from cmdpoint.engines.distribution.sandbox import RUNSC
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.faults import Fault
from cmdpoint.engines.private.process import check_abilities
from cmdpoint.engines.products import PRODUCTS

_HEAD: Final = ("NAME", "BUILDERS", "STORES", "RUNTIMES", "ON DISK", "IN THE ARCHIVE")


def listing(offers: AvailableEngines | Fault) -> Iterator[str]:
    """Yield the lines.

    Args:
        offers: The engines that the distribution offers, or the fault of reading them.
    """
    yield "Daemons that answer:"
    yield from _indented(list(_daemons()))
    yield ""
    yield "Private engines:"
    roots = cached_roots()
    cached = {each.root.name: each for each in roots if each.root.product in PRODUCTS}
    offered = {} if isinstance(offers, Fault) else {each.name: each for each in offers.offers}
    rows = [
        _row(name, cached.get(name), offered.get(name))
        for name in sorted(offered.keys() | cached.keys(), key=_by_version)
    ]
    if rows:
        yield from _indented(_aligned([_HEAD, *rows]))
    if isinstance(offers, Fault):
        yield from _indented([f"what the archive offers is not known: {offers.what}: {offers.why}"])
    else:
        about = f"{offers.machine.distribution}'s archive was read {offers.date:%Y-%m-%d %H:%M} UTC"
        yield from _indented([about])
    try:
        check_abilities()
    except Fault as fault:
        yield from _indented([f"{fault.what}: {fault.why}; {fault.remedy}"])
    yield ""
    for tool, title in (QEMU, "Emulators for virtual machines:"), (RUNSC, "Runtimes for containers:"):
        if rows := [_tool_row(each) for each in roots if each.root.product == tool.name]:
            yield title
            yield from _indented(_aligned(rows))
            yield ""
    folder = cache_folder()
    yield f"Cache: {folder}, {_megabytes(size_of(folder))}"


def _daemons() -> Iterator[str]:
    try:
        address = configured_daemon()
        targets = [address] if address else [Address(f"unix://{path}") for path in default_sockets()]
    except Fault as fault:
        yield f"none: {fault.what}: {fault.why}"
        return
    silent: list[str] = []
    seen: set[Path] = set()
    for target in targets:
        path = Path(target.url.removeprefix("unix://")).resolve()
        if path in seen:
            continue
        seen.add(path)
        try:
            engine = Engine(target.url, target.tls)
        except Fault as fault:
            silent.append(f"{target.url}: {fault.why}")
            continue
        yield f"{engine.name}  {', '.join(engine.builders)}  {engine.runtime}  {target.url}"
        engine.close()
    if len(silent) == len(seen):
        yield "none"
        yield from silent


def _row(name: str, cached: CachedRoot | None, offer: AvailableEngine | None) -> tuple[str, ...]:
    product, _, version = name.partition("-")
    builders = {"docker": "classic, buildkit", "podman": "buildah"}[product]
    stores = ", ".join(f"+{store}" for store in PRODUCTS[product].stores(version))
    runtimes = ", ".join(cached.root.runtimes) if cached else ""
    disk = (_megabytes(cached.size) + (", in use" if cached.in_use else "")) if cached else "-"
    return name, builders, stores, runtimes, disk, ", ".join(offer.suites) if offer else "no longer"


def _tool_row(cached: CachedRoot) -> tuple[str, ...]:
    return cached.root.name, _megabytes(cached.size) + (", in use" if cached.in_use else "")


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
