"""Measure everything that chapter 10 needs, on one host: a process, containers and virtual machines."""

import datetime
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from cmdpoint.engines.cache import Progress
from cmdpoint.engines.distribution.cached import size_of
from cmdpoint.engines.distribution.emulator import Emulator
from cmdpoint.engines.distribution.minimal import minimal
from cmdpoint.engines.distribution.sandbox import sandbox
from cmdpoint.engines.private.process import PrivateEngine
from cmdpoint.machines.claims import MachineRule
from cmdpoint.machines.container import OPTIONS, SANDBOX_OPTIONS, Containers, containers, on_the_host
from cmdpoint.machines.deployment import Deployment
from cmdpoint.machines.images import write_distribution
from cmdpoint.machines.probe import program
from cmdpoint.machines.virtual import Machines

STARTS: Final = 3
"""How often a start is measured; the median counts."""

HOST_STARTS: Final = 21
"""The same for a process of the host: its start is so short that other work of the host shows in it."""

MANY: Final = 10
"""How many run at the same time."""

RATIOS: Final = ("start", "loop", "resident", "size")
TOGETHER: Final = ("start", "resident", "proportional", "cpu")

Values = dict[str, dict[str, Any]]
"""The reports by the name of what was run."""


@dataclass(frozen=True)
class Subjects:
    """What is measured.

    Attributes:
        engine: The name of the engine.
        remapping_engine: The name of an engine that can give one container a user namespace.
        emulator: QEMU and a kernel.
        suite: The suite of the minimal distribution; empty for the machine's own.
        acceleration: `tcg` for emulation, or `kvm`.
        rules: The rules, whose command lines of the kernel are observed.
    """

    engine: str
    remapping_engine: str
    emulator: Emulator
    suite: str
    acceleration: str
    rules: list[MachineRule]


def measure(subjects: Subjects, progress: Progress) -> dict[str, Any]:
    """Measure, and return a record.

    Args:
        subjects: What is measured.
        progress: Receives progress messages.

    Raises:
        Fault: Something could not be started; that is no verdict.
    """
    values: Values = {"host": _measure_host(progress)}
    values["many"] = {"host": on_the_host(count=MANY)}
    with tempfile.TemporaryDirectory() as folder:
        archive, initial = Path(folder, "distribution.tar"), Path(folder, "distribution.cpio")
        write_distribution(minimal(subjects.suite, progress), archive, initial)
        names = _measure_engines(subjects, archive, values, progress)
        machines = Machines(subjects.emulator, subjects.acceleration)
        boots, panics = _measure_machines(machines, subjects.rules, values, progress)
        progress("starting a virtual machine with the minimal distribution")
        values["machine_distribution"] = machines.boot("--", initial=initial, memory=1024)
        values["machine_distribution"] |= machines.deployment.values()
    add_ratios(values)
    if subjects.acceleration == "kvm":
        values["hardware"] = values["machine"]
    date = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    emulated = {"emulator": subjects.emulator.name, "acceleration": subjects.acceleration}
    return {
        "schema": 2,
        "date": date,
        **names,
        **emulated,
        "values": values,
        "boots": boots,
        "panics": panics,
    }


def _measure_host(progress: Progress) -> dict[str, Any]:
    """The report of a process of the host."""
    progress("running the program on the host")
    report = on_the_host(idle=True)
    # The host does other work, which can only make a loop slower: the fastest of three counts.
    report["loop"] = min(report["loop"], *(on_the_host(idle=True)["loop"] for _ in range(STARTS - 1)))
    report["start"] = median(on_the_host()["start"] for _ in range(HOST_STARTS))
    deployment = Deployment({"program": len(program())}, [["program"]])
    return report | deployment.values()


def _measure_engines(subjects: Subjects, archive: Path, values: Values, progress: Progress) -> dict[str, str]:
    """Add the reports of containers; return the names of the engines and of gVisor's runtime."""
    with containers(subjects.engine, progress) as engine:
        _measure_containers(engine, values, progress)
        _measure_distribution(engine, archive, values, progress)
        names = {"engine": engine.engine, "sandbox": engine.sandbox}
    if "sandbox" in values and "size" in values["engine"]:
        values["sandbox"]["runtime_size"] = sandbox(subjects.suite, progress).programs[0].stat().st_size
    with containers(subjects.remapping_engine, progress) as remapping:
        progress("running the program in a container with a user namespace")
        values["remapped"] = remapping.run(("--uidmap=0:100000:1000",), ())
        names["remapping_engine"] = remapping.engine
    return names


def _measure_containers(engine: Containers, values: Values, progress: Progress) -> None:
    """Add the reports of containers."""
    sandboxes = SANDBOX_OPTIONS if engine.sandbox else {}
    if not sandboxes:
        progress("the engine has no runtime runsc: gVisor is not measured")
    values["engine"] = engine.own_use()
    if isinstance(private := engine.running.private, PrivateEngine):
        values["engine"]["size"] = size_of(private.root.path)
    for each, options in {**OPTIONS, **sandboxes}.items():
        progress(f"running the program in a container: {' '.join(options) or 'no options'}")
        values[each] = engine.run(options, ("wait",), idle=True)
    values["limited"]["set"] = engine.inspected_limits()
    for each, options in {"container": (), "sandbox": ("--runtime=runsc",)}.items():
        if each in values:
            again = [engine.run(options, ("wait",))["loop"] for _ in range(STARTS - 1)]
            values[each]["loop"] = min(values[each]["loop"], *again)
            values[each]["start"] = median(engine.run(options, ())["start"] for _ in range(STARTS))
            values[each] |= engine.deployment.values()
            progress(f"running {MANY} containers at the same time: {' '.join(options) or 'no options'}")
            values["many"][each] = engine.together(MANY, options)
    progress("trying images for Windows and for another CPU")
    values["windows"] = engine.for_windows()
    values["other_cpu"] = engine.for_another_cpu()


def _measure_distribution(engine: Containers, archive: Path, values: Values, progress: Progress) -> None:
    """Add the report of a container of the minimal distribution."""
    progress("running the program in a container of the minimal distribution")
    image = engine.imported(archive, "minimal")
    try:
        values["container_distribution"] = engine.run((), (), image=image)
    finally:
        engine.remove(image)
    values["container_distribution"] |= {"size": archive.stat().st_size, "files": 1}


def _measure_machines(
    machines: Machines, rules: list[MachineRule], values: Values, progress: Progress
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Add the reports of virtual machines; return the first program's argv, or the panic, by command line."""
    progress(f"starting a virtual machine ({machines.acceleration})")
    values["machine"] = machines.boot("-- wait", idle=True)
    values["machine"] |= machines.deployment.values()
    values["emulator"] = {"size": size_of(machines.emulator.path)}
    progress("starting a boot sector")
    values["boot_sector"] = machines.boot_sector()
    lines = [line for rule in rules for line in rule.boots]
    progress(f"starting the kernel with {len(lines)} command lines")
    reports = {line: machines.boot(line) for line in lines[:STARTS]}
    values["machine"]["start"] = median(report["start"] for report in reports.values())
    # The others are not timed, so two of them can share the CPUs.
    with ThreadPoolExecutor(2) as pool:
        reports |= zip(lines[STARTS:], pool.map(machines.boot, lines[STARTS:]), strict=True)
    panics = {line: machines.panic(line) for rule in rules for line in rule.panics}
    progress(f"starting {MANY} virtual machines at the same time")
    values["many"]["machine"] = machines.together(MANY)
    return {line: report["argv"] for line, report in reports.items()}, panics


def add_ratios(values: Values) -> None:
    """Add the ratios to the host's process, and of the two ways to ship a distribution."""
    subjects = [name for name in ("container", "sandbox", "machine") if name in values]
    host, many = values["host"], values["many"]
    values["ratio"] = {name: {key: values[name][key] / host[key] for key in RATIOS} for name in subjects}
    values["many_ratio"] = {
        name: {key: many[name][key] / many["container"][key] for key in TOGETHER if many["container"][key]}
        for name in subjects
    }
    shipped = values["machine_distribution"]["size"], values["container_distribution"]["size"]
    values["ratio"]["distribution"] = {"size": shipped[0] / shipped[1]}
