"""Classic against BuildKit on one engine, without the oracle's word on either."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from cmdpoint.conformance.comparator import Comparator, Divergence, HarnessError, hold
from cmdpoint.conformance.fleet import Address
from cmdpoint.conformance.plugin import RUN
from cmdpoint.conformance.recorder import OBSERVATION_LOG
from cmdpoint.conformance.strategies.cases import chains
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.faults import Fault
from cmdpoint.engines.find import find
from cmdpoint.observations.tally import Tally
from cmdpoint.oracle import Case, predict
from cmdpoint.oracle.case import Chain
from cmdpoint.oracle.comparison import agree, expected_at
from tests.conformance.test_properties import SHARDS, NewShard, shards


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test against each engine that has several builders."""
    if "both" in metafunc.fixturenames:
        addresses = [each for each in metafunc.config.stash[RUN].addresses if len(each.builders) > 1]
        metafunc.parametrize(
            "both", addresses, ids=[address.name for address in addresses], indirect=True, scope="session"
        )


@pytest.fixture(scope="session")
def both(request: pytest.FixtureRequest) -> Iterator[list[Comparator]]:
    """A judge for each builder of one engine; what they compare is counted elsewhere."""
    address: Address = request.param
    try:
        with closing(find(address.how).connect()) as engine, ExitStack() as stack:
            owner, client = Owner.this_process(), Client(address.client)
            lives = [
                stack.enter_context(LiveTarget(engine, builder, owner, client)) for builder in engine.builders
            ]
            observation_log = request.config.stash[OBSERVATION_LOG]
            yield [Comparator(live, Tally(), observation_log.of(live)) for live in lives]
    except Fault as fault:
        raise HarnessError(fault) from fault


@shards
def test_builders_differ_where_the_dialects_do(
    both: list[Comparator], shard: int, new_shard: NewShard
) -> None:
    """Two builders of one engine part over a Dockerfile exactly where their dialects do."""

    def check(images: Chain) -> None:
        case = Case(images)
        seen = [comparator.see(case, "config") for comparator in both]
        said = [expected_at("config", predict(case, comparator.dialect)) for comparator in both]
        if agree(*seen) != agree(*said):
            # A difference that no dialect explains is one builder's disagreement with its dialect.
            wrong = 0 if not agree(said[0], seen[0]) else 1
            raise Divergence(case, "config", seen[wrong], both[wrong])

    hold(both[0], check, chains(), share=0.3, shard=new_shard(shard, SHARDS))
