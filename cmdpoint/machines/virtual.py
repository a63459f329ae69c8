"""Start virtual machines with the reporting program as their first program, or with a boot sector."""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from cmdpoint.engines.distribution.emulator import Emulator
from cmdpoint.engines.faults import NoEngine
from cmdpoint.machines.deployment import Deployment
from cmdpoint.machines.images import initial_files
from cmdpoint.machines.observe import Command, observe, observe_together

SECONDS: Final = {"tcg": 90.0, "kvm": 30.0}
"""The time that a virtual machine may take on a busy host; if virtualization fails, QEMU does not end."""

BOOT_LINE: Final = "not a Linux"

# Prints the text behind it to the first serial port, and resets the machine through the keyboard controller.
BOOT_CODE: Final = bytes.fromhex("fc31c08ed8be1b7cbaf803ac84c07403eeebf8b0fee664f4ebfd90")

# The kernel prints only a panic. It does not check the timer, which fails under emulation on a busy host.
KERNEL_OPTIONS: Final = "console=ttyS0 loglevel=1 panic=-1 no_timer_check"

KVM: Final = Path("/dev/kvm")


def check_kvm() -> None:
    """Raise NoEngine if this user cannot use KVM on this machine."""
    if not os.access(KVM, os.R_OK | os.W_OK):
        why = f"{KVM} does not exist" if not KVM.exists() else f"you may not read and write {KVM}"
        raise NoEngine("KVM cannot be used", why, "leave --kvm out; then the machines are emulated")


class Machines:
    """Virtual machines of one emulator.

    Attributes:
        emulator: QEMU and the kernel.
        acceleration: `tcg` for emulation, or `kvm`.
        deployment: What was needed for the machine that was started last.
    """

    def __init__(self, emulator: Emulator, acceleration: str) -> None:
        self.emulator = emulator
        self.acceleration = acceleration
        self.deployment = Deployment()

    def boot(
        self, command_line: str, *, idle: bool = False, initial: Path | None = None, memory: int = 128
    ) -> dict[str, Any]:
        """Start the kernel with the reporting program as its first program, and return its report.

        Args:
            command_line: What is added to the kernel's command line.
            idle: See `observe`.
            initial: The initial file system; by default the program alone.
            memory: The megabytes of memory.

        Raises:
            NoEngine: The program did not report.
        """
        with tempfile.NamedTemporaryFile() as file:
            file.write(initial_files())
            file.flush()
            command = self._command(command_line, initial or Path(file.name), memory)
            with self.emulator.in_use():
                report = observe(command, timeout=self._seconds, idle=idle)
        if "argv" not in report:
            lines = (report.get("line") or report["message"]).splitlines()
            # If virtualization fails, QEMU prints warnings before the reason, and all registers behind it.
            output = "\n".join([line for line in lines if ": warning: " not in line][:3])
            raise NoEngine(
                f"the virtual machine ({self.acceleration}) printed no report",
                output or f"it printed nothing in {self._seconds:.0f} s",
                "leave --kvm out; then the machines are emulated"
                if self.acceleration == "kvm"
                else "run it again on an idle host",
            )
        return report

    def panic(self, command_line: str) -> str:
        """Start the kernel with a command line that it refuses, and return the message of its panic."""
        with tempfile.NamedTemporaryFile() as file, self.emulator.in_use():
            file.write(initial_files())
            file.flush()
            report = observe(self._command(command_line, Path(file.name), 128), timeout=self._seconds)
        message = str(report.get("line", "")).partition("Kernel panic - not syncing: ")[2]
        return message.partition("\n")[0].strip()

    def together(self, count: int) -> dict[str, Any]:
        """Start several machines at the same time; see `observe_together`."""
        with ExitStack() as stack, self.emulator.in_use():
            files = [stack.enter_context(tempfile.NamedTemporaryFile()) for _ in range(count)]
            for file in files:
                file.write(initial_files())
                file.flush()
            commands = [self._command("-- wait", Path(file.name), 128) for file in files]
            return observe_together(commands, timeout=self._seconds + 10 * count)

    def boot_sector(self) -> dict[str, Any]:
        """Start a boot sector that is no Linux, and return what it printed as `line`."""
        with tempfile.NamedTemporaryFile() as file, self.emulator.in_use():
            code = BOOT_CODE + BOOT_LINE.encode() + b"\r\n\0"
            file.write(code.ljust(510, b"\0") + b"\x55\xaa")
            file.flush()
            drive = ["-drive", f"file={file.name},format=raw,if=ide"]
            return observe(self._qemu(drive, 128), timeout=self._seconds)

    @property
    def _seconds(self) -> float:
        return SECONDS[self.acceleration]

    def _command(self, command_line: str, initial: Path, memory: int) -> Command:
        append = f"{KERNEL_OPTIONS} {command_line}"
        system = ["-kernel", str(self.emulator.kernel), "-initrd", str(initial), "-append", append]
        self.deployment = Deployment()
        self.deployment.ship("kernel", self.emulator.kernel)
        self.deployment.ship("initial file system", initial)
        command = self._qemu(system, memory)
        self.deployment.run(["qemu-system-x86_64", *command.argv[len(self.emulator.argv) :]])
        return command

    def _qemu(self, system: list[str], memory: int) -> Command:
        options = ["-accel", self.acceleration, "-m", str(memory), "-nodefaults", "-no-user-config"]
        output = ["-display", "none", "-serial", "stdio", "-no-reboot"]
        argv = [*self.emulator.argv, *options, *output, *system]
        return Command(argv, environment=self.emulator.environment)
