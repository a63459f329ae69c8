"""The engine alone: the same containers as in the tests, created as fast as possible from one image.

Each case is replaced by a request with the argv of its prediction, so that as many containers run, and as
many are refused at create or at start, as in the tests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cmdpoint.engines.driver.build import post_build
from cmdpoint.engines.driver.engine import Engine, Refused
from cmdpoint.engines.driver.labels import Owner, clear
from cmdpoint.engines.probe import context
from cmdpoint.oracle import Outcome, Process, Request
from tests.bench.workers import Done, Target, Work


def equivalent_request(planned: Outcome) -> Request:
    """The request that has the same outcome on the base image, which has neither Entrypoint nor Cmd.

    Args:
        planned: The planned outcome of the case.
    """
    return Request(None, planned.argv if isinstance(planned, Process) else ())


@contextmanager
def run(base: str, target: Target) -> Iterator[Work[Request]]:
    """Prepare to create, start, wait for, read the log of and remove a container of a base image."""
    with target.engine() as engine:
        body = _body(engine, base)

        def work(request: Request, done: Done) -> None:
            if path := _create(engine, body, request):
                if _start(engine, path):
                    engine.post(f"{path}/wait")
                    # To attach to a container that has ended is to read its log.
                    with engine.post_stream(f"{path}/attach", params={"logs": "1", "stdout": "1"}) as log:
                        b"".join(log)
                engine.delete(path, force="1", v="1")
            done()

        yield work


@contextmanager
def plan(base: str, target: Target) -> Iterator[Work[Request]]:
    """Prepare to create, inspect and remove a container of a base image."""
    with target.engine() as engine:
        body = _body(engine, base)

        def work(request: Request, done: Done) -> None:
            if path := _create(engine, body, request):
                engine.get(f"{path}/json")
                engine.delete(path, force="1", v="1")
            done()

        yield work


@contextmanager
def base_image(engine: Engine) -> Iterator[str]:
    """The tag of a base image, which is removed at the end with everything created from it."""
    owner = Owner.this_process()
    tag = f"cmdpoint-{owner.run}-bench"
    try:
        # Every container of the image inherits the label that names its owner.
        post_build(engine, engine.builders[0], context(engine.architecture), owner.labels, t=tag)
        yield tag
    finally:
        clear(engine, owner)


def _body(engine: Engine, base: str) -> dict[str, Any]:
    """A create request without its command."""
    return {"Image": base, "HostConfig": engine.limits, "NetworkDisabled": True}


def _create(engine: Engine, body: dict[str, Any], request: Request) -> str | None:
    try:
        return f"/containers/{engine.post('/containers/create', body | request.body())['Id']}"
    except Refused:
        return None


def _start(engine: Engine, path: str) -> bool:
    try:
        engine.post(f"{path}/start")
    except Refused:
        return False
    return True
