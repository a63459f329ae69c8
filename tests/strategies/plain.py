"""Dockerfiles of a few simple lines, for rewrites."""

from hypothesis import strategies as st

from cmdpoint.conformance.strategies.commands import LINES


@st.composite
def plain_lines(draw: st.DrawFn) -> list[str]:
    """The lines of a Dockerfile with one stage, or with two, the second built on the first."""
    first = draw(st.lists(LINES, min_size=1, max_size=4))
    second = draw(st.lists(LINES, min_size=1, max_size=3))
    if draw(st.booleans()):
        return ["FROM probe", *first]
    return ["FROM probe AS one", *first, "FROM one", *second]
