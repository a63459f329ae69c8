"""Classic against BuildKit on one engine, without the oracle's word on either."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from engines.client import Client
from engines.faults import Fault
from engines.find import find
from engines.labels import Owner
from engines.live import Live
from oracle import Case, predict
from oracle.model import Chain
from oracle.outcome import agree
from report.compared import expected_at
from report.tally import Tally
from tests.fleet import Address
from tests.judge import Disagreement, HarnessError, Judge, hold
from tests.live.test_properties import SHARDS, NewShard, shards
from tests.notebook import NOTEBOOK
from tests.plugin import RUN
from tests.strategies.cases import chains


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test against each engine that has several builders."""
    if "both" in metafunc.fixturenames:
        addresses = [each for each in metafunc.config.stash[RUN].addresses if len(each.builders) > 1]
        metafunc.parametrize(
            "both", addresses, ids=[address.name for address in addresses], indirect=True, scope="session"
        )


@pytest.fixture(scope="session")
def both(request: pytest.FixtureRequest) -> Iterator[list[Judge]]:
    """A judge for each builder of one engine; what they compare is counted elsewhere."""
    address: Address = request.param
    try:
        with closing(find(address.how).connect()) as engine, ExitStack() as stack:
            owner, client = Owner.this_process(), Client(address.client)
            lives = [stack.enter_context(Live(engine, builder, owner, client)) for builder in engine.builders]
            notebook = request.config.stash[NOTEBOOK]
            yield [Judge(live, Tally(), notebook.of(live)) for live in lives]
    except Fault as fault:
        raise HarnessError(fault) from fault


@shards
def test_builders_differ_where_the_dialects_do(both: list[Judge], shard: int, new_shard: NewShard) -> None:
    """Two builders of one engine part over a Dockerfile exactly where their dialects do."""

    def check(images: Chain) -> None:
        case = Case(images)
        seen = [judge.see(case, "config") for judge in both]
        said = [expected_at("config", predict(case, judge.dialect)) for judge in both]
        if agree(*seen) != agree(*said):
            # A difference that no dialect explains is one builder's disagreement with its dialect.
            wrong = 0 if not agree(said[0], seen[0]) else 1
            raise Disagreement(case, "config", seen[wrong], both[wrong])

    hold(both[0], check, chains(), share=0.3, shard=new_shard(shard, SHARDS))
