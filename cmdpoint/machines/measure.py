"""Measure everything that chapter 10 needs, on one host: a process, containers and virtual machines."""

import datetime
from statistics import median
from typing import Any, Final

from cmdpoint.engines.cache import Progress
from cmdpoint.engines.distribution.emulator import Emulator
from cmdpoint.machines.container import OPTIONS, containers, on_the_host
from cmdpoint.machines.probe import program
from cmdpoint.machines.virtual import boot, boot_sector, initial_files

STARTS: Final = 3
"""How often a start is measured; the median counts."""

Values = dict[str, dict[str, Any]]
"""The reports by the name of what was run."""


def measure(
    engine: str, emulator: Emulator, boots: list[str], acceleration: str, progress: Progress
) -> dict[str, Any]:
    """Measure, and return a record.

    Args:
        engine: The name of the engine.
        emulator: QEMU and a kernel.
        boots: The command lines of the kernel whose first program is observed.
        acceleration: `tcg` for emulation, or `kvm`.
        progress: Receives progress messages.

    Raises:
        Fault: Something could not be started; that is no verdict.
    """
    progress("running the program on the host")
    values: Values = {"host": on_the_host(idle=True)}
    # The host does other work, which only makes a loop slower: the fastest of three counts.
    values["host"]["loop"] = min(on_the_host(idle=True)["loop"] for _ in OPTIONS)
    values["host"]["start"] = median(on_the_host()["start"] for _ in range(STARTS))
    engine = _measure_containers(engine, values, progress)
    argvs = _measure_machines(emulator, boots, acceleration, values, progress)
    _add_sizes(values, emulator)
    values["ratio"] = {name: _ratios(values[name], values["host"]) for name in ("container", "machine")}
    if acceleration == "kvm":
        values["hardware"] = values["machine"]
    return {
        "schema": 1,
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "engine": engine,
        "emulator": emulator.name,
        "acceleration": acceleration,
        "values": values,
        "boots": argvs,
    }


def _measure_containers(name: str, values: Values, progress: Progress) -> str:
    """Add the reports of containers; return the engine with its version and runtime."""
    with containers(name, progress) as engine:
        for each, options in OPTIONS.items():
            progress(f"running the program in a container: {' '.join(options) or 'no options'}")
            values[each] = engine.run(options, ("wait",), idle=True)
        values["container"]["loop"] = min(values[each]["loop"] for each in OPTIONS)
        values["container"]["start"] = median(engine.run((), ())["start"] for _ in range(STARTS))
        values["windows"] = engine.refused_import("windows/amd64")
        values["other_cpu"] = engine.other_cpu()
    return engine.engine


def _measure_machines(
    emulator: Emulator, boots: list[str], acceleration: str, values: Values, progress: Progress
) -> dict[str, list[str]]:
    """Add the reports of virtual machines; return the argv of the first program for each command line."""
    progress(f"starting a virtual machine ({acceleration})")
    values["machine"] = boot(emulator, "-- wait", acceleration=acceleration, idle=True)
    progress("starting a boot sector")
    values["boot_sector"] = boot_sector(emulator, acceleration=acceleration)
    reports: Values = {}
    for number, line in enumerate(boots, 1):
        progress(f"starting the kernel with command line {number} of {len(boots)}: {line}")
        reports[line] = boot(emulator, line, acceleration=acceleration)
    values["machine"]["start"] = median(report["start"] for report in reports.values())
    return {line: report["argv"] for line, report in reports.items()}


def _add_sizes(values: Values, emulator: Emulator) -> None:
    """Add the size and the number of the files that are needed besides the engine or the emulator."""
    size = len(program())
    values["host"] |= {"size": size, "files": 1}
    values["container"] |= {"size": size, "files": 1}
    kernel = emulator.kernel.stat().st_size
    values["machine"] |= {"size": kernel + len(initial_files()), "files": 2}


def _ratios(values: dict[str, Any], host: dict[str, Any]) -> dict[str, float]:
    return {name: values[name] / host[name] for name in ("start", "loop", "resident", "size")}
