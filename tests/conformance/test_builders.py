"""Compare the two builders of one engine with each other."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from cmdpoint.conformance.comparator import Comparator, Divergence
from cmdpoint.conformance.fleet import EngineAccess
from cmdpoint.conformance.observation_log import OBSERVATION_LOG
from cmdpoint.conformance.plugin import RUN
from cmdpoint.conformance.portions import Portion
from cmdpoint.conformance.properties import check_generated
from cmdpoint.conformance.strategies.cases import chains
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.observations.tally import Tally
from cmdpoint.oracle import Case, predict
from cmdpoint.oracle.case import Chain
from cmdpoint.oracle.comparison import agree, expected_at


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test against each engine that has several builders."""
    if "both" in metafunc.fixturenames:
        engines = [each for each in metafunc.config.stash[RUN].engines if len(each.builders) > 1]
        metafunc.parametrize(
            "both", engines, ids=[each.name for each in engines], indirect=True, scope="session"
        )


@pytest.fixture(scope="session")
def both(request: pytest.FixtureRequest) -> Iterator[list[Comparator]]:
    """A comparator for each builder of one engine; their cases do not count in the tally of the run."""
    access: EngineAccess = request.param
    with closing(access.connect()) as engine, ExitStack() as stack:
        owner, client = Owner.this_process(), Client(access.client)
        lives = [
            stack.enter_context(LiveTarget(engine, builder, owner, client)) for builder in engine.builders
        ]
        observation_log = request.config.stash[OBSERVATION_LOG]
        yield [Comparator(live, Tally(), observation_log.recorder_of(live)) for live in lives]


def test_builders_differ_where_the_dialects_do(both: list[Comparator], portion: Portion) -> None:
    """Two builders of one engine differ on a Dockerfile exactly if their dialects differ."""

    def check(images: Chain) -> None:
        case = Case(images)
        observed = [comparator.observe(case, "config") for comparator in both]
        predicted = [expected_at("config", predict(case, comparator.dialect)) for comparator in both]
        if agree(*observed) != agree(*predicted):
            # One of the two builders must diverge from its dialect.
            wrong = 0 if not agree(predicted[0], observed[0]) else 1
            raise Divergence(case, "config", observed[wrong], both[wrong])

    check_generated(both[0], check, chains(), share=0.2, portion=portion)
