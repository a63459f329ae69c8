"""A process, a container and a virtual machine, live: a short share of `tox run -e vm`."""

from collections.abc import Callable
from typing import Any

import pytest

from cmdpoint.cli.printing import say
from cmdpoint.engines.distribution.emulator import emulator
from cmdpoint.engines.faults import ArchiveFault, NoEngine
from cmdpoint.machines.claims import machine_rules
from cmdpoint.machines.container import containers, on_the_host
from cmdpoint.machines.virtual import Machines

LINE = 'early NAME=1 -- "late one" "" wait'


def test_whose_kernel_answers(engine_url: str) -> None:
    """The claims on process and kernel hold here, and the words of the kernel's command line arrive."""
    machines = _available(lambda: Machines(emulator("", say), "tcg"))
    values: dict[str, Any] = {"host": on_the_host(idle=True)}
    with containers(engine_url, say) as engine:
        values["container"] = engine.run((), ("wait",), idle=True)
    values["machine"] = machines.boot(LINE, idle=True)
    record = {"values": values, "boots": {}, "panics": {}}
    rules = {rule.id: rule for rule in machine_rules()}
    for name in ("MACHINE-1", "MACHINE-2", "MACHINE-10", "MACHINE-13"):
        assert rules[name].failures(record) == []
    assert values["container"]["resident"] < values["machine"]["resident"]
    assert machines.deployment.values()["files"] > engine.deployment.values()["files"]
    assert values["machine"]["argv"] == ["/init", "early", "late one", "", "wait"]
    assert machines.boot_sector()["line"] == "not a Linux"


def _available(start: Callable[[], Machines]) -> Machines:
    try:
        return start()
    except (ArchiveFault, NoEngine) as fault:
        pytest.skip(f"there is no QEMU here: {fault.why}")
