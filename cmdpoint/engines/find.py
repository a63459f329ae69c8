"""From the name of an engine, as people write it, to an address at which an engine answers.

If the user names a daemon with an address, DOCKER_HOST or a Docker context, no other is used in its place.
Only without one does `auto` try the default sockets, and finally start a private engine.
"""

import shutil
from dataclasses import dataclass

from docker.tls import TLSConfig

from cmdpoint.engines.cache import Progress, silent
from cmdpoint.engines.daemons import configured_daemon, default_sockets, tls_of_environment
from cmdpoint.engines.distribution.names import EngineName, root_of
from cmdpoint.engines.distribution.sandbox import sandbox
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.engine_in_container import ContainerEngine, start_in_container
from cmdpoint.engines.faults import NoEngine, UnknownEngine, Unreachable
from cmdpoint.engines.private.process import PrivateEngine, check_abilities
from cmdpoint.oracle.dialect.data import store_of

SCHEMES = ("unix://", "tcp://", "ssh://")
CONTAINER = "container:"


@dataclass(frozen=True)
class RunningEngine:
    """An engine that answers.

    Attributes:
        url: Its address.
        tls: The certificates to use, if the engine requires them.
        private: The engine itself, if it was started for this call.
    """

    url: str
    tls: TLSConfig | None = None
    private: PrivateEngine | ContainerEngine | None = None

    def client(self, product: str) -> Client:
        """Its `docker` or `podman` command: a private engine's own, or that of the machine, if there is one.

        Args:
            product: The product that the engine reports, `docker` or `podman`.
        """
        if self.private:
            return Client(tuple(self.private.cli_argv()))
        program = shutil.which(product)
        options = ("--remote", "--url") if product == "podman" else ("--host",)
        return Client((program, *options, self.url) if program else ())

    @property
    def runtimes(self) -> tuple[str, ...]:
        """The runtimes that can be requested besides the default; known only for private engines."""
        return self.private.runtimes if self.private else ()

    def connect(self) -> Engine:
        """Connect to the engine; see `Engine` for the faults."""
        return Engine(self.url, self.tls)

    def stop(self) -> None:
        """Stop the engine if it was started for this call; do nothing to any other engine."""
        if self.private:
            self.private.stop()


def find(name: str, progress: Progress = silent) -> RunningEngine:
    """Find, or start, the engine of a name.

    Args:
        name: One of
            `auto`: the configured daemon, or one at a default socket, or else `private`;
            `host`: the configured daemon, or one at a default socket;
            `private` or `docker`: a private engine, the newest verified Docker of the distribution;
            `podman`: a private Podman of the machine's own suite;
            `private:SUITE` or `docker:SUITE`, `podman:SUITE`: a private engine of another suite;
            `docker-28.5.2`, `podman-5.4.2`: a private engine of this version, from any suite;
            any private Docker with `+containerd`: the same, with containerd's image store;
            any private Docker with `/runsc` or `/runsc:SUITE`: the same, with gVisor's runtime as a further
            one;
            `container:IMAGE`: an engine in a privileged container of the daemon that `host` finds;
            an address.
        progress: Receives progress messages.

    Raises:
        UnknownEngine: There is no such name.
        Unreachable: Nothing answers at the address that is given or configured.
        NoEngine: No daemon answers, or a private engine cannot be started.
        Fault: The server at the address is no engine, or the private engine cannot be unpacked.
    """
    if name == "auto":
        return _daemon_or_private(progress)
    if name == "host":
        return _daemon()
    if wanted := EngineName.read(name):
        return _private(wanted, progress)
    if image := name.removeprefix(CONTAINER) if name.startswith(CONTAINER) else "":
        inside = start_in_container(_daemon().connect(), image, progress)
        return RunningEngine(inside.url, private=inside)
    if name.startswith(SCHEMES):
        return _answering(name, tls_of_environment() if name.startswith("tcp://") else None)
    raise _unknown(name)


def check_name(name: str) -> None:
    """Check that a name has a form that `find` takes; nothing is connected to.

    Raises:
        UnknownEngine: It has not.
    """
    is_address = name.startswith((CONTAINER, *SCHEMES))
    if name not in ("auto", "host") and not is_address and not EngineName.read(name):
        raise _unknown(name)


def _unknown(name: str) -> UnknownEngine:
    return UnknownEngine(
        f"there is no engine {name!r}",
        "an engine is auto, host, private, docker-VERSION, podman-VERSION, docker:SUITE, podman:SUITE, "
        f"container:IMAGE, or an address that starts with {', '.join(SCHEMES)}; a docker may end with "
        "+containerd, and also with /runsc",
        "name one of these; `cmdpoint engines list` shows the versions and suites",
    )


def _daemon_or_private(progress: Progress) -> RunningEngine:
    """Find a daemon that already runs, or start a private engine; a fault says why neither is possible."""
    try:
        return _daemon()
    except NoEngine as no_daemon:
        try:
            return _private(EngineName("docker"), progress)
        except NoEngine as no_private:
            why = f"{no_daemon.why}; {no_private.what}: {no_private.why}"
            raise NoEngine(no_daemon.what, why, no_daemon.remedy) from no_private


def _daemon() -> RunningEngine:
    """Find a daemon that already runs: the configured one, or else one at a default socket."""
    if address := configured_daemon():
        return _answering(address.url, address.tls)
    reasons: list[str] = []
    for path in default_sockets():
        try:
            return _answering(f"unix://{path}")
        except Unreachable as fault:
            reasons.append(f"{path}: {fault.why}")
    raise NoEngine(
        "no daemon answers",
        "; ".join(["neither DOCKER_HOST nor a Docker context names one", *reasons]),
        "start a daemon, name one with DOCKER_HOST, or, as root on Debian or Ubuntu, use the engine private",
    )


def _answering(url: str, tls: TLSConfig | None = None) -> RunningEngine:
    """Check that an engine answers at an address, and return it; see `Engine` for the faults."""
    Engine(url, tls).close()
    return RunningEngine(url, tls)


def _private(wanted: EngineName, progress: Progress) -> RunningEngine:
    # First of all, because an engine that cannot start need not be downloaded.
    check_abilities()
    root = root_of(wanted, progress)
    store = store_of(root.product, root.version, wanted.store)
    further = sandbox(wanted.runtime_suite, progress) if wanted.runtime else None
    engine = PrivateEngine.start(root, store, further=further, progress=progress)
    return RunningEngine(engine.url, private=engine)
