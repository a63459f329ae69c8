"""An engine in a container of another: it runs processes, and is removed even if its owner is killed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cmdpoint.engines.distribution.archive import Root
from cmdpoint.engines.distribution.cached import cached_roots
from cmdpoint.engines.driver.client import NO_CLIENT
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.driver.labels import Owner, count
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.engine_in_container import ContainerEngine, start_in_container
from cmdpoint.engines.faults import NoEngine
from cmdpoint.engines.find import find
from cmdpoint.engines.private.process import PrivateEngine
from cmdpoint.engines.products.product import major
from cmdpoint.oracle.case import Case, Image, Request
from cmdpoint.oracle.outcome import Process

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("apt-get"),
    reason="a private engine needs root on Debian or Ubuntu",
)

PROGRAMS = ("dockerd", "containerd", "containerd-shim-runc-v2", "runc", "docker-init", "mkfs.ext4")
OPTIONS = ("--bridge=none", "--iptables=false", "--ip6tables=false", "--userland-proxy=false")
ENTRYPOINT = f"ENTRYPOINT {json.dumps(['dockerd', *OPTIONS])}"
"""The entrypoint of Docker's own image, without a network, because there is none here."""


@pytest.fixture(scope="module")
def host() -> Iterator[PrivateEngine]:
    """A private engine with an image that contains an engine."""
    # Before 23, a privileged container gets capabilities that the machine itself may lack.
    able = [
        each.root
        for each in cached_roots()
        if each.root.product == "docker" and major(each.root.version) > 22
    ]
    if not able:
        pytest.skip("no Docker 23 or newer is unpacked: cmdpoint engines fetch docker:SUITE")
    root = able[-1]
    with PrivateEngine.start(root) as engine:
        imported = [*engine.cli_argv(), "import", f"--change={ENTRYPOINT}", "-", "engine"]
        with subprocess.Popen(tar_of(root), stdout=subprocess.PIPE) as tar:
            subprocess.run(imported, stdin=tar.stdout, check=True, capture_output=True)
        assert tar.returncode == 0
        yield engine


def tar_of(root: Root) -> list[str]:
    """The command that writes a tar of the programs and libraries of a root that a daemon needs."""
    usr = root.path / "usr"
    programs = [path for name in PROGRAMS for path in usr.glob(f"*bin/{name}")]
    libraries = [path for path in usr.glob("lib/*-linux-gnu*/*.so*") if "perl" not in path.name]
    links = [path for path in root.path.iterdir() if path.is_symlink()]
    loaders = list(usr.glob("lib*/ld-linux*"))
    names = [str(path.relative_to(root.path)) for path in [*links, *programs, *libraries, *loaders]]
    return ["tar", "--create", "--directory", str(root.path), *names]


def start(host: PrivateEngine, image: str = "engine") -> ContainerEngine:
    """Start an engine in a container of a private engine, in which its run folder has another path."""
    folder = host.folder / "inner"
    folder.mkdir()
    return ContainerEngine(Engine(host.url), image, folder, seen="/run/cmdpoint/inner")


def containers_of(host: PrivateEngine) -> int:
    """How many containers with cmdpoint's labels an engine has."""
    with closing(Engine(host.url)) as engine:
        return count(engine)


def test_it_runs_processes_and_leaves_nothing(host: PrivateEngine) -> None:
    inner = start(host)
    try:
        assert containers_of(host) == 1
        with closing(Engine(inner.url)) as engine:
            assert engine.name == host.root.name
            with LiveTarget(engine, "classic", Owner.this_process(), NO_CLIENT) as live:
                image = Image("app", 'FROM probe\nENTRYPOINT ["/a"]\nCMD ["b"]\n')
                outcome = live.observed(Case((image,), Request()))
        assert isinstance(outcome, Process)
        assert outcome.argv == ("/a", "b")
    finally:
        inner.stop()
    assert containers_of(host) == 0
    assert not (host.folder / "inner").exists()
    inner.stop()


def test_the_next_start_removes_what_a_killed_owner_left(host: PrivateEngine) -> None:
    script = (
        "import os, signal; from pathlib import Path; from cmdpoint.engines.driver.engine import Engine\n"
        "from cmdpoint.engines.engine_in_container import ContainerEngine\n"
        f"folder = Path({str(host.folder)!r}, 'killed'); folder.mkdir()\n"
        f"ContainerEngine(Engine({host.url!r}), 'engine', folder, seen='/run/cmdpoint/killed')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    assert killed.returncode == -9
    assert containers_of(host) == 1
    start(host).stop()
    assert containers_of(host) == 0


def test_an_image_without_an_engine(host: PrivateEngine) -> None:
    """The fault quotes the container's output, and the container is removed."""
    argv = [
        *host.cli_argv(),
        "import",
        '--change=ENTRYPOINT ["dockerd", "--log-level=nonsense"]',
        "-",
        "other",
    ]
    with subprocess.Popen(tar_of(host.root), stdout=subprocess.PIPE) as tar:
        subprocess.run(argv, stdin=tar.stdout, check=True, capture_output=True)
    with pytest.raises(NoEngine, match=r"(?s)it exited with code \d+; its last output:.*nonsense"):
        start(host, "other")
    assert containers_of(host) == 0


def test_an_image_that_cannot_be_pulled(host: PrivateEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine is given by the image's name; the fault says that the daemon cannot pull it."""
    monkeypatch.setenv("DOCKER_HOST", host.url)
    with pytest.raises(NoEngine, match=r"container of nowhere\.example/engine:1"):
        find("container:nowhere.example/engine:1")
    assert containers_of(host) == 0


def test_a_daemon_elsewhere(monkeypatch: pytest.MonkeyPatch, host: PrivateEngine) -> None:
    """Without a common folder the socket cannot be reached; this is reported before anything is started."""
    with closing(Engine(host.url)) as engine:
        engine.url = "tcp://elsewhere.example:2376"
        with pytest.raises(NoEngine, match="shares no folder"):
            start_in_container(engine, "engine")
