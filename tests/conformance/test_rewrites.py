"""Rewrites that must not change what an image runs, on a live engine."""

from random import Random

from hypothesis import strategies as st

from cmdpoint.conformance.comparator import Comparator, Divergence
from cmdpoint.conformance.portions import Portion
from cmdpoint.conformance.properties import check_generated
from cmdpoint.conformance.strategies.plain import plain_lines
from cmdpoint.conformance.strategies.rewrites import rewritten
from cmdpoint.oracle import Case, Image, Refusal, predict
from cmdpoint.oracle.comparison import agree, expected_at


def test_rewrites_change_nothing(comparator: Comparator, portion: Portion) -> None:
    """An engine builds the same config from a Dockerfile and from its rewrite."""

    def check(lines: list[str], seed: int) -> None:
        text, names = rewritten(Random(seed), lines)
        cases = [Case((Image("image", each),)) for each in ("\n".join(lines) + "\n", text)]
        before, after = observed = [comparator.observe(case, "config") for case in cases]
        if isinstance(before, Refusal) and isinstance(after, Refusal):
            # A rewrite changes line numbers, and messages that quote lines.
            same = (before.phase, before.kind) == (after.phase, after.kind)
        else:
            same = before == after
        if not same:
            for case, one in zip(cases, observed, strict=True):
                if not agree(expected_at("config", predict(case, comparator.dialect)), one):
                    raise Divergence(case, "config", one)
            # The engine does what is predicted, so this is no verdict on it.
            raise RuntimeError(f"the rewrite {names} changes the prediction too:\n{text}")

    check_generated(comparator, check, plain_lines(), st.integers(0, 2**32), share=0.2, portion=portion)
