"""The fixtures of the live tests: a target, its comparator, and a portion of a property's examples."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import cache

import pytest

from cmdpoint.conformance.comparator import Comparator
from cmdpoint.conformance.example_database import NamedDatabase, opened
from cmdpoint.conformance.fleet import TargetAccess
from cmdpoint.conformance.observation_log import OBSERVATION_LOG
from cmdpoint.conformance.plugin import RUN
from cmdpoint.conformance.portions import Portion, portion_count
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each live test against each builder of each engine, or as a marker says, for each portion."""
    run, marker = metafunc.config.stash[RUN], metafunc.definition.get_closest_marker
    if "live" in metafunc.fixturenames:
        targets = [
            target
            for engine in run.engines
            for target in (engine.targets[-1:] if marker("one_builder") else engine.targets)
        ]
        if marker("every_runtime"):
            targets += [target for engine in run.engines for target in engine.runtime_targets]
        metafunc.parametrize("live", targets, ids=str, indirect=True)
    if "portion" in metafunc.fixturenames:
        metafunc.parametrize("portion", range(portion_count()), indirect=True)


@pytest.fixture(scope="session")
def connected() -> Iterator[Callable[[TargetAccess], LiveTarget]]:
    """Returns a connected target, the same one each time."""
    with ExitStack() as stack:

        @cache
        def connect(target: TargetAccess) -> LiveTarget:
            engine = stack.enter_context(closing(target.engine.connect()))
            owner, client = Owner.this_process(), Client(target.engine.client)
            return stack.enter_context(LiveTarget(engine, target.builder, owner, client, target.runtime))

        yield connect


@pytest.fixture
def live(request: pytest.FixtureRequest, connected: Callable[[TargetAccess], LiveTarget]) -> LiveTarget:
    """A connected target."""
    return connected(request.param)


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
def starts(request: pytest.FixtureRequest) -> Callable[[int], range]:
    """Returns which of some numbered cases are to be started on this target, one builder of its engine.

    The builder decides about the image alone, and not about how a container of it is started.
    """
    target: TargetAccess = request.node.callspec.params["live"]
    seed, builders = request.config.stash[RUN].seed, target.engine.builders
    first = (builders.index(target.builder) - seed) % len(builders)
    return lambda count: range(first, count, len(builders))


@pytest.fixture
def own_runtime(request: pytest.FixtureRequest) -> bool:
    """Whether the target has the default runtime of its engine."""
    target: TargetAccess = request.node.callspec.params["live"]
    return not target.runtime


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
