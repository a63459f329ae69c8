"""The engine alone: the same images and containers as in the tests, created as fast as possible.

For containers, each case is replaced by a request with the argv of its prediction, so that as many containers
of one image run, and as many are refused at create or at start, as in the tests.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from cmdpoint.engines.driver.build import post_build, with_tags
from cmdpoint.engines.driver.engine import Engine, Refused
from cmdpoint.engines.driver.labels import Owner, clear
from cmdpoint.engines.probe import context, tar
from cmdpoint.oracle import Case, Dialect, Image, Outcome, Process, Request, predict
from cmdpoint.oracle.images.probe import NAME
from tests.bench.drawn import Example
from tests.bench.workers import Done, Target, Work


@dataclass(frozen=True, slots=True)
class Container:
    """A container of the base image.

    Attributes:
        request: The request that creates it.
        created: Whether it is created.
        started: Whether it starts.
    """

    request: Request
    created: bool
    started: bool


def equivalent(planned: Outcome, dialect: Dialect) -> Container:
    """The container with the same planned outcome on the base image, which has neither Entrypoint nor Cmd.

    Args:
        planned: The planned outcome of the case.
        dialect: The dialect of the engine.
    """
    request = Request(None, planned.argv if isinstance(planned, Process) else ())
    outcome = predict(Case((), request), dialect).outcome
    started = isinstance(outcome, Process) or outcome.codes.start == 204
    return Container(request, isinstance(planned, Process), started)


@contextmanager
def run(base: str, target: Target) -> Iterator[Work[Container]]:
    """Prepare to create, start, wait for, read the log of and remove a container of a base image."""
    with target.engine() as engine:
        body = _body(engine, base)

        def work(container: Container, done: Done) -> None:
            path = _create(engine, body, container)
            if path:
                _start(engine, path, container)
                if container.started:
                    engine.post(f"{path}/wait")
                    # To attach to a container that has ended is to read its log.
                    with engine.post_stream(f"{path}/attach", params={"logs": "1", "stdout": "1"}) as log:
                        b"".join(log)
                engine.delete(path, force="1", v="1")
            done()

        yield work


@contextmanager
def plan(base: str, target: Target) -> Iterator[Work[Container]]:
    """Prepare to create, inspect and remove a container of a base image."""
    with target.engine() as engine:
        body = _body(engine, base)

        def work(container: Container, done: Done) -> None:
            if path := _create(engine, body, container):
                engine.get(f"{path}/json")
                engine.delete(path, force="1", v="1")
            done()

        yield work


@contextmanager
def build(_base: str, target: Target) -> Iterator[Work[Example]]:
    """Prepare to build, inspect and remove the images of a chain.

    Each worker has a base image of its own, as in the tests: with one base, two workers build the same image,
    and BuildKit loses it if one of them removes it while the other builds it.
    """
    numbers = count()
    with target.engine() as engine, base_image(engine) as base:

        def work(example: Example, done: Done) -> None:
            tags = {NAME: base}
            for image in example.built:
                tags[image.name] = f"{base}-{next(numbers)}"
                _build(engine, target.builder, image, tags)
                engine.get(f"/images/{tags[image.name]}/json")
                done()
            for name in set(tags.values()) - {base}:
                engine.delete(f"/images/{name}", force="1")

        yield work


def _build(engine: Engine, builder: str, image: Image, tags: dict[str, str]) -> None:
    text = with_tags(image.dockerfile, tags).encode("utf-8", "surrogateescape")
    params = {} if image.target is None else {"target": tags.get(image.target, image.target)}
    params |= {"buildargs": json.dumps({name: tags.get(value, value) for name, value in image.build_args})}
    files = tar({"Dockerfile": (text, 0o644)})
    message = post_build(engine, builder, files, {}, t=tags[image.name], **params)
    _check(message is None, f"{image} was not built: {message}")


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


def _create(engine: Engine, body: dict[str, Any], container: Container) -> str | None:
    try:
        created = engine.create_container(body | container.request.body())
    except Refused as refused:
        _check(not container.created, f"{container} was refused: {refused}")
        return None
    _check(container.created, f"{container} was created")
    return f"/containers/{created}"


def _start(engine: Engine, path: str, container: Container) -> None:
    try:
        engine.post(f"{path}/start")
    except Refused as refused:
        _check(not container.started, f"{container} was not started: {refused}")
    else:
        _check(container.started, f"{container} was started")


def _check(as_predicted: bool, what: str) -> None:
    """A measurement of something else is none."""
    if not as_predicted:
        raise RuntimeError(f"this is not what the oracle predicts: {what}")
