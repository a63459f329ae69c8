"""apt with sources, state and cache of its own: the machine's packages are neither consulted nor changed.

Its list of installed packages is empty, so that it delivers everything that a package needs. What it fetches
it verifies by the archive's signatures; what it has when it is interrupted it need not fetch again.
"""

import os
import platform
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cmdpoint.engines.cache import Progress, disk_full
from cmdpoint.engines.distribution.sources import Stanza
from cmdpoint.engines.faults import ArchiveFault, NoEngine

PROGRESS_SECONDS: Final = 3.0
"""How often a download tells how far it is."""

# A foreign hook must neither run nor fail here, and no architecture but the machine's own is of use.
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
Dir::Cache::srcpkgcache "srcpkgcache.bin";
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
"""What apt-get says of a suite that is not there, or not to be trusted."""


@dataclass(frozen=True)
class Machine:
    """The machine, as far as its archive goes.

    Attributes:
        distribution: The ID of its distribution: `debian` or `ubuntu`.
        suite: The suite it runs.
        arch: Its architecture, as dpkg calls it.
    """

    distribution: str
    suite: str
    arch: str


@dataclass(frozen=True)
class Version:
    """A version of a package that a suite has.

    Attributes:
        package: The package.
        version: Its version, as the distribution writes it.
        suite: The suite.
    """

    package: str
    version: str
    suite: str


def this_machine() -> Machine:
    """Return what this machine is.

    Raises:
        NoEngine: It is neither Debian nor Ubuntu, or lacks the tools.
    """
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    name, suite = release.get("ID", "unknown"), release.get("VERSION_CODENAME", "")
    tools = ("apt-get", "apt-cache", "dpkg", "dpkg-deb", "tar")
    missing = [tool for tool in tools if not shutil.which(tool)]
    if name not in ("debian", "ubuntu") or not suite or missing:
        raise NoEngine(
            "no engine can be unpacked on this machine",
            f"that needs Debian or Ubuntu; this is {name} {suite}".rstrip()
            + (f" without {', '.join(missing)}" if missing else ""),
            "start a Docker daemon, name one with DOCKER_HOST, or run cmdpoint on Debian or Ubuntu",
        )
    return Machine(name, suite, run("dpkg --print-architecture", ["dpkg", "--print-architecture"]).strip())


class Apt:
    """apt in a folder.

    Attributes:
        archives: Where it puts the packages that it fetches.
        lists: Where it keeps the indices.
    """

    def __init__(
        self, work: Path, sources: list[Stanza], arch: str, progress: Progress, holding: tuple[int, ...] = ()
    ) -> None:
        """Prepare the folder; what an earlier run has fetched into it stays.

        Args:
            work: The folder.
            sources: What apt is to read.
            arch: For which architecture.
            progress: Told what takes time.
            holding: Descriptors of locks that apt keeps too: killed runs leave it behind at work.
        """
        self.archives = work / "cache/archives"
        self.lists = work / "state/lists"
        self._progress = progress
        self._holding = holding
        self._conf = f"--config-file={work}/apt.conf"
        for folder in (self.archives, self.lists):
            (folder / "partial").mkdir(parents=True, exist_ok=True)
        (work / "status").touch()
        (work / "apt.conf").write_text(CONF.format(work=work, arch=arch))
        (work / "distribution.sources").write_text(
            "\n".join("".join(f"{name}: {value}\n" for name, value in stanza.items()) for stanza in sources)
        )

    def update(self, *, all_must_be_there: bool = True) -> None:
        """Fetch the indices.

        Args:
            all_must_be_there: A suite that the mirror lacks, or that nobody known has signed, is an error;
                else it is left out.

        Raises:
            ArchiveFault: An index could not be had; those of other suites may have been fetched.
            DiskFull: There is no room for them.
        """
        self._get("apt-get update", "update", passing_over=None if all_must_be_there else _NO_SUCH_SUITE)

    def versions(self, *packages: str) -> list[Version]:
        """Return which versions of packages the suites have: for each package the newest first."""
        table = run("apt-cache", ["apt-cache", self._conf, "madison", *packages])
        line = re.compile(r"^ *(\S+) \| *(\S+) \| \S+ ([^/\s]+)/\S* \S+ Packages$", re.MULTILINE)
        return list(dict.fromkeys(Version(*each) for each in line.findall(table)))

    def names(self) -> set[str]:
        """Return the names of all packages."""
        return set(run("apt-cache", ["apt-cache", self._conf, "pkgnames"]).split())

    def fetch(self, wanted: list[str]) -> list[Path]:
        """Fetch packages with all that they need, and return the files.

        Args:
            wanted: The packages, as apt-get takes them: `name`, `name=version`.

        Raises:
            ArchiveFault: apt refuses, or the archive's answers are not as they should be.
            DiskFull: There is no room for them.
        """
        install = ["install", *wanted]
        plan = run("apt-get install", ["apt-get", self._conf, "-qq", "--print-uris", *install])
        # Only what is not there yet, and whole, is listed.
        size = sum(map(int, re.findall(r"^'\S+' \S+ (\d+)", plan, re.MULTILINE)))
        self._progress(f"downloading {' and '.join(wanted)} with all that they need: {size / 1e6:.0f} MB")
        self._get("apt-get install", "--download-only", *install)
        # An interrupted run, days ago, may have left packages that are no longer the ones.
        chosen = run("apt-get install", ["apt-get", self._conf, "-qq", "--simulate", *install])
        needed = re.findall(r"^Inst (\S+) \((\S+)", chosen, re.MULTILINE)
        files = {tuple(path.name.split("_")[:2]): path for path in self.archives.glob("*.deb")}
        return [files[name.partition(":")[0], version.replace(":", "%3a")] for name, version in needed]

    def _get(self, what: str, *arguments: str, passing_over: re.Pattern[str] | None = None) -> None:
        """Run apt-get, tell every few seconds how far it is, and pass over errors that are expected."""
        reading, writing = os.pipe()
        with tempfile.TemporaryFile("w+", errors="replace") as said:
            process = subprocess.Popen(
                ["apt-get", self._conf, "-q", f"--option=APT::Status-Fd={writing}", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env=_environment(),
                pass_fds=(writing, *self._holding),
            )
            os.close(writing)
            try:
                self._follow(reading)
                code = process.wait()
            except BaseException:
                # apt leaves what it has of a file where it finds it the next time.
                process.terminate()
                process.wait()
                raise
            said.seek(0)
            errors = said.read()
        if passing_over and (meant := re.findall(r"^E: .*", errors, re.MULTILINE)):
            code = 0 if all(map(passing_over.match, meant)) else code
        _raise_if_failed(what, code, errors)

    def _follow(self, descriptor: int) -> None:
        told = time.monotonic()
        with open(descriptor, errors="replace") as lines:
            for line in lines:
                kind, _, rest = line.partition(":")
                if kind != "dlstatus" or time.monotonic() - told < PROGRESS_SECONDS:
                    continue
                told = time.monotonic()
                _, percent, words = rest.strip().split(":", 2)
                self._progress(f"{float(percent):.0f} %: {words[:1].lower()}{words[1:]}")


def run(what: str, command: list[str], holding: tuple[int, ...] = ()) -> str:
    """Run a tool of the packaging system and return its output.

    Raises:
        ArchiveFault: It failed; the fault says what it said.
        DiskFull: It found no room.
    """
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env=_environment(),
        pass_fds=holding,
    )
    _raise_if_failed(what, done.returncode, done.stderr)
    return done.stdout


def _environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}


def _raise_if_failed(what: str, code: int, stderr: str) -> None:
    if code == 0:
        return
    lines = stderr.strip().splitlines()
    errors = [line for line in lines if line.startswith("E: ")]
    said = "\n".join((errors or lines)[-6:]) or f"it ended with {code} and said nothing"
    if re.search("no space left on device|enough free space|quota exceeded", stderr, re.IGNORECASE):
        raise disk_full(said)
    raise ArchiveFault(
        f"{what} failed",
        said,
        "see that the machine's own `apt-get update` works and that `cmdpoint engines list` has the engine, "
        "or name a daemon with DOCKER_HOST",
    )
