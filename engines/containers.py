"""Creating a container and seeing what it is to run; starting it and seeing what it does run."""

from collections.abc import Mapping

from engines.client import Client
from engines.engine import Engine, Refused
from engines.faults import EngineDied
from engines.refusals import create_refusal, start_refusal
from oracle.model import Outcome, Process, Refusal, Request, Words

ATTEMPTS = 3
"""How often a container is run whose output is lost: once in some thousand times it is, on a busy 28.5.2.

An argv is never empty, so nothing that an engine could do otherwise is passed over by asking again.
"""


def planned(engine: Engine, tag: str, request: Request, labels: Mapping[str, str]) -> Outcome:
    """What create fixes: `Path` and `Args` of the container, which is then removed.

    Args:
        engine: Where.
        tag: The image.
        request: The two keys of the create request that matter.
        labels: Go onto the container.

    Raises:
        Fault: The engine died, or its disk is full.
    """
    container = _create(engine, tag, request, labels)
    if isinstance(container, Refusal):
        return container
    try:
        return _path_and_args(engine, container)
    finally:
        _remove(engine, container)


def observed(
    engine: Engine, tag: str, request: Request, labels: Mapping[str, str]
) -> tuple[Outcome, Outcome]:
    """What create fixes and what then runs: the argv the probe was started with, as process 1.

    See `planned` for the arguments and errors.

    Returns:
        The planned outcome, and the observed one.
    """
    state: object = None
    for _ in range(ATTEMPTS):
        container = _create(engine, tag, request, labels)
        if isinstance(container, Refusal):
            return container, container
        try:
            plan, outcome = _path_and_args(engine, container), _run(engine, container)
            if outcome is not None:
                return plan, outcome
            state = engine.get(f"/containers/{container}/json")["State"]
        finally:
            _remove(engine, container)
    raise _lost(engine, f"neither stream nor log holds any: {state}")


def planned_by_client(engine: Engine, client: Client, words: Words, labels: Mapping[str, str]) -> Outcome:
    """What `docker create` fixes; see `planned`.

    Args:
        engine: Where.
        client: Its client.
        words: What stands after `docker create`.
        labels: Go onto the container.
    """
    ran = client.run("create", words, labels)
    if ran.container is None:
        return ran.refusal
    try:
        return _path_and_args(engine, ran.container)
    finally:
        _remove(engine, ran.container)


def observed_by_client(
    engine: Engine, client: Client, words: Words, labels: Mapping[str, str]
) -> tuple[Outcome, Outcome]:
    """What `docker run` fixes, and what then runs; see `observed` and `planned_by_client`."""
    for _ in range(ATTEMPTS):
        ran = client.run("run", words, labels)
        if ran.container is None:
            return ran.refusal, ran.refusal
        if ran.output or ran.message:
            plan = _plan_of(engine, client, words, labels, ran.container)
            return plan, Process(_argv(ran.output)) if ran.output else ran.refusal
        _remove(engine, ran.container)
    raise _lost(engine, f"neither output nor message, exit code {ran.exit_code}")


def _plan_of(
    engine: Engine, client: Client, words: Words, labels: Mapping[str, str], container: str
) -> Outcome:
    """What create fixed for a container that has run; it is removed, if `--rm` has not done so already."""
    try:
        return _path_and_args(engine, container)
    except Refused as refused:
        if refused.status != 404:
            raise
        return planned_by_client(engine, client, words, labels)
    finally:
        _remove(engine, container)


def _create(engine: Engine, tag: str, request: Request, labels: Mapping[str, str]) -> str | Refusal:
    body = {
        "Image": tag,
        "Labels": dict(labels),
        "HostConfig": engine.limits,
        "NetworkDisabled": True,
    }
    try:
        return str(engine.post("/containers/create", body | request.body())["Id"])
    except Refused as refused:
        return create_refusal(refused.message)


def _path_and_args(engine: Engine, container: str) -> Process:
    about = engine.get(f"/containers/{container}/json")
    return Process((about["Path"], *about["Args"]))


def _run(engine: Engine, container: str) -> Outcome | None:
    """Start a container and read what it writes, up to its end; None where nothing is to be had.

    Attached before the start, hardly anything can be missed; the log of a container that ends at once can be
    read empty (seen on 20.10.24, following it from right after the start).
    """
    try:
        output = _read(engine, container, start=True, stream="1")
    except Refused as refused:
        return start_refusal(refused.message)
    if not output:
        engine.post(f"/containers/{container}/wait")
        output = _read(engine, container, start=False, logs="1")
    return Process(_argv(output)) if output else None


def _read(engine: Engine, container: str, *, start: bool, **params: str) -> bytes:
    """What a container writes to its standard output, attached to it as the parameters say."""
    with engine.post_stream(f"/containers/{container}/attach", params={"stdout": "1", **params}) as chunks:
        if start:
            engine.post(f"/containers/{container}/start")
        return _standard_output(b"".join(chunks))


def _standard_output(frames: bytes) -> bytes:
    output, at = b"", 0
    while at < len(frames):  # a frame: one byte for the stream, three of nothing, four for its length
        length = int.from_bytes(frames[at + 4 : at + 8], "big")
        output += frames[at + 8 : at + 8 + length]
        at += 8 + length
    return output


def _argv(output: bytes) -> tuple[str, ...]:
    return tuple(word.decode("utf-8", "surrogateescape") for word in output.split(b"\0")[:-1])


def _remove(engine: Engine, container: str) -> None:
    engine.delete(f"/containers/{container}", force="1", v="1")


def _lost(engine: Engine, why: str) -> EngineDied:
    return EngineDied(
        f"the engine {engine.name} has lost what a container wrote, {ATTEMPTS} times in a row",
        f"the probe writes its argv, never empty; {why}",
        "look at the engine's own log",
    )
