"""Everything that any strategy can draw, as cases: for what has to hold of each of them."""

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
from cmdpoint.conformance.strategies.settings import set_images, set_requests
from cmdpoint.oracle import Case, Image
from cmdpoint.oracle.case import Chain


def all_chains() -> st.SearchStrategy[Chain]:
    """Chains of images, however they come to be."""
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
    """Cases, by whatever way the last image is asked to run."""
    asked = st.one_of(request_tables().flatmap(st.sampled_from), command_lines(), CALLS, set_requests())
    return st.builds(Case, all_chains(), asked)
