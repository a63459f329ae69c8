"""The command-line client of an engine: its options, and its exit codes."""

import re
from contextlib import closing

import docker
import docker.errors
import pytest

from cmdpoint.conformance.comparator import Comparator
from cmdpoint.conformance.properties import check_enumerated
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.driver.containers import ATTEMPTS
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.oracle import Case, CommandLine, Image, Process, predict
from cmdpoint.oracle.clients.docker_run import IMAGE
from cmdpoint.oracle.clients.run_options import RUN_OPTIONS

pytestmark = pytest.mark.one_builder  # no builder decides about this

NEVER_SHOWN = {
    # Aliases, and four options that most clients show only for a Windows daemon.
    "docker": {"net", "net-alias", "dns-opt", "cpu-count", "cpu-percent", "io-maxbandwidth", "io-maxiops"},
    # Aliases, and options that have no effect with a remote client, or no longer have any.
    "podman": {
        *("dns-opt", "healthcheck-command", "healthcheck-interval", "healthcheck-retries", "net", "purge"),
        *("healthcheck-start-period", "healthcheck-timeout", "override-arch", "override-os"),
        *("override-variant", "conmon-pidfile", "decryption-key", "gpus", "help", "http-proxy"),
        *("kernel-memory", "pidfile", "preserve-fd", "preserve-fds", "signature-policy", "storage-opt"),
    },
}
"""Options that not every client shows in its help."""

ENTRYPOINT = Image("image", 'FROM probe\nENTRYPOINT ["/e", ""]\nCMD ["c d"]\n')


NOTHING = CommandLine(("--entrypoint=", IMAGE))


def test_the_client_knows_the_options(client: Client, comparator: Comparator) -> None:
    """`docker run --help` shows the options that the oracle knows, and which of them have a value."""
    shown = client.call("run", "--help").stdout.decode()
    options = re.findall(r"^ +(?:-(\w), )?--([a-z0-9-]+)(?: (\S+))?  ", shown, re.MULTILINE)
    assert len(options) > 80
    names = {name for _, name, _ in options}
    unknown = set(comparator.dialect.unknown_run_options)
    known, hidden = RUN_OPTIONS[comparator.dialect.engine], NEVER_SHOWN[comparator.dialect.engine]
    assert {name for _, name, kind in options if kind} <= known.valued
    assert {name for _, name, kind in options if not kind} <= known.switches
    assert names & unknown == set()
    assert (known.switches | known.valued) - names - hidden == unknown - hidden - set(known.short)
    assert {short: name for short, name, _ in options if short} == {
        short: name for short, name in known.short.items() if not {short, name} & unknown
    }


@pytest.mark.parametrize("words", [("-t",), ("-it",), ("--name", "{}", "-i"), ("--tty=true",)])
def test_a_terminal_or_a_name_changes_no_word(words: tuple[str, ...], comparator: Comparator) -> None:
    """These options do not change the argv of the container (CLI-10)."""
    options = tuple(word.format(f"cmdpoint-{Owner.this_process().run}-named") for word in words)
    requests = [CommandLine((*options, IMAGE, "x", "-d"))]
    check_enumerated(comparator, comparator.planned, [((ENTRYPOINT,), requests)])


def test_the_client_takes_a_name_for_the_reason(client: Client, comparator: Comparator) -> None:
    """Docker's client searches words in the daemon's message, even if the user wrote them (CLI-8)."""
    tag = comparator.live.tag((ENTRYPOINT,))
    taken = 127 if comparator.dialect.engine == "docker" else 125
    for name, code in (("no such file or directory", taken), ("none", 125)):
        assert client.call("run", "--rm", "--volumes-from", name, tag).returncode == code


def test_docker_py_raises_what_the_codes_say(comparator: Comparator) -> None:
    """A refused start raises the error of the API; a program that fails has its exit code (PY-6)."""
    live = comparator.live
    tag = live.tag((Image("image", 'FROM probe\nCMD ["/a"]\n'),))
    with live.engine.connection(), closing(docker.DockerClient(base_url=live.engine.url)) as py:

        def run(*words: str) -> object:
            labels = Owner.this_process().labels
            return py.containers.run(tag, list(words), network_mode="none", labels=labels, remove=True)

        run("/a", "x")
        with pytest.raises(docker.errors.APIError) as refused:
            run("nope")
        assert refused.value.status_code == (400 if comparator.dialect.engine == "docker" else 500)
        with pytest.raises(docker.errors.ContainerError) as failed:
            run("/text")
        assert failed.value.exit_status == comparator.dialect.failed_exec_code


@pytest.mark.parametrize(
    "words",
    [(IMAGE,), (IMAGE, "x", ""), ("--entrypoint", "/x", IMAGE, "-a"), ("-i", "--entrypoint=", IMAGE, "/a")],
)
def test_create_and_start_run_what_run_does(
    client: Client, comparator: Comparator, words: tuple[str, ...]
) -> None:
    """`docker create` and `docker start` together run what `docker run` runs."""
    check_enumerated(comparator, comparator.observed, [((ENTRYPOINT,), [CommandLine(words)])])
    tag = comparator.live.tag((ENTRYPOINT,))
    for _ in range(ATTEMPTS):
        created = client.run("create", tuple(tag if word == IMAGE else word for word in words), _labels())
        done = client.call("start", "--attach", str(created.container))
        client.call("rm", "--force", str(created.container))
        if done.stdout or done.stderr or done.returncode:
            break
    seen = comparator.live.observed(Case((ENTRYPOINT,), CommandLine(words)))
    assert isinstance(seen, Process)
    assert (done.returncode, done.stdout) == (0, b"".join(f"{word}\0".encode() for word in seen.argv))


def test_create_and_start_have_one_exit_code_for_everything(client: Client, comparator: Comparator) -> None:
    """If `run` exits with 125, 126 or 127, Docker's client exits with 1, and Podman's with 125 (CLI-9)."""
    tag = comparator.live.tag((ENTRYPOINT,))
    code = 1 if comparator.dialect.engine == "docker" else 125
    created = client.run("create", ("--entrypoint=", tag), _labels())
    if created.container is None:
        assert created.exit_code == code
    else:  # in some dialects, a container without a program is created (MERGE-18, MERGE-21)
        assert isinstance(predict(Case((ENTRYPOINT,), NOTHING), comparator.dialect).planned, Process)
        client.call("rm", "--force", created.container)
    for program in ("nope", "/plain"):
        created = client.run("create", ("--entrypoint", program, tag), _labels())
        assert created.exit_code == 0
        assert client.call("start", str(created.container)).returncode == code
        client.call("rm", "--force", str(created.container))


def _labels() -> dict[str, str]:
    return dict(Owner.this_process().labels)
