"""Process 1 with a real shell: which program it is, whether it receives signals, and `docker exec`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from cmdpoint.conformance.comparator import Comparator
from cmdpoint.conformance.tests.shells import SHELLS, context
from cmdpoint.engines.driver.build import post_build
from cmdpoint.engines.driver.containers import ATTEMPTS
from cmdpoint.engines.driver.engine import Refused
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.faults import EngineDied, Fault

pytestmark = pytest.mark.one_builder  # no builder decides about this

STOPPED, KILLED, ENDED_BY_SIGTERM = 42, 137, 143

PATIENCE = 20
"""The seconds in which a program has to print a line."""

EXECUTES_THE_LAST = {"dash": False, "bash": True}
"""Whether a shell replaces itself with the program if the text is one command (EXEC-22)."""

every_shell = pytest.mark.parametrize("shell", SHELLS)


@contextmanager
def running(live: LiveTarget, shell: str, *lines: str, **request: Any) -> Iterator[str]:
    """A container of an image with these lines, as soon as it has printed a line."""
    owner = Owner.this_process()
    tag = f"cmdpoint-{owner.run}-shell"
    refused = post_build(live.engine, live.builder, context(shell, *lines), owner.labels, t=tag)
    assert refused is None, refused
    limits = dict(live.engine.limits)
    if "Memory" in limits:
        limits["Memory"] = 64 * 1024 * 1024
    body = {"Image": tag, "Labels": owner.labels, "HostConfig": limits, **request}
    containers = []
    try:
        for _ in range(ATTEMPTS):
            containers.append(live.engine.post("/containers/create", body)["Id"])
            live.engine.post(f"/containers/{containers[-1]}/start")
            if has_printed_a_line(live, containers[-1]):
                break
        else:
            assert state_of(live, containers[-1])["ExitCode"] == 0, "the program failed, and printed nothing"
            raise EngineDied(
                f"the engine {live.engine.name} lost the output of a container {ATTEMPTS} times in a row",
                "its program ended without an error, and always prints a line",
                "look at the engine's own log",
            )
        yield containers[-1]
    finally:
        with suppress(Refused):  # decides nothing: the run removes at its end what is left
            for container in containers:
                live.engine.delete(f"/containers/{container}", force="1")
            live.engine.delete(f"/images/{tag}", force="1")


def has_printed_a_line(live: LiveTarget, container: str) -> bool:
    """Wait until a container has printed a line; False if it has ended without.

    A busy engine loses the output of a program that ends at once; see `ATTEMPTS`.

    Raises:
        Fault: It still runs after `PATIENCE`, and has printed none.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        runs = state_of(live, container)["Running"]
        if b"\n" in output(live, container):
            return True
        if not runs:
            return False
        time.sleep(0.05)
    raise Fault(
        f"the engine {live.engine.name} runs a container that prints no line",
        f"its program prints one at once, and {PATIENCE} s have passed",
        "the machine may be too busy: run fewer tests at once, with -n 1, and run again",
    )


def state_of(live: LiveTarget, container: str) -> dict[str, Any]:
    """The state of a container."""
    state: dict[str, Any] = live.engine.get(f"/containers/{container}/json")["State"]
    return state


def output(live: LiveTarget, container: str) -> bytes:
    """The output of a container so far, without the eight bytes before it."""
    return live.engine.get_bytes(f"/containers/{container}/logs?stdout=1")[8:]


def stopped(live: LiveTarget, container: str) -> int:
    """The exit code of a container that receives SIGTERM, and SIGKILL after a second."""
    live.engine.post(f"/containers/{container}/stop", t="1")
    return int(live.engine.post(f"/containers/{container}/wait")["StatusCode"])


@every_shell
@pytest.mark.parametrize(
    "line",
    [
        'ENTRYPOINT ["/program"]',
        "ENTRYPOINT exec /program",
        "CMD exec /program",
        "CMD true && X=1 exec /program",
    ],
)
def test_exec_form_and_exec_receive_the_signal(live: LiveTarget, shell: str, line: str) -> None:
    """The program is process 1 and receives SIGTERM."""
    with running(live, shell, line) as container:
        assert output(live, container) == b"1\n"
        assert stopped(live, container) == STOPPED


@every_shell
@pytest.mark.parametrize(
    "line",
    [
        "ENTRYPOINT /program; true",
        "CMD true && /program || false",
        "CMD exec true | exec /program",
        "CMD /program & wait",
    ],
)
def test_a_shell_that_waits_receives_the_signal_and_does_nothing(
    live: LiveTarget, shell: str, line: str
) -> None:
    """The shell is process 1, on which SIGTERM has no effect, and the program receives no signal."""
    with running(live, shell, line) as container:
        assert output(live, container) != b"1\n"
        assert stopped(live, container) == KILLED


@every_shell
@pytest.mark.parametrize("line", ["ENTRYPOINT /program", "CMD /program"])
def test_one_command_depends_on_the_shell(live: LiveTarget, shell: str, line: str) -> None:
    """Many shells replace themselves with the program, which is then process 1 and receives SIGTERM."""
    with running(live, shell, line) as container:
        is_first = output(live, container) == b"1\n"
        assert (is_first, stopped(live, container)) == (
            EXECUTES_THE_LAST[shell],
            STOPPED if is_first else KILLED,
        )


@every_shell
def test_a_shell_ends_before_a_command_that_it_does_not_wait_for(live: LiveTarget, shell: str) -> None:
    """The container ends with the shell, although the program runs on until then."""
    with running(live, shell, "CMD echo a; /program &") as container:
        assert live.engine.post(f"/containers/{container}/wait")["StatusCode"] == 0


@every_shell
def test_init_forwards_the_signal_but_a_shell_does_not(live: LiveTarget, shell: str) -> None:
    """An init process forwards SIGTERM to its child, which is the shell if that does not replace itself."""
    init = {**live.engine.limits, "Init": True}
    with running(live, shell, 'ENTRYPOINT ["/program"]', HostConfig=init) as container:
        assert output(live, container) != b"1\n"
        assert stopped(live, container) == STOPPED
    with running(live, shell, "CMD /program; true", HostConfig=init) as container:
        assert stopped(live, container) == ENDED_BY_SIGTERM


@every_shell
@pytest.mark.parametrize(
    ("lines", "seen"),
    [
        (('ENTRYPOINT echo "$0-$1-$#"', 'CMD ["a", "b"]'), b"a-b-1\n"),
        (('ENTRYPOINT echo "$0-$1-$2"', "CMD x y"), b"/bin/sh--c-x y\n"),
        (('ENTRYPOINT echo "$@"', 'CMD ["a", "b", "c"]'), b"b c\n"),
        (('ENTRYPOINT echo "$0"',), b"/bin/sh\n"),
    ],
)
def test_what_the_shell_calls_the_words(
    live: LiveTarget, shell: str, lines: tuple[str, ...], seen: bytes
) -> None:
    """The words of CMD are `$0`, `$1` and so on in a shell-form ENTRYPOINT (EXEC-21)."""
    with running(live, shell, *lines) as container:
        assert output(live, container) == seen


def test_exec_runs_its_own_words_alone(live: LiveTarget) -> None:
    """`docker exec` ignores ENTRYPOINT, CMD, SHELL and --init (CLI-7)."""
    lines = ('ENTRYPOINT ["/program"]', 'CMD ["x"]')
    with running(live, SHELLS[0], *lines) as container:
        done = live.client.call("exec", container, "/bin/sh", "-c", 'echo "$0 $1"', "a", "b")
        assert (done.stdout, done.returncode) == (b"a b\n", 0)
        done = live.client.call("exec", container, "/bin/sh", "-c", "echo /p*")
        assert done.stdout == b"/proc /program\n", "it does not see the container's root"
        done = live.client.call("exec", "-w", "/bin", container, "./sh", "-c", "exit 7")
        assert done.returncode == 7
        # A command without words crashes the whole service of Podman 3.0.
        if live.engine.name != "podman-3.0.1":
            with pytest.raises(
                Refused, match=r"(?i)no exec command specified|a non-empty command"
            ) as refused:
                live.engine.post(f"/containers/{container}/exec", {"Cmd": []})
            assert refused.value.status == (400 if live.engine.product == "docker" else 500)
        live.engine.post(f"/containers/{container}/kill")


def test_exec_that_cannot_start(live: LiveTarget, comparator: Comparator, exec_not_found: int) -> None:
    """A missing program has 127 since Docker 28.0 and on Podman; other failures have other codes."""
    if live.engine.name == "podman-3.0.1":
        pytest.skip("removing a container after this can crash the service: libpod's lock panics")
    with running(live, SHELLS[0], 'ENTRYPOINT ["/program"]') as container:
        assert live.client.call("exec", container, "nope").returncode == exec_not_found
        assert live.client.call("exec", container, "/nope").returncode == exec_not_found
        assert live.client.call("exec", container, "/bin").returncode == 126
        assert live.client.call("exec", container, "/text").returncode == comparator.dialect.failed_exec_code
        live.engine.post(f"/containers/{container}/kill")


@pytest.fixture
def exec_not_found(live: LiveTarget) -> int:
    """The exit code of `docker exec` for a missing program."""
    is_old_docker = live.engine.product == "docker" and int(live.engine.version.split(".")[0]) < 28
    return 126 if is_old_docker else 127
