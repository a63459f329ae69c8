"""Chapter 10: its claims hold in the record, wrong records are found, and the program reports the truth."""

import copy
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cmdpoint.machines.claims import Claim, MachineRule, machine_rules
from cmdpoint.machines.observe import observe
from cmdpoint.machines.page import records_in, write_page
from cmdpoint.machines.probe import COMPILE, program
from cmdpoint.machines.virtual import initial_files

ROOT = Path(__file__).parents[2]
RULES = {rule.id: rule for rule in machine_rules()}
RECORDS = records_in(ROOT / "docs")
EMULATORS = [str(record["emulator"]) for record in RECORDS]

needs_amd64 = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="the program is for Linux on amd64"
)


def test_there_are_two_kernels() -> None:
    """The records are of virtual machines with different kernels."""
    assert len({record["values"]["machine"]["kernel"] for record in RECORDS}) >= 2


@pytest.mark.parametrize("record", RECORDS, ids=EMULATORS)
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_records_show_the_claims(rule: MachineRule, record: dict[str, Any]) -> None:
    """No claim of a rule is refuted, and each command line was observed."""
    assert rule.failures(record) == []
    assert rule.boots.keys() <= record["boots"].keys()


@pytest.mark.parametrize("record", RECORDS, ids=EMULATORS)
def test_what_is_not_measured_has_no_verdict(record: dict[str, Any]) -> None:
    """Emulation says nothing about the start of a virtual machine, and advice is not measured."""
    assert record["acceleration"] == "tcg"
    verdicts = {name: rule.verdict(record) for name, rule in RULES.items()}
    unknown = {name for name, verdict in verdicts.items() if verdict == "not measurable here"}
    assert unknown == {"MACHINE-4", "MACHINE-13"}


def test_every_wrong_value_is_found() -> None:
    """A container with a kernel of its own, such as gVisor's, refutes the claims on the shared kernel."""
    record = copy.deepcopy(RECORDS[0])
    record["values"]["container"] |= {"boot": "another", "kernel": "4.4.0"}
    record["boots"]["-- a b a"] = ["/init", "b", "a"]
    wrong = {name for name, rule in RULES.items() if rule.verdict(record) == "does not hold"}
    assert wrong == {"MACHINE-2", "MACHINE-12", "BOOT-1"}


@pytest.mark.parametrize(
    ("text", "result"),
    [("a.x == 1", True), ("a.x > b.x", False), ('a.y contains "o w"', True), ("a.z == 1", None)],
)
def test_a_claim_compares_two_values(text: str, result: bool | None) -> None:
    """A claim with a value that was not measured is neither true nor false."""
    assert Claim(text).check({"a": {"x": 1, "y": "two words"}, "b": {"x": 2}}) is result


def test_the_page_is_that_of_the_records(tmp_path: Path) -> None:
    """`tox run -e vm -- --write docs` has written the page and the chart."""
    for path in (ROOT / "docs").glob("machines-*.json"):
        shutil.copy(path, tmp_path)
    write_page(tmp_path)
    for name in ("machines.md", "machines.svg"):
        assert (tmp_path / name).read_text("utf-8") == (ROOT / "docs" / name).read_text("utf-8")
    assert "VM, emulated" in (tmp_path / "machines.svg").read_text("utf-8")


@needs_amd64
@pytest.mark.parametrize("source", ["committed", "compiled"])
def test_the_program_reports_what_python_sees(source: str, tmp_path: Path) -> None:
    """The committed program, and one that is compiled from its source here."""
    path = tmp_path / "report"
    path.write_bytes(program())
    if source == "compiled":
        if shutil.which("gcc") is None:
            pytest.skip("there is no gcc here")
        code = ROOT / "cmdpoint/machines/probe/report.c"
        subprocess.run([*COMPILE, "-o", str(path), str(code)], check=True)
    path.chmod(0o755)
    argv = ["a b", "", '"\\\n', "é", "wait"]
    report = observe(argv, executable=str(path), idle=True)
    assert report["argv"] == argv
    assert report["seen"] == 1
    assert report["resident"] > 0
    assert report["kernel"] == platform.release()
    assert report["boot"] == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    names = {name: os.stat(f"/proc/self/ns/{name}").st_ino for name in report["namespaces"]}
    assert report["namespaces"] == names


@pytest.mark.skipif(shutil.which("cpio") is None, reason="there is no cpio here")
def test_cpio_reads_the_initial_files() -> None:
    """The initial file system is an archive that cpio reads."""
    done = subprocess.run(["cpio", "-it", "--quiet"], input=initial_files(), capture_output=True, check=True)
    assert done.stdout.decode().split() == ["dev", "dev/console", "init", "proc"]
