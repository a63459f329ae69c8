"""The fixtures of the live tests: a builder of an engine, and the judge that holds the oracle against it."""

import os
import shlex
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cmdpoint.conformance.comparator import Comparator, HarnessError, Shard
from cmdpoint.conformance.fleet import Target
from cmdpoint.conformance.plugin import RUN
from cmdpoint.conformance.recorder import OBSERVATION_LOG
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.faults import Fault
from cmdpoint.engines.find import find


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each live test against each builder of each engine, and where it says so, each runtime."""
    if "live" in metafunc.fixturenames:
        addresses = metafunc.config.stash[RUN].addresses
        targets = [target for address in addresses for target in address.targets]
        if metafunc.definition.get_closest_marker("every_runtime"):
            targets += [target for address in addresses for target in address.other_targets]
        metafunc.parametrize("live", targets, ids=str, indirect=True, scope="session")


@pytest.fixture(scope="session")
def live(request: pytest.FixtureRequest) -> Iterator[LiveTarget]:
    """A builder of an engine."""
    target: Target = request.param
    try:
        client = Client(target.address.client)
        with (
            closing(find(target.address.how).connect()) as engine,
            LiveTarget(engine, target.builder, Owner.this_process(), client, target.runtime) as live,
        ):
            yield live
    except Fault as fault:
        raise HarnessError(fault) from fault


@pytest.fixture(scope="session", autouse=True)
def _clients_on_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A run inside a test knows an engine by its address alone, and looks for its client on PATH."""
    folder = tmp_path_factory.mktemp("clients")
    for address in request.config.stash[RUN].addresses:
        for at, word in enumerate(address.client, start=1):
            client = folder / Path(word).name
            if client.name in ("docker", "podman") and not client.exists():
                client.write_text(f'#!/bin/sh\nexec {shlex.join(address.client[:at])} "$@"\n')
                client.chmod(0o755)
    os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"


@pytest.fixture
def client(live: LiveTarget) -> Client:
    """The `docker` command of the engine."""
    return live.client


@pytest.fixture
def comparator(live: LiveTarget, request: pytest.FixtureRequest) -> Comparator:
    """The judge of one test."""
    config = request.config
    return Comparator(live, config.stash[RUN].tally, config.stash[OBSERVATION_LOG].of(live))


@pytest.fixture
def new_shard(request: pytest.FixtureRequest) -> Callable[[int, int], Shard]:
    """Makes the shard of a number, of so many, with a seed that no other test's shard has."""
    base, name = request.config.stash[RUN].seed, request.node.nodeid
    return lambda number, of: Shard(base, f"{name} {number}", of)


@pytest.fixture(scope="session")
def engine_url(request: pytest.FixtureRequest) -> str:
    """The address of the first engine, for what needs an engine but none of its builders in particular."""
    found = find(request.config.stash[RUN].addresses[0].how)
    return found.url
