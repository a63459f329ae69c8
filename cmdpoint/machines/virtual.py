"""Start a virtual machine with the reporting program as its first program, or with a boot sector."""

import tempfile
from typing import Any, Final

from cmdpoint.engines.distribution.emulator import Emulator
from cmdpoint.engines.faults import NoEngine
from cmdpoint.machines.observe import observe
from cmdpoint.machines.probe import program

SECONDS: Final = 90.0
"""The time that a virtual machine may take under emulation on a busy host."""

BOOT_LINE: Final = "not a Linux"

# Prints the text behind it to the first serial port, and resets the machine through the keyboard controller.
BOOT_CODE: Final = bytes.fromhex("fc31c08ed8be1b7cbaf803ac84c07403eeebf8b0fee664f4ebfd90")


def boot(
    emulator: Emulator, command_line: str, *, acceleration: str = "tcg", idle: bool = False
) -> dict[str, Any]:
    """Start the kernel with the reporting program as its first program, and return its report.

    Args:
        emulator: QEMU and the kernel.
        command_line: What is added to the kernel's command line.
        acceleration: `tcg` for emulation, or `kvm`.
        idle: See `observe`.

    Raises:
        NoEngine: The program did not report.
    """
    with tempfile.NamedTemporaryFile() as file:
        file.write(initial_files())
        file.flush()
        append = f"console=ttyS0 quiet panic=-1 {command_line}"
        kernel = ["-kernel", str(emulator.kernel), "-initrd", file.name, "-append", append]
        report = _run(emulator, acceleration, kernel, idle=idle)
    if "argv" not in report:
        # If the CPU's virtualization fails, QEMU prints all registers behind the reason.
        output = "\n".join((report.get("line") or report["message"]).splitlines()[:3])
        raise NoEngine(
            f"the virtual machine ({acceleration}) printed no report",
            output or f"it printed nothing in {SECONDS:.0f} s",
            "use emulation, which is the default"
            if acceleration == "kvm"
            else "run it again on an idle host",
        )
    return report


def boot_sector(emulator: Emulator, *, acceleration: str = "tcg") -> dict[str, Any]:
    """Start a boot sector that is no Linux, and return what it printed as `line`."""
    with tempfile.NamedTemporaryFile() as file:
        code = BOOT_CODE + BOOT_LINE.encode() + b"\r\n\0"
        file.write(code.ljust(510, b"\0") + b"\x55\xaa")
        file.flush()
        return _run(emulator, acceleration, ["-drive", f"file={file.name},format=raw,if=ide"])


def initial_files() -> bytes:
    """The initial file system: the program as /init, a folder for /proc, and the console."""
    members = [
        _member("dev", 0o40755),
        _member("dev/console", 0o20600, device=(5, 1)),
        _member("init", 0o100755, program()),
        _member("proc", 0o40755),
        _member("TRAILER!!!", 0),
    ]
    return b"".join(members)


def _run(emulator: Emulator, acceleration: str, system: list[str], *, idle: bool = False) -> dict[str, Any]:
    options = ["-accel", acceleration, "-m", "128", "-nodefaults", "-no-user-config", "-display", "none"]
    argv = [*emulator.argv, *options, "-serial", "stdio", "-no-reboot", *system]
    with emulator.in_use():
        return observe(argv, environment=emulator.environment, timeout=SECONDS, idle=idle)


def _member(name: str, mode: int, content: bytes = b"", device: tuple[int, int] = (0, 0)) -> bytes:
    """A member of a cpio archive in the format that the kernel reads (`newc`)."""
    path = name.encode() + b"\0"
    fields = (0, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(path), 0)
    header = b"070701" + b"".join(b"%08X" % each for each in fields) + path
    return header + b"\0" * (-len(header) % 4) + content + b"\0" * (-len(content) % 4)
