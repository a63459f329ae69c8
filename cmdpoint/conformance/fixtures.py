"""The fixtures of the live tests: a target, its comparator, and a portion of a property's examples."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from cmdpoint.conformance.comparator import Comparator
from cmdpoint.conformance.errors import HarnessFault, responses_of
from cmdpoint.conformance.example_database import NamedDatabase, opened
from cmdpoint.conformance.fleet import TargetAccess
from cmdpoint.conformance.observation_log import OBSERVATION_LOG
from cmdpoint.conformance.plugin import RUN
from cmdpoint.conformance.portions import Portion, portion_count
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.faults import Fault
from cmdpoint.engines.find import find


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each live test against each builder of each engine, or as a marker says, for each portion."""
    if "live" in metafunc.fixturenames:
        engines = metafunc.config.stash[RUN].engines
        one_builder = metafunc.definition.get_closest_marker("one_builder")
        targets = [
            target
            for engine in engines
            for target in (engine.targets[-1:] if one_builder else engine.targets)
        ]
        if metafunc.definition.get_closest_marker("every_runtime"):
            targets += [target for engine in engines for target in engine.runtime_targets]
        metafunc.parametrize("live", targets, ids=str, indirect=True, scope="session")
    if "portion" in metafunc.fixturenames:
        metafunc.parametrize("portion", range(portion_count()), indirect=True)


@pytest.fixture(scope="session")
def live(request: pytest.FixtureRequest) -> Iterator[LiveTarget]:
    """A connected target."""
    target: TargetAccess = request.param
    try:
        client = Client(target.engine.client)
        with responses_of(str(target)):
            engine = find(target.engine.connect_to).connect()
        with (
            closing(engine),
            LiveTarget(engine, target.builder, Owner.this_process(), client, target.runtime) as live,
        ):
            yield live
    except Fault as fault:
        raise HarnessFault(fault) from fault


@pytest.fixture
def client(live: LiveTarget) -> Client:
    """The command-line client of the engine, `docker` or `podman`."""
    return live.client


@pytest.fixture
def comparator(live: LiveTarget, request: pytest.FixtureRequest) -> Comparator:
    """The comparator of one test."""
    config = request.config
    target: TargetAccess = request.node.callspec.params["live"]
    recorder = config.stash[OBSERVATION_LOG].recorder_of(live)
    return Comparator(live, config.stash[RUN].tally, recorder, target.engine.start_name)


@pytest.fixture
def starts(request: pytest.FixtureRequest) -> Callable[[int], bool]:
    """Returns whether a numbered case is to be started on this target, one builder of its engine.

    The builder decides about the image alone, and not about how a container of it is started.
    """
    target: TargetAccess = request.node.callspec.params["live"]
    seed, builders = request.config.stash[RUN].seed, target.engine.builders
    return lambda number: builders[(number + seed) % len(builders)] == target.builder


@pytest.fixture
def portion(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Portion:
    """A portion of the examples of a property; no other test has its seed."""
    # With --hypothesis-seed, Hypothesis does not use the database. The portion has its own seed.
    monkeypatch.setattr("hypothesis.core.global_force_seed", None)
    node, config = request.node, request.config
    parameters = node.callspec.params
    target = str(parameters["live"]) if "live" in parameters else parameters["both"].name
    database = NamedDatabase(opened(config.getoption("--example-database")), f"{node.originalname} {target}")
    return Portion(config.stash[RUN].seed, node.nodeid, request.param, portion_count(), database)
