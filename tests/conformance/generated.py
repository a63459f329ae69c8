"""The generators of the properties: which cases each draws, and how many it compares at which level."""

from typing import Any, Final

from hypothesis import strategies as st

from cmdpoint.conformance.case_pool import CaseGenerator
from cmdpoint.conformance.strategies.cases import (
    OBSERVED_REQUESTS,
    chains,
    configured,
    refused_chains,
    request_tables,
    requests,
)
from cmdpoint.conformance.strategies.command_lines import command_lines
from cmdpoint.conformance.strategies.other_images import CALLS, other_chains
from cmdpoint.conformance.strategies.raw import raw_images
from cmdpoint.conformance.strategies.raw_requests import raw_requests
from cmdpoint.conformance.strategies.settings import set_images, set_requests


def _lists(strategy: st.SearchStrategy[Any], count: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(strategy, min_size=count, max_size=count, unique=True)


CONFIG: Final = CaseGenerator(level="config", chains=chains(), share=0.6)

REFUSAL: Final = CaseGenerator(level="config", chains=refused_chains(), share=0.6)

ANY_TEXT: Final = CaseGenerator(level="config", chains=raw_images(), share=0.6)

OTHER_IMAGES: Final = CaseGenerator(level="config", chains=other_chains(), share=0.4)

PLANNED: Final = CaseGenerator(
    level="planned", chains=configured(), requests=request_tables(), chain_share=0.4, share=2.0
)

DOCKER_PY: Final = CaseGenerator(
    level="planned", chains=configured(), requests=_lists(CALLS, 4), chain_share=0.2, share=0.3
)

RAW_REQUEST: Final = CaseGenerator(
    level="planned", chains=configured(), requests=_lists(raw_requests(), 6), chain_share=0.2, share=0.5
)

OBSERVED: Final = CaseGenerator(
    level="observed",
    chains=chains(tame=True),
    requests=requests(OBSERVED_REQUESTS),
    chain_share=0.25,
    share=0.3,
)

COMMAND_LINE: Final = CaseGenerator(
    level="observed",
    chains=chains(tame=True),
    requests=_lists(command_lines(), 2),
    chain_share=0.3,
    share=0.2,
)

START: Final = CaseGenerator(
    level="observed",
    chains=st.tuples(set_images()),
    requests=_lists(set_requests(), 8),
    chain_share=0.3,
    share=0.6,
)

OF_EACH_BUILDER: Final = (CONFIG, REFUSAL, ANY_TEXT, OTHER_IMAGES, OBSERVED)
"""Those that are compared on each builder of an engine."""

OF_ONE_BUILDER: Final = (PLANNED, DOCKER_PY, RAW_REQUEST, COMMAND_LINE, START)
"""The others: what they are about does not depend on how an image is built."""
