"""Garbage collection in a run of tests, which have modules and predictions that last as long as the run."""

import gc

from hypothesis import strategies as st

from cmdpoint.conformance.drawing import draw


def freeze() -> None:
    """Leave what exists until now out of garbage collections, which would visit it again and again.

    Hypothesis stores its random generator when it draws first. It warns if no object refers to the generator,
    and does not find objects that are left out (seen with Python 3.14). So it draws before.
    """
    draw(st.none(), 0, 1)
    gc.freeze()
