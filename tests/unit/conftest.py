"""The division of the unit tests among processes, and a machine whose distribution has a small mirror."""

import gc
import platform
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler.loadscope import LoadScopeScheduling

from cmdpoint.conformance.garbage import freeze
from cmdpoint.engines import daemons
from cmdpoint.engines.distribution import apt, archive, available, sources, suites
from cmdpoint.engines.distribution.available import AvailableEngines
from tests.unit.mirror import BIG, Mirror, MirrorServer

GROUPS: Final = {
    "test_written.py": "recorded",
    "test_replay.py": "recorded",
    "test_divergence_report.py": "recorded",
    "test_matrix_examples.py": "recorded",
    "test_characterise.py": "characterise",
    "test_characterise_recorded.py": "characterise",
    "test_typed_words.py": "typed words",
    "test_imports.py": "imports",
    "test_power.py": "mutants",
    "test_archive.py": "apt",
    "test_engine_names.py": "apt",
    "test_engines_command.py": "apt",
    "test_interrupted_fetch.py": "apt",
}
"""Files whose tests share what takes long to compute; one process runs all tests of a group."""


class GroupScheduling(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist has no types
    """Gives each group to one process, the largest first, and the other tests one by one.

    The mark `xdist_group` of pytest-xdist 3.8 has no effect with pytest 9.2: it changes the id of a test,
    which is fixed there.
    """

    def _split_scope(self, nodeid: str) -> str:
        return GROUPS.get(PurePath(nodeid.partition("::")[0]).name, nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> GroupScheduling:
    """Divide the tests among the processes."""
    return GroupScheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Collect garbage rarely: each collection visits all modules and predictions that a process remembers.

    That takes 15 % of the time of tests that remember many.
    """
    freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Keep what is remembered out of the five collections at the end of a run; each would visit all of it."""
    gc.freeze()


@pytest.fixture(scope="session")
def arch() -> str:
    """The machine's architecture."""
    return subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()


def _publish(mirror: Mirror) -> None:
    """Publish the suites."""
    base = mirror.package("base", "1", {"lib/base.txt": "base", "usr/bin/tool": "tool"})
    depends = "base, helper (>= 2)"
    mirror.suite(
        "old",
        [
            base,
            mirror.package("docker.io", "5:20.10.24+dfsg1-1+b6", {"usr/sbin/dockerd": BIG}, "base"),
        ],
    )
    helper = mirror.package("helper", "2", {"usr/bin/helper": "2"})
    mirror.suite(
        "sid",
        [
            base,
            helper,
            mirror.package("docker.io", "28.5.2-5", {"usr/sbin/dockerd": "28"}, "base"),
            mirror.package("docker-cli", "28.5.2-5", {"usr/bin/docker": "28"}, "base"),
            mirror.package("podman", "5.8.6-1", {"usr/bin/podman": "5"}, "base"),
        ],
    )
    mirror.suite("experimental", [mirror.package("podman", "6.1.1-1", {"usr/bin/podman": "6"}, depends)])
    mirror.suite("unsigned", [mirror.package("podman", "9.9-1", {"usr/bin/podman": "9"})], signed=False)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, arch: str) -> Mirror:
    """The mirror that each test copies: to build and sign its packages takes half a second."""
    mirror = Mirror(tmp_path_factory.mktemp("published"), arch)
    mirror.create()
    _publish(mirror)
    mirror.close()
    return mirror


@pytest.fixture(scope="session")
def server() -> Iterator[MirrorServer]:
    """The server of all mirrors."""
    with MirrorServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture(scope="session")
def list_of_engines(
    published: Mirror, server: MirrorServer, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A cache with the list of the mirror's engines: to read the indexes takes a tenth of a second."""
    folder = tmp_path_factory.mktemp("listed")
    mirror = published.copy(folder)
    with pytest.MonkeyPatch.context() as patch, server.serving(mirror):
        _use(mirror, server.address, folder, patch)
        AvailableEngines.known()
    return folder / "cache"


@pytest.fixture
def mirror(
    published: Mirror,
    server: MirrorServer,
    list_of_engines: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Mirror]:
    """A distribution with two suites that have Docker, and a third that has a Podman and needs the second.

    The machine runs the suite `old`; the cache has the list of engines, and nothing else.
    """
    mirror = published.copy(tmp_path)
    shutil.copytree(list_of_engines, tmp_path / "cache")
    _use(mirror, server.address, tmp_path, monkeypatch)
    with server.serving(mirror):
        yield mirror


@pytest.fixture
def empty_cache(mirror: Mirror, tmp_path: Path) -> None:
    """The list of engines is not in the cache."""
    shutil.rmtree(tmp_path / "cache")


def _use(mirror: Mirror, address: str, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Make a mirror the archive of this machine, with the configuration and the cache in a folder."""
    (folder / "debian.csv").write_text(
        "version,codename,series,created,release,eol\n"
        "1,Old,old,2020-01-01,2021-01-01\n2,Gone,gone,2020-01-02,2021-01-01\n"
        "3,Unsigned,unsigned,2020-01-03\n,Sid,sid,1993-01-01\n,Experimental,experimental,1993-01-01\n"
    )
    (folder / "sources.list").write_text(f"deb [signed-by={mirror.keyring}] {address} old main\n")
    patch.setattr(apt, "CONF", apt.CONF.replace('Retries "2"', 'Retries "0"'))
    patch.setattr(archive, "APT", folder)
    patch.setattr(available, "APT", folder)
    patch.setattr(sources, "KEYRINGS", folder)
    patch.setattr(suites, "DISTRO_INFO", folder)
    patch.setattr(platform, "freedesktop_os_release", lambda: {"ID": "debian", "VERSION_CODENAME": "old"})
    patch.setattr(daemons, "SYSTEM", folder)
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "XDG_RUNTIME_DIR"):
        patch.delenv(name, raising=False)
    patch.setenv("DOCKER_CONFIG", str(folder))
    patch.setenv("CMDPOINT_CACHE", str(folder / "cache"))
