"""What is process 1 under a real shell, what reaches it, and what `docker exec` makes of it all."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cmdpoint.conformance.comparator import Comparator
from cmdpoint.conformance.tests.shells import SHELLS, context
from cmdpoint.engines.driver.build import post_build
from cmdpoint.engines.driver.engine import Refused
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget

STOPPED, KILLED = 42, 137

EXECUTES_THE_LAST = {"dash": False, "bash": True}
"""Whether a shell replaces itself with the program if the text is one command (EXEC-22)."""

every_shell = pytest.mark.parametrize("shell", SHELLS)


@contextmanager
def running(
    live: LiveTarget, shell: str, *lines: str, wait_for: bytes = b"\n", **asked: Any
) -> Iterator[str]:
    """A container of an image with these lines, as soon as it has written something."""
    owner = Owner.this_process()
    tag = f"cmdpoint-{owner.run}-shell"
    refused = post_build(live.engine, live.builder, context(shell, *lines), owner.labels, t=tag)
    assert refused is None, refused
    limits = dict(live.engine.limits)
    if "Memory" in limits:
        limits["Memory"] = 64 * 1024 * 1024
    body = {"Image": tag, "Labels": owner.labels, "HostConfig": limits, **asked}
    container = live.engine.post("/containers/create", body)["Id"]
    try:
        live.engine.post(f"/containers/{container}/start")
        deadline = time.monotonic() + 20
        while wait_for not in output(live, container):
            assert time.monotonic() < deadline, "the program wrote nothing"
            time.sleep(0.05)
        yield container
    finally:
        live.engine.delete(f"/containers/{container}", force="1")
        live.engine.delete(f"/images/{tag}", force="1")


def output(live: LiveTarget, container: str) -> bytes:
    """What a container has written so far; every frame has a head of eight bytes."""
    return live.engine.get_bytes(f"/containers/{container}/logs?stdout=1")[8:]


def stopped(live: LiveTarget, container: str) -> int:
    """The exit code of a container that receives SIGTERM, and is killed after a second."""
    live.engine.post(f"/containers/{container}/stop", t="1")
    return int(live.engine.post(f"/containers/{container}/wait")["StatusCode"])


@every_shell
@pytest.mark.parametrize("line", ['ENTRYPOINT ["/program"]', "ENTRYPOINT exec /program", "CMD exec /program"])
def test_exec_form_and_exec_receive_the_signal(live: LiveTarget, shell: str, line: str) -> None:
    """The program is process 1, and SIGTERM reaches it."""
    with running(live, shell, line) as container:
        assert output(live, container) == b"1\n"
        assert stopped(live, container) == STOPPED


@every_shell
@pytest.mark.parametrize("line", ["ENTRYPOINT /program; true", "CMD true && /program || false"])
def test_a_shell_that_waits_receives_the_signal_and_does_nothing(
    live: LiveTarget, shell: str, line: str
) -> None:
    """The shell is process 1, for which SIGTERM means nothing; the program does not hear of it."""
    with running(live, shell, line) as container:
        assert output(live, container) != b"1\n"
        assert stopped(live, container) == KILLED


@every_shell
@pytest.mark.parametrize("line", ["ENTRYPOINT /program", "CMD /program"])
def test_one_command_depends_on_the_shell(live: LiveTarget, shell: str, line: str) -> None:
    """Many shells replace themselves with the last program; it is then process 1, and receives SIGTERM."""
    with running(live, shell, line) as container:
        is_first = output(live, container) == b"1\n"
        assert (is_first, stopped(live, container)) == (
            EXECUTES_THE_LAST[shell],
            STOPPED if is_first else KILLED,
        )


@every_shell
def test_init_forwards_the_signal_but_a_shell_does_not(live: LiveTarget, shell: str) -> None:
    """An init process sends SIGTERM on to its child, which is the shell if that stays."""
    init = {**live.engine.limits, "Init": True}
    with running(live, shell, 'ENTRYPOINT ["/program"]', HostConfig=init) as container:
        assert output(live, container) != b"1\n"
        assert stopped(live, container) == STOPPED


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
    """CMD's words are `$0`, `$1` ... of a shell-form ENTRYPOINT (EXEC-21)."""
    with running(live, shell, *lines) as container:
        assert output(live, container) == seen


def test_exec_runs_its_own_words_alone(live: LiveTarget) -> None:
    """`docker exec` knows nothing of ENTRYPOINT, CMD, SHELL or --init (CLI-7)."""
    lines = ('ENTRYPOINT ["/program"]', 'CMD ["x"]')
    with running(live, SHELLS[0], *lines) as container:
        done = live.client.call("exec", container, "/bin/sh", "-c", 'echo "$0 $1"', "a", "b")
        assert (done.stdout, done.returncode) == (b"a b\n", 0)
        done = live.client.call("exec", container, "/bin/sh", "-c", "echo /p*")
        assert done.stdout == b"/proc /program\n", "it is the container's root that it sees"
        done = live.client.call("exec", "-w", "/bin", container, "./sh", "-c", "exit 7")
        assert done.returncode == 7
        # The whole service of Podman 3.0 ends of a command without words.
        if live.engine.name != "podman-3.0.1":
            with pytest.raises(
                Refused, match=r"(?i)no exec command specified|a non-empty command"
            ) as refused:
                live.engine.post(f"/containers/{container}/exec", {"Cmd": []})
            assert refused.value.status == (400 if live.engine.product == "docker" else 500)
        live.engine.post(f"/containers/{container}/kill")


def test_exec_that_cannot_start(live: LiveTarget, comparator: Comparator, exec_not_found: int) -> None:
    """What is not there is 127 since Docker 28.0 and on Podman; what the kernel refuses ends by itself."""
    if live.engine.name == "podman-3.0.1":
        pytest.skip("its service may end where a container is removed after this: libpod's lock panics")
    with running(live, SHELLS[0], 'ENTRYPOINT ["/program"]') as container:
        assert live.client.call("exec", container, "nope").returncode == exec_not_found
        assert live.client.call("exec", container, "/nope").returncode == exec_not_found
        assert live.client.call("exec", container, "/bin").returncode == 126
        assert live.client.call("exec", container, "/text").returncode == comparator.dialect.failed_exec_code
        live.engine.post(f"/containers/{container}/kill")


@pytest.fixture
def exec_not_found(live: LiveTarget) -> int:
    """What `docker exec` exits with for a program that is not there."""
    is_old_docker = live.engine.product == "docker" and int(live.engine.version.split(".")[0]) < 28
    return 126 if is_old_docker else 127
