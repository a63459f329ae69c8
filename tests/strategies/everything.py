"""All cases that any strategy can generate, for properties that must hold for each of them."""

from hypothesis import strategies as st

from cmdpoint.conformance.strategies.cases import (
    chains,
    configured,
    rare_chains,
    refused_chains,
    request_tables,
)
from cmdpoint.conformance.strategies.command_lines import command_lines
from cmdpoint.conformance.strategies.other_images import CALLS, other_chains
from cmdpoint.conformance.strategies.plain import plain_lines
from cmdpoint.conformance.strategies.raw import raw_images
from cmdpoint.conformance.strategies.raw_requests import raw_requests
from cmdpoint.conformance.strategies.settings import set_images, set_requests
from cmdpoint.oracle import Case, Image
from cmdpoint.oracle.case import Chain


def all_chains() -> st.SearchStrategy[Chain]:
    """Chains of images of every origin."""
    plain = plain_lines().map(lambda lines: (Image("image", "\n".join(lines) + "\n"),))
    return st.one_of(
        chains(),
        chains(tame=True),
        configured(),
        refused_chains(),
        raw_images(),
        other_chains(),
        st.tuples(set_images()),
        plain,
        st.sampled_from(rare_chains()),
    )


def all_cases() -> st.SearchStrategy[Case]:
    """Cases with every kind of request to run the last image."""
    requests = st.one_of(
        request_tables().flatmap(st.sampled_from), command_lines(), CALLS, raw_requests(), set_requests()
    )
    return st.builds(Case, all_chains(), requests)
