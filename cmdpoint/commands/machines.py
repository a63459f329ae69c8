"""The command `cmdpoint machines`."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cmdpoint.cli.faults import NotInstalled, Unreadable, Unwritable, install
from cmdpoint.cli.printing import say, write_output
from cmdpoint.exit_codes import ENGINE_FAULTS, ExitCode, help_text

if TYPE_CHECKING:
    from cmdpoint.machines.claims import MachineRule

SUMMARY = (
    "Compare a container with a virtual machine: measure both, and check chapter 10 of the specification"
)


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.epilog = help_text(
        ExitCode.DONE,
        (ExitCode.FINDING, "a claim does not hold here, or the verdicts of two records differ"),
        ExitCode.NOT_INSTALLED,
        *ENGINE_FAULTS,
    )
    parser.add_argument(
        "--engine",
        default="private",
        help="the engine of the containers, by default private; a private Docker gets gVisor's runtime too",
    )
    parser.add_argument(
        "--suite",
        default="",
        help="the suite of QEMU, the kernel, gVisor and the distribution, by default the machine's own",
    )
    parser.add_argument(
        "--kvm", action="store_true", help="use /dev/kvm; by default the machine is emulated, which is slower"
    )
    parser.add_argument(
        "--write",
        metavar="FOLDER",
        type=Path,
        help="keep the record there; the record of the run before becomes the previous one",
    )
    parser.add_argument(
        "--page",
        metavar="FOLDER",
        type=Path,
        help="measure nothing, and write machines.md and machines.svg there, from the records of cmdpoint",
    )
    parser.add_argument(
        "--compare",
        nargs=2,
        metavar=("OLD", "NEW"),
        type=Path,
        help="measure nothing, and print the verdicts and ratios of two records side by side",
    )


def run(options: argparse.Namespace) -> int:
    """Measure or compare, print the tables, and write the files."""
    try:
        from cmdpoint.machines.claims import machine_rules  # noqa: PLC0415 - see `cmdpoint.commands`
    except ModuleNotFoundError as error:
        raise NotInstalled(
            "nothing can be measured",
            f"the Python library {error.name} is not installed",
            install("live,report"),
        ) from error
    rules = machine_rules()
    if options.page:
        return _write_page(options.page)
    return _compare(options.compare, rules) if options.compare else _measure(options, rules)


def _measure(options: argparse.Namespace, rules: "list[MachineRule]") -> int:
    from cmdpoint.engines.distribution.emulator import emulator  # noqa: PLC0415 - see `cmdpoint.commands`
    from cmdpoint.engines.distribution.names import with_runtime  # noqa: PLC0415
    from cmdpoint.machines.measure import Subjects, measure  # noqa: PLC0415
    from cmdpoint.machines.table import markdown  # noqa: PLC0415
    from cmdpoint.machines.virtual import check_kvm  # noqa: PLC0415

    # SIGTERM unwinds the stack, so that the engine and the emulator end and their files are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    begin = time.monotonic()
    if options.kvm:
        check_kvm()
    record = measure(
        Subjects(
            with_runtime(options.engine, options.suite),
            "podman",
            emulator(options.suite, say),
            options.suite,
            "kvm" if options.kvm else "tcg",
            rules,
        ),
        say,
    )
    write_output(markdown([record], rules))
    if options.write:
        _write(options.write, record)
    say(f"measured in {time.monotonic() - begin:.0f} s")
    return ExitCode.FINDING if any(rule.failures(record) for rule in rules) else ExitCode.DONE


def _compare(paths: list[Path], rules: "list[MachineRule]") -> int:
    from cmdpoint.machines.comparison import comparison  # noqa: PLC0415 - see `cmdpoint.commands`

    try:
        old, new = (json.loads(path.read_text("utf-8")) for path in paths)
        text = comparison(old, new, rules)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unreadable(
            "the records cannot be compared", f"{error}", "name two records that --write has written"
        ) from error
    write_output(text)
    same = all(rule.verdict(old) == rule.verdict(new) for rule in rules)
    return ExitCode.DONE if same else ExitCode.FINDING


def _write(folder: Path, record: dict[str, Any]) -> None:
    from cmdpoint.machines.records import write_record  # noqa: PLC0415 - see `cmdpoint.commands`

    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_record(folder, record)
    except OSError as error:
        raise Unwritable("the record cannot be written", str(error), "name another folder") from error


def _write_page(folder: Path) -> int:
    from cmdpoint.machines.page import write_page  # noqa: PLC0415 - see `cmdpoint.commands`

    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_page(folder)
    except OSError as error:
        raise Unwritable("the page cannot be written", str(error), "name another folder") from error
    return ExitCode.DONE
