"""Dockerfiles of a few plain lines, for rewriting."""

from hypothesis import strategies as st

from cmdpoint.conformance.strategies.commands import LINES


@st.composite
def plain_lines(draw: st.DrawFn) -> list[str]:
    """The lines of a Dockerfile: one stage, or one that is built on another."""
    first = draw(st.lists(LINES, min_size=1, max_size=4))
    second = draw(st.lists(LINES, min_size=1, max_size=3))
    if draw(st.booleans()):
        return ["FROM probe", *first]
    return ["FROM probe AS one", *first, "FROM one", *second]
