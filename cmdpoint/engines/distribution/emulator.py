"""QEMU and a kernel for virtual machines, unpacked from the distribution."""

from itertools import chain
from pathlib import Path
from typing import Final

from cmdpoint.engines.cache import Progress, silent
from cmdpoint.engines.distribution.tool import Tool, UnpackedTool, unpacked_tool

QEMU: Final = Tool(
    "qemu", "QEMU", ("qemu-system-x86", "linux-image-cloud-amd64"), "no virtual machine can be started"
)


class Emulator(UnpackedTool):
    """An unpacked QEMU with a kernel."""

    @property
    def kernel(self) -> Path:
        """The file of the kernel, which packages since Debian 14 have in the folder of its modules."""
        return next(chain(self.path.glob("boot/vmlinuz-*"), self.path.glob("usr/lib/modules/*/vmlinuz")))

    @property
    def argv(self) -> list[str]:
        """The command line that starts QEMU with its own loader, libraries and firmware."""
        usr, library = self.path / "usr", self._library
        loader = next(library.glob("ld-linux*.so.*"))
        firmware = ["-L", f"{usr}/share/qemu", "-L", f"{usr}/share/seabios"]
        libraries = f"{library}:{library}/pulseaudio"
        return [str(loader), "--library-path", libraries, f"{usr}/bin/qemu-system-x86_64", *firmware]

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that QEMU needs."""
        return {"QEMU_MODULE_DIR": f"{self._library}/qemu"}

    @property
    def _library(self) -> Path:
        return next(self.path.glob("usr/lib/*/libc.so.6")).parent


def emulator(suite: str = "", progress: Progress = silent) -> Emulator:
    """Return the emulator of a suite; see `unpacked_tool` for the faults.

    Args:
        suite: The suite; by default the machine's own.
        progress: Receives progress messages.
    """
    return Emulator(unpacked_tool(QEMU, suite, progress))
