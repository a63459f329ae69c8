"""Unpack a Docker Engine from the machine's own distribution archive into the user's cache; install nothing.

apt does the work: it resolves, downloads and verifies, but with sources, state and cache of its own and with
an empty list of installed packages, so that it delivers everything the engine needs and the machine's own
packages are neither consulted nor changed. No maintainer script ever runs.
"""

import errno
import fcntl
import gzip
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engines.faults import ArchiveFault, DiskFull, NoEngine, UnknownEngine
from engines.sources import APT, Stanza, choose_sources, machine_sources

Progress = Callable[[str], None]

# A foreign hook must neither run nor fail here, and no architecture but the machine's own is of use.
APT_CONF = """\
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
Dir::State "{work}/state";
Dir::State::status "{work}/status";
Dir::Etc::sourcelist "{work}/distribution.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
"""

# `dpkg-deb -x` would replace the links of a merged /usr by directories.
UNPACK = """\
root=$1; shift
for package do
    dpkg-deb --fsys-tarfile "$package" |
        tar --extract --directory "$root" --keep-directory-symlink --numeric-owner
done
"""


@dataclass(frozen=True)
class Root:
    """An unpacked root file system with a Docker Engine in it.

    Attributes:
        path: The root folder; whoever runs it must not write there.
        version: The engine's upstream version, such as ``20.10.24``.
        suite: The suite of the archive it came from.
    """

    path: Path
    version: str
    suite: str

    @property
    def runtimes(self) -> tuple[str, ...]:
        """The runtimes in it besides the engine's own, such as `crun-1.21`."""
        changes = self.path / "usr/share/doc/crun/changelog.Debian.gz"
        if not (self.path / "usr/bin/crun").exists() or not changes.exists():
            return ()
        with gzip.open(changes, "rt", errors="replace") as file:
            version = re.match(r"crun \((\d+(?:\.\d+)*)", file.readline())
        return (f"crun-{version[1]}",) if version else ()


def silent(message: str) -> None:
    """Report no progress."""


def cache_folder() -> Path:
    """Return the folder of the user's that holds what cmdpoint keeps between runs."""
    if own := os.environ.get("CMDPOINT_CACHE"):
        return Path(own).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / "cmdpoint"


def unpack_docker(suite: str | None = None, progress: Progress = silent) -> Root:
    """Return a root with the Docker Engine of a suite, from the cache or else from the archive.

    Args:
        suite: A suite of the machine's own distribution; its own suite when not given.
        progress: Told what takes time.

    Raises:
        NoEngine: This machine is neither Debian nor Ubuntu.
        UnknownEngine: The name cannot be a suite's.
        ArchiveFault: apt refused, or the archive holds no Docker Engine.
        DiskFull: There is no room for it.
    """
    distribution, own_suite, arch = _machine()
    suite = suite or own_suite
    if not re.fullmatch(r"[a-z][a-z0-9-]*", suite):
        raise UnknownEngine(
            f"{suite!r} is no suite", "its name holds more than a-z, 0-9 and -", "name another"
        )
    roots = cache_folder() / "roots"
    try:
        roots.mkdir(parents=True, exist_ok=True)
        # The link is made when the folder it names is complete: whoever finds it needs no network.
        link = roots / f"{suite}-{arch}"
        with _locked(
            roots / f".{link.name}.lock", lambda: progress(f"waiting for another run's {link.name}")
        ):
            if not link.exists():
                sources = choose_sources(machine_sources(APT, arch), distribution, own_suite, suite)
                folder = _unpack(roots / f".{link.name}.new", sources, arch, progress)
                link.unlink(missing_ok=True)
                link.symlink_to(folder.name)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _disk_full(str(error)) from error
        raise ArchiveFault(
            "the cache cannot be used", str(error), "let CMDPOINT_CACHE name a folder that can be written"
        ) from error
    path = link.resolve()
    return Root(path, path.name.removeprefix("docker-").removesuffix(f"-{arch}"), suite)


def _machine() -> tuple[str, str, str]:
    """Return the distribution's ID, its suite and the architecture."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    name, suite = release.get("ID", "unknown"), release.get("VERSION_CODENAME", "")
    tools = ("apt-get", "apt-cache", "dpkg", "dpkg-deb", "tar")
    missing = [tool for tool in tools if not shutil.which(tool)]
    if name not in ("debian", "ubuntu") or not suite or missing:
        raise NoEngine(
            "no Docker Engine can be unpacked on this machine",
            f"that needs Debian or Ubuntu; this is {name} {suite}".rstrip()
            + (f" without {', '.join(missing)}" if missing else ""),
            "start a Docker daemon, or name one with DOCKER_HOST",
        )
    return name, suite, _run("dpkg --print-architecture", ["dpkg", "--print-architecture"]).strip()


def _unpack(work: Path, sources: list[Stanza], arch: str, progress: Progress) -> Path:
    """Download and unpack, with ``work`` as the scratch folder, and return the complete root beside it."""
    # Whatever a run that was killed left there; the lock says that nobody uses it now.
    shutil.rmtree(work, ignore_errors=True)
    try:
        for folder in ("cache/archives/partial", "state/lists/partial"):
            (work / folder).mkdir(parents=True)
        (work / "status").touch()
        (work / "apt.conf").write_text(APT_CONF.format(work=work, arch=arch))
        (work / "distribution.sources").write_text(
            "\n".join("".join(f"{name}: {value}\n" for name, value in stanza.items()) for stanza in sources)
        )
        conf = f"--config-file={work}/apt.conf"
        progress("reading the distribution's package index")
        _run("apt-get update", ["apt-get", conf, "-q", "update"])
        # Newer suites split the client off; only then is there a package of that name.
        names = _run("apt-cache", ["apt-cache", conf, "pkgnames"]).split()
        wanted = ["docker.io", *sorted({"docker-cli", "crun"}.intersection(names))]
        progress(f"downloading {' and '.join(wanted)} with all that they need")
        _run("apt-get install", ["apt-get", conf, "-q", "--download-only", "install", *wanted])
        archives = work / "cache/archives"
        engine = next(archives.glob("docker.io_*.deb"))
        version = _run("dpkg-deb", ["dpkg-deb", "--field", str(engine), "Version"])
        upstream = re.match(r"(?:\d+:)?(\d+(?:\.\d+)*)", version)
        root = work / "root"
        for folder in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
            (root / "usr" / folder).mkdir(parents=True)
            (root / folder).symlink_to(f"usr/{folder}")
        progress(f"unpacking Docker Engine {version.strip()}")
        _run("unpacking", ["sh", "-euc", UNPACK, "sh", str(root), *map(str, sorted(archives.glob("*.deb")))])
        home = work.with_name(f"docker-{upstream[1] if upstream else version.strip()}-{arch}")
        try:
            root.rename(home)
        except OSError as error:
            # Another suite has brought the same version meanwhile: one copy is enough.
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
        return home
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _run(what: str, command: list[str]) -> str:
    """Run a tool of the packaging system and return its output, or raise what it said as a fault."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
    )
    if done.returncode == 0:
        return done.stdout
    said = (
        "\n".join(done.stderr.strip().splitlines()[-6:])
        or f"it ended with {done.returncode} and said nothing"
    )
    if re.search("no space left on device|enough free space|quota exceeded", done.stderr, re.IGNORECASE):
        raise _disk_full(said)
    raise ArchiveFault(
        f"{what} failed",
        said,
        "see that the machine's own `apt-get update` works and that the suite has docker.io (Ubuntu: in "
        "universe), or name a daemon with DOCKER_HOST",
    )


def _disk_full(why: str) -> DiskFull:
    return DiskFull(
        "there is no room to unpack a Docker Engine",
        why,
        "free 700 MB, or let CMDPOINT_CACHE name another folder",
    )


@contextmanager
def _locked(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold a lock file exclusively; the kernel lets go of it however the holder ends."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
