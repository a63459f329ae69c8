"""Chapter 10: its claims hold in the record, wrong records are found, and the program reports the truth."""

import copy
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cmdpoint.__main__ import main
from cmdpoint.engines.distribution.emulator import Emulator
from cmdpoint.exit_codes import ExitCode
from cmdpoint.machines.chart import chart
from cmdpoint.machines.claims import Claim, MachineRule, machine_rules
from cmdpoint.machines.comparison import comparison
from cmdpoint.machines.images import initial_files
from cmdpoint.machines.measure import add_ratios
from cmdpoint.machines.measured import measured
from cmdpoint.machines.observe import Command, observe
from cmdpoint.machines.page import write_page
from cmdpoint.machines.probe import COMPILE, program
from cmdpoint.machines.processes import usage, with_descendants
from cmdpoint.machines.records import records_in, repeated_records, write_record

ROOT = Path(__file__).parents[2]
RULES = {rule.id: rule for rule in machine_rules()}
RECORDS = records_in()
EMULATORS = [str(record["emulator"]) for record in RECORDS]
REPEATED = repeated_records()
EVERY = [record for pair in REPEATED for record in pair]
DATES = [f"{record['emulator']} {record['date']}" for record in EVERY]

needs_amd64 = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="the program is for Linux on amd64"
)


def test_there_are_two_kernels() -> None:
    """The records are of virtual machines with different kernels."""
    assert len({record["values"]["machine"]["kernel"] for record in RECORDS}) >= 2


@pytest.mark.parametrize(("old", "new"), REPEATED, ids=EMULATORS)
def test_two_days_have_the_same_verdicts(old: dict[str, Any], new: dict[str, Any]) -> None:
    """The records of each emulator are of different days, and each verdict is computed from the record."""
    assert len(REPEATED) == len(RECORDS)
    assert old["date"][:10] < new["date"][:10]
    assert {name: rule.verdict(old) for name, rule in RULES.items()} == {
        name: rule.verdict(new) for name, rule in RULES.items()
    }


@pytest.mark.parametrize("record", EVERY, ids=DATES)
def test_the_ratios_are_those_of_the_values(record: dict[str, Any]) -> None:
    """An edited value, or an edited ratio, does not go unnoticed."""
    values = copy.deepcopy(record["values"])
    del values["ratio"], values["many_ratio"]
    add_ratios(values)
    assert values == record["values"]


@pytest.mark.parametrize("record", EVERY, ids=DATES)
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_each_rule_says_what_was_measured(rule: MachineRule, record: dict[str, Any]) -> None:
    """Every value in the sentence of a rule is in the record."""
    text = measured(rule, record)
    assert text
    assert "{" not in text
    assert "not measured" not in text


@pytest.mark.parametrize("record", EVERY, ids=DATES)
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_records_show_the_claims(rule: MachineRule, record: dict[str, Any]) -> None:
    """No claim of a rule is refuted, and each command line was observed."""
    assert rule.failures(record) == []
    assert rule.boots.keys() <= record["boots"].keys()
    assert rule.panics.keys() <= record["panics"].keys()


@pytest.mark.parametrize("record", EVERY, ids=DATES)
def test_what_is_not_measured_has_no_verdict(record: dict[str, Any]) -> None:
    """Emulation says nothing about the start of a virtual machine, and advice is not measured."""
    assert record["acceleration"] == "tcg"
    verdicts = {name: rule.verdict(record) for name, rule in RULES.items()}
    unknown = {name for name, verdict in verdicts.items() if verdict == "not measurable here"}
    assert unknown == {"MACHINE-4", "MACHINE-14"}


def test_every_wrong_value_is_found() -> None:
    """A container with a kernel of its own, such as gVisor's, refutes the claims on the shared kernel."""
    record = copy.deepcopy(RECORDS[0])
    record["values"]["container"] |= {"boot": "another", "kernel": "4.4.0"}
    record["boots"]["-- a b a"] = ["/init", "b", "a"]
    wrong = {name for name, rule in RULES.items() if rule.verdict(record) == "does not hold"}
    assert wrong == {"MACHINE-2", "MACHINE-13", "BOOT-1"}


def test_without_gvisor_its_claims_have_no_verdict() -> None:
    """An engine without the runtime leaves the other rules as they are."""
    record = copy.deepcopy(RECORDS[0])
    for name in ("sandbox", "limited_sandbox"):
        del record["values"][name]
    record["sandbox"] = ""
    verdicts = {name for name, rule in RULES.items() if rule.verdict(record) == "not measurable here"}
    assert verdicts >= {"MACHINE-1", "MACHINE-2", "MACHINE-13"}
    assert RULES["MACHINE-7"].verdict(record) == RULES["MACHINE-7"].verdict(RECORDS[0])
    assert "gVisor" not in "\n".join(line for line in chart(record).splitlines() if "<text" in line)


def test_two_runs_are_compared(tmp_path: Path) -> None:
    """The command prints the ratios side by side; a verdict that changed is named, and is a finding."""
    changed = copy.deepcopy(RECORDS[0])
    changed["values"]["container"]["kernel"] = "4.4.0"
    paths = [tmp_path / name for name in ("same.json", "changed.json")]
    for path, record in zip(paths, (RECORDS[0], changed), strict=True):
        path.write_text(json.dumps(record))
    assert main(["machines", "--compare", str(paths[0]), str(paths[0])]) == 0
    assert main(["machines", "--compare", str(paths[0]), str(paths[1])]) == ExitCode.FINDING
    text = comparison(RECORDS[0], changed, list(RULES.values()))
    assert "- MACHINE-2: holds with a limit" in text
    assert "then does not hold" in text
    assert "| start to the first line, container |" in text


def test_the_record_before_is_the_previous_one(tmp_path: Path) -> None:
    """The page compares two runs of the same emulator, and the record of another emulator stays."""
    for record in (*RECORDS, {**RECORDS[0], "date": "2027-01-01T00:00:00+00:00"}):
        write_record(tmp_path, record)
    write_page(tmp_path, tmp_path)
    assert [record["date"] for record in records_in(tmp_path)][-1].startswith("2027")
    assert len(records_in(tmp_path)) == len(RECORDS)
    assert "Two runs: " in (tmp_path / "machines.md").read_text("utf-8")


def test_kvm_is_checked_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without `/dev/kvm`, the command says so, and what to do."""
    monkeypatch.setattr("cmdpoint.machines.virtual.KVM", tmp_path / "kvm")
    assert main(["machines", "--kvm"]) == ExitCode.NO_ENGINE
    error = capsys.readouterr().err
    assert "kvm does not exist" in error
    assert "leave --kvm out" in error


def test_what_processes_use() -> None:
    """A process counts with its children, and one that has ended uses nothing."""
    with subprocess.Popen(["sh", "-c", "sleep 60 & wait"]) as process:
        try:
            while len(pids := with_descendants([process.pid])) < 2:
                pass
            used, alone = usage(pids), usage([process.pid])
            assert used.resident > alone.resident > alone.proportional > 0
        finally:
            for pid in with_descendants([process.pid]):
                os.kill(pid, signal.SIGKILL)
    assert usage([process.pid]).resident == 0


@pytest.mark.parametrize(
    ("text", "result"),
    [("a.x == 1", True), ("a.x > b.x", False), ('a.y contains "o w"', True), ("a.z == 1", None)],
)
def test_a_claim_compares_two_values(text: str, result: bool | None) -> None:
    """A claim with a value that was not measured is neither true nor false."""
    assert Claim(text).check({"a": {"x": 1, "y": "two words"}, "b": {"x": 2}}) is result


def test_the_page_is_that_of_the_records(tmp_path: Path) -> None:
    """`tox run -e written` has written the page and the chart."""
    write_page(tmp_path)
    for name in ("machines.md", "machines.svg"):
        assert (tmp_path / name).read_text("utf-8") == (ROOT / "docs" / name).read_text("utf-8")
    assert "VM, emulated" in (tmp_path / "machines.svg").read_text("utf-8")


@pytest.mark.slow
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
    argv = ["a b", "", '"\\\n', "é", source, "wait"]  # unlike that of the other test
    report = observe(Command(argv, executable=str(path)), idle=True)
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


@pytest.mark.parametrize("kernel", ["boot/vmlinuz-6.1.0-50-cloud-amd64", "usr/lib/modules/7.2/vmlinuz"])
def test_the_kernel_of_an_emulator(kernel: str, tmp_path: Path) -> None:
    """Packages before Debian 14 have it in `boot`, and later ones in the folder of its modules."""
    (tmp_path / kernel).parent.mkdir(parents=True)
    (tmp_path / kernel).touch()
    assert Emulator(tmp_path).kernel == tmp_path / kernel
