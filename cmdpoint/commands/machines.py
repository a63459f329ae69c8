"""The command `cmdpoint machines`."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

from cmdpoint.cli.faults import NotInstalled, Unwritable
from cmdpoint.cli.printing import say, write_output
from cmdpoint.exit_codes import ENGINE_FAULTS, ExitCode, help_text

SUMMARY = (
    "Compare a container with a virtual machine: measure both, and check chapter 10 of the specification"
)


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.epilog = help_text(
        ExitCode.DONE,
        (ExitCode.FINDING, "a claim does not hold here"),
        ExitCode.NOT_INSTALLED,
        *ENGINE_FAULTS,
    )
    parser.add_argument(
        "--engine", default="private", help="the engine of the containers, by default private"
    )
    parser.add_argument(
        "--suite", default="", help="the suite of QEMU and the kernel, by default the machine's own"
    )
    parser.add_argument(
        "--kvm", action="store_true", help="use /dev/kvm; by default the machine is emulated, which is slower"
    )
    parser.add_argument(
        "--write",
        metavar="FOLDER",
        type=Path,
        help="keep the record there, and write machines.md and machines.svg from all records",
    )


def run(options: argparse.Namespace) -> int:
    """Measure, print the tables, and write the files."""
    try:
        from cmdpoint.engines.distribution.emulator import emulator  # noqa: PLC0415 - see `cmdpoint.commands`
        from cmdpoint.machines.claims import machine_rules  # noqa: PLC0415
        from cmdpoint.machines.measure import measure  # noqa: PLC0415
        from cmdpoint.machines.table import markdown  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise NotInstalled(
            "nothing can be measured",
            f"the Python library {error.name} is not installed",
            "install cmdpoint[live,report]",
        ) from error

    # SIGTERM unwinds the stack, so that the engine and the emulator end and their files are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    begin = time.monotonic()
    rules = machine_rules()
    boots = [line for rule in rules for line in rule.boots]
    acceleration = "kvm" if options.kvm else "tcg"
    record = measure(options.engine, emulator(options.suite, say), boots, acceleration, say)
    write_output(markdown([record], rules))
    if options.write:
        _write(options.write, record)
    say(f"measured in {time.monotonic() - begin:.0f} s")
    return ExitCode.FINDING if any(rule.failures(record) for rule in rules) else ExitCode.DONE


def _write(folder: Path, record: dict[str, Any]) -> None:
    from cmdpoint.machines.page import write_page  # noqa: PLC0415 - see `cmdpoint.commands`

    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"machines-{record['emulator']}.json"
        path.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
        write_page(folder)
    except OSError as error:
        raise Unwritable("the record cannot be written", str(error), "name another folder") from error
