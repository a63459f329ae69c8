"""The wheel holds only the package, and is the same whether built from the checkout or from the sdist."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

HIDDEN = shutil.ignore_patterns(
    ".tox", ".hypothesis", ".mypy_cache", ".ruff_cache", ".cmdpoint", "__pycache__", "dist"
)

INSTALLED = {
    "cmdpoint/py.typed",
    "cmdpoint/oracle/predict.py",
    "cmdpoint/oracle/dialect/dialects.toml",
    "cmdpoint/spec/1-lines.md",
    "cmdpoint/conformance/pytest.ini",
    "cmdpoint/conformance/tests/test_spec.py",
    "cmdpoint/conformance/strategies/cases.py",
    "cmdpoint/observations/recorded/engines.jsonl",
    "cmdpoint/engines/private/jail.sh",
    "cmdpoint/engines/probe/probe-amd64",
}
"""One file of each kind that must be in the wheel."""


def build(kind: str, source: Path, target: Path) -> Path:
    """Build an sdist or a wheel with the installed hatchling."""
    command = [
        sys.executable,
        "-m",
        "build",
        f"--{kind}",
        "--no-isolation",
        "--outdir",
        str(target),
        str(source),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = target.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built


def contents(wheel: Path) -> dict[str, bytes]:
    """The files of a wheel by name, without RECORD, which lists them in any order."""
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/RECORD")}


def test_wheel_and_sdist(tmp_path: Path) -> None:
    """This is one test, because a build takes seconds."""
    checkout = shutil.copytree(ROOT, tmp_path / "checkout", symlinks=True, ignore=HIDDEN)
    wheel = contents(build("wheel", checkout, tmp_path / "wheel"))
    assert {name.split("/")[0] for name in wheel if ".dist-info/" not in name} == {"cmdpoint"}
    assert wheel.keys() >= INSTALLED

    with tarfile.open(build("sdist", checkout, tmp_path / "sdist")) as archive:
        # The argument `filter` came with Python 3.11.4; Debian 12 has 3.11.2.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(tmp_path)
    (unpacked,) = tmp_path.glob("cmdpoint-*")
    assert contents(build("wheel", unpacked, tmp_path / "again")) == wheel
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        files = {name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).exists()}
        assert {name for name in files if not (unpacked / name).exists()} == set()
