"""From the name of an engine, as a person gives it, to an address where one answers.

A daemon that the user named, by an address, DOCKER_HOST or a Docker context, is used or reported, never
silently replaced. Only if none is named, `auto` looks further, and finally starts a private engine.
"""

import shutil
from dataclasses import dataclass

from docker.tls import TLSConfig

from cmdpoint.engines.cache import Progress, silent
from cmdpoint.engines.daemons import configured_daemon, default_sockets, tls_of_environment
from cmdpoint.engines.distribution.names import EngineName, root_of
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.engine_in_container import ContainerEngine, start_in_container
from cmdpoint.engines.faults import NoEngine, UnknownEngine, Unreachable
from cmdpoint.engines.private.process import PrivateEngine, check_abilities

SCHEMES = ("unix://", "tcp://", "ssh://")
CONTAINER = "container:"


@dataclass(frozen=True)
class RunningEngine:
    """An engine that answers.

    Attributes:
        url: Its address.
        tls: The certificates to show it, if it wants any.
        private: The engine itself, where it was started for this call.
    """

    url: str
    tls: TLSConfig | None = None
    private: PrivateEngine | ContainerEngine | None = None

    def client(self, product: str) -> Client:
        """Its `docker` or `podman` command: a private engine's own, or else the machine's, if there is one.

        Args:
            product: What the engine says it is, `docker` or `podman`.
        """
        if self.private:
            return Client(tuple(self.private.cli_argv()))
        program = shutil.which(product)
        options = ("--remote", "--url") if product == "podman" else ("--host",)
        return Client((program, *options, self.url) if program else ())

    @property
    def runtimes(self) -> tuple[str, ...]:
        """The runtimes that can be requested besides the default; known of private engines alone."""
        return self.private.runtimes if self.private else ()

    def connect(self) -> Engine:
        """Connect to it; the engine's own faults say why that fails."""
        return Engine(self.url, self.tls)

    def stop(self) -> None:
        """Stop the engine if it was started here; leave anybody else's alone."""
        if self.private:
            self.private.stop()


def find(name: str, progress: Progress = silent) -> RunningEngine:
    """Find, or start, the engine of a name.

    Args:
        name: One of
            `auto`: the daemon that was named, or one that answers, or else `private`;
            `host`: only such a daemon;
            `private` or `docker`: a private one, the newest verified Docker that the distribution offers;
            `podman`: a private one, of the machine's own suite;
            `private:SUITE` or `docker:SUITE`, `podman:SUITE`: of another suite of its distribution;
            `docker-28.5.2`, `podman-5.4.2`: of exactly this version, whichever suite has it;
            any of these with `+containerd`: the same, with containerd's image store;
            `container:IMAGE`: one in a privileged container of the daemon that `host` finds;
            an address.
        progress: Receives progress messages.

    Raises:
        UnknownEngine: There is no such name.
        Unreachable: An address was named, here or in the environment, and nothing answers there.
        NoEngine: No daemon answers, or a private one cannot be started.
        Fault: What answers is no engine, or the private engine could not be unpacked.
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
    raise UnknownEngine(
        f"there is no engine {name!r}",
        "an engine is auto, host, private, docker-VERSION, podman-VERSION, docker:SUITE, podman:SUITE, "
        f"container:IMAGE, or an address that starts with {', '.join(SCHEMES)}; +containerd may stand behind "
        "a docker",
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
    """Find a daemon that already runs: the one that was named, or else one at the usual sockets."""
    if address := configured_daemon():
        return _answering(address.url, address.tls)
    silence: list[str] = []
    for path in default_sockets():
        try:
            return _answering(f"unix://{path}")
        except Unreachable as fault:
            silence.append(f"{path}: {fault.why}")
    raise NoEngine(
        "no daemon answers",
        "; ".join(["neither DOCKER_HOST nor a Docker context names one", *silence]),
        "start a daemon, name one with DOCKER_HOST, or, as root on Debian or Ubuntu, use the engine private",
    )


def _answering(url: str, tls: TLSConfig | None = None) -> RunningEngine:
    """Return the address once an engine has answered there; the engine's own faults say why if none does."""
    Engine(url, tls).close()
    return RunningEngine(url, tls)


def _private(wanted: EngineName, progress: Progress) -> RunningEngine:
    # Before hundreds of megabytes are unpacked in vain.
    check_abilities()
    engine = PrivateEngine.start(root_of(wanted, progress), wanted.store, progress=progress)
    return RunningEngine(engine.url, private=engine)
