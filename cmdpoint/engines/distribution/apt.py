"""apt with its own sources, state and cache: it neither reads nor changes the machine's packages.

Its list of installed packages is empty, so it delivers everything that a package needs. It verifies what it
downloads by the archive's signatures, and resumes a download that was interrupted.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cmdpoint.engines.cache import Progress, disk_full
from cmdpoint.engines.distribution.child import child
from cmdpoint.engines.distribution.sources import Stanza
from cmdpoint.engines.faults import ArchiveFault, NoEngine

PROGRESS_SECONDS: Final = 3.0
"""How often a download reports its progress."""

# No hook of the machine's configuration runs, and only the machine's own architecture is read. There is no
# srcpkgcache, which is as large as the pkgcache, and saves time only if the installed packages change.
CONF = """\
#clear APT::Update;
#clear DPkg;
#clear APT::Architectures;
APT::Architectures "{arch}";
APT::Get::Assume-Yes "true";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "2";
Dir::Cache "{work}/cache";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "";
Dir::State "{work}/state";
Dir::State::status "{work}/status";
Dir::Etc::sourcelist "{work}/distribution.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
"""

_NO_SUCH_SUITE: Final = re.compile(
    r"E: The repository '.*' (does not have a Release file|is not signed|is no longer signed)|E: .* 404 "
)
"""The errors of apt-get for a suite that does not exist or whose signature is not trusted."""


@dataclass(frozen=True)
class Machine:
    """The machine's distribution.

    Attributes:
        distribution: Its ID: `debian` or `ubuntu`.
        suite: The suite that the machine runs.
        arch: The machine's architecture, as dpkg calls it.
    """

    distribution: str
    suite: str
    arch: str


@dataclass(frozen=True)
class Version:
    """A version of a package in a suite.

    Attributes:
        package: The name of the package.
        version: Its version, as the distribution writes it.
        suite: The suite.
    """

    package: str
    version: str
    suite: str


def this_machine() -> Machine:
    """Return the distribution of this machine.

    Raises:
        NoEngine: It is neither Debian nor Ubuntu, or a tool is missing.
    """
    if sys.platform != "linux":
        raise NoEngine(
            "private engines need Linux",
            f"cmdpoint unpacks them from the archive of Debian or Ubuntu; this is {platform.system()}",
            "start a Docker daemon, such as Docker Desktop, or name one with DOCKER_HOST",
        )
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    name, suite = release.get("ID", "unknown"), release.get("VERSION_CODENAME", "")
    tools = ("apt-get", "apt-cache", "dpkg", "dpkg-deb", "setpriv", "tar")
    missing = [tool for tool in tools if not shutil.which(tool)]
    if name not in ("debian", "ubuntu") or not suite or missing:
        raise NoEngine(
            "private engines need Debian or Ubuntu",
            f"cmdpoint unpacks them from the distribution's archive; this is {name} {suite}".rstrip()
            + (f" without {', '.join(missing)}" if missing else ""),
            "start a Docker daemon, name one with DOCKER_HOST, or run cmdpoint on Debian or Ubuntu",
        )
    return Machine(name, suite, run("dpkg --print-architecture", ["dpkg", "--print-architecture"]).strip())


class Apt:
    """apt in a folder.

    Attributes:
        archives: The folder for the packages that it downloads.
        lists: The folder for the indexes.
    """

    def __init__(self, work: Path, sources: list[Stanza], arch: str, progress: Progress) -> None:
        """Prepare the folder; packages that an earlier run downloaded into it stay.

        Args:
            work: The folder.
            sources: The sources that apt reads.
            arch: The architecture.
            progress: Receives progress messages.
        """
        self.archives = work / "cache/archives"
        self.lists = work / "state/lists"
        self._progress = progress
        self._conf = f"--config-file={work}/apt.conf"
        for folder in (self.archives, self.lists):
            (folder / "partial").mkdir(parents=True, exist_ok=True)
        (work / "status").touch()
        (work / "apt.conf").write_text(CONF.format(work=work, arch=arch))
        (work / "distribution.sources").write_text(
            "\n".join("".join(f"{name}: {value}\n" for name, value in stanza.items()) for stanza in sources)
        )

    def update(self, *, require_all: bool = True) -> None:
        """Download the indexes.

        Args:
            require_all: Whether it is an error if the mirror lacks a suite, or the suite's signature is not
                trusted; otherwise the suite is left out.

        Raises:
            ArchiveFault: An index could not be downloaded; those of other suites may have been.
            DiskFull: The disk is full.
        """
        self._get("apt-get update", "update", ignored_errors=None if require_all else _NO_SUCH_SUITE)

    def versions(self, *packages: str) -> list[Version]:
        """Return the versions of packages in the suites, the newest of each package first."""
        table = run("apt-cache", ["apt-cache", self._conf, "madison", *packages])
        line = re.compile(r"^ *(\S+) \| *(\S+) \| \S+ ([^/\s]+)/\S* \S+ Packages$", re.MULTILINE)
        return list(dict.fromkeys(Version(*each) for each in line.findall(table)))

    def names(self) -> set[str]:
        """Return the names of all packages."""
        return set(run("apt-cache", ["apt-cache", self._conf, "pkgnames"]).split())

    def fetch(self, wanted: list[str]) -> list[Path]:
        """Download packages with all their dependencies, and return the files.

        Args:
            wanted: The packages in apt-get's notation: `name` or `name=version`.

        Raises:
            ArchiveFault: apt-get failed, or a file does not match the archive's signatures.
            DiskFull: The disk is full.
        """
        install = ["install", *wanted]
        plan = run("apt-get install", ["apt-get", self._conf, "-qq", "--print-uris", *install])
        # It lists only files that are not completely downloaded.
        size = sum(map(int, re.findall(r"^'\S+' \S+ (\d+)", plan, re.MULTILINE)))
        self._progress(f"downloading {' and '.join(wanted)} and their dependencies: {size / 1e6:.0f} MB")
        self._get("apt-get install", "--download-only", *install)
        # An interrupted run may have left packages of older versions.
        chosen = run("apt-get install", ["apt-get", self._conf, "-qq", "--simulate", *install])
        needed = re.findall(r"^Inst (\S+) \((\S+)", chosen, re.MULTILINE)
        files = {tuple(path.name.split("_")[:2]): path for path in self.archives.glob("*.deb")}
        return [files[name.partition(":")[0], version.replace(":", "%3a")] for name, version in needed]

    def _get(self, what: str, *arguments: str, ignored_errors: re.Pattern[str] | None = None) -> None:
        """Run apt-get, report its progress every few seconds, and ignore errors that are expected."""
        reading, writing = os.pipe()
        command = ["apt-get", self._conf, "-q", f"--option=APT::Status-Fd={writing}", *arguments]
        with tempfile.TemporaryFile("w+", errors="replace") as messages:
            # If apt-get is interrupted, it continues the download of a file the next time.
            with child(command, messages, pass_fds=(writing,)) as process:
                os.close(writing)
                self._report_progress(reading)
                code = process.wait()
            messages.seek(0)
            stderr = messages.read()
        if ignored_errors and (errors := re.findall(r"^E: .*", stderr, re.MULTILINE)):
            code = 0 if all(map(ignored_errors.match, errors)) else code
        _raise_if_failed(what, code, stderr)

    def _report_progress(self, descriptor: int) -> None:
        reported = time.monotonic()
        with open(descriptor, errors="replace") as lines:
            for line in lines:
                kind, _, rest = line.partition(":")
                if kind != "dlstatus" or time.monotonic() - reported < PROGRESS_SECONDS:
                    continue
                reported = time.monotonic()
                _, percent, words = rest.strip().split(":", 2)
                self._progress(f"{float(percent):.0f} %: {words[:1].lower()}{words[1:]}")


def run(what: str, command: list[str]) -> str:
    """Run a tool of the packaging system and return its output.

    Args:
        what: The name of the tool in the fault.
        command: The program and its arguments.

    Raises:
        ArchiveFault: It failed; the fault quotes its messages.
        DiskFull: The disk is full.
    """
    with child(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        stdout, stderr = process.communicate()
    _raise_if_failed(what, process.returncode, stderr)
    return stdout


def _raise_if_failed(what: str, code: int, stderr: str) -> None:
    if code == 0:
        return
    lines = stderr.strip().splitlines()
    errors = [line for line in lines if line.startswith("E: ")]
    message = "\n".join((errors or lines)[-6:]) or f"it exited with {code} and printed no message"
    if re.search("no space left on device|enough free space|quota exceeded", stderr, re.IGNORECASE):
        raise disk_full(message)
    raise ArchiveFault(
        f"{what} failed",
        message,
        "check that `apt-get update` works on this machine and that `cmdpoint engines list` has the engine, "
        "or name a daemon with DOCKER_HOST",
    )
