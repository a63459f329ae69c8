"""The committed probe is built from its source, and prints its argv."""

import platform
import shutil
import subprocess
from pathlib import Path

import pytest

from cmdpoint.engines.probe import ARCHITECTURES, context, program

SOURCES = Path(__file__).parents[2] / "cmdpoint" / "engines" / "probe"
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_is_rebuilt_byte_for_byte(architecture: str, tmp_path: Path) -> None:
    """An assembler builds the committed file from the committed source."""
    prefix = "" if platform.machine() == MACHINES[architecture] else f"{MACHINES[architecture]}-linux-gnu-"
    compiler, objcopy = shutil.which(f"{prefix}gcc"), shutil.which(f"{prefix}objcopy")
    if compiler is None or objcopy is None:
        pytest.skip(f"there is no {prefix}gcc with binutils here")
    source = SOURCES / f"probe-{architecture}.S"
    subprocess.run([compiler, "-c", "-o", str(tmp_path / "probe.o"), str(source)], check=True)
    extract = [objcopy, "-O", "binary", "-j", ".text"]
    subprocess.run([*extract, str(tmp_path / "probe.o"), str(tmp_path / "probe")], check=True)
    assert (tmp_path / "probe").read_bytes() == program(architecture)


@pytest.mark.parametrize(
    "argv", [["x"], ["x", ""], ["x", "a b", "\n", "é"], ["x", *["y" * 1000] * 100]], ids=len
)
def test_prints_its_argv(argv: list[str], tmp_path: Path) -> None:
    """The probe prints each word followed by a NUL, and nothing else."""
    native = [name for name, machine in MACHINES.items() if machine == platform.machine()]
    if not native:
        pytest.skip(f"there is no probe for {platform.machine()}")
    path = tmp_path / "probe"
    path.write_bytes(program(native[0]))
    path.chmod(0o755)
    result = subprocess.run(argv, executable=path, capture_output=True, check=True)
    assert result.stdout == b"".join(word.encode() + b"\0" for word in argv)


def test_context_is_the_same_every_time() -> None:
    """The build context of the base image does not depend on the machine or the time."""
    assert context("amd64") == context("amd64")
    assert context("amd64") != context("arm64")
