"""Rewrites that must not change the result do not change what the oracle predicts."""

from random import Random

import hypothesis
import pytest
from hypothesis import strategies as st

from cmdpoint.conformance.profiles import at_least
from cmdpoint.conformance.strategies.plain import plain_lines
from cmdpoint.conformance.strategies.rewrites import REWRITES, rewritten
from cmdpoint.oracle import Case, Dialect, Image, ImageConfig, Outcome, Refusal, predict
from cmdpoint.oracle.dialect.known import known_dialects

pytestmark = pytest.mark.slow

REWRITES_EACH = 50
"""How often each Dockerfile is rewritten. To generate one takes longer than to rewrite it."""


def predicted(text: str, dialect: Dialect) -> ImageConfig | Outcome:
    """The predicted config, or the refusal without its line, which a rewrite may move."""
    prediction = predict(Case((Image("image", text),)), dialect)
    match prediction.outcome, prediction.config:
        case Refusal(phase="parse" | "build") as refusal, None:
            return Refusal(refusal.phase, refusal.kind, "")
        case _, ImageConfig() as config:
            return config
    raise AssertionError(prediction)


@pytest.mark.parametrize("shard", range(2 if at_least("thorough") else 1))
def test_rewrites_change_nothing(shard: int) -> None:
    """The profile `quick` tries 5,000 rewrites, `thorough` 60,000."""

    @hypothesis.seed(shard)
    @hypothesis.settings(max_examples=hypothesis.settings().max_examples, database=None)
    @hypothesis.given(plain_lines(), st.integers(0, 2**32), st.sampled_from(known_dialects()))
    def explore(lines: list[str], seed: int, dialect: Dialect) -> None:
        random = Random(seed)
        expected = predicted("\n".join(lines) + "\n", dialect)
        for _ in range(REWRITES_EACH):
            text, names = rewritten(random, lines)
            assert predicted(text, dialect) == expected, f"{names}:\n{text}"

    explore()


def test_every_rewrite_changes_the_text() -> None:
    """Each rewrite can change a text in more than one way."""
    lines = ["FROM probe", 'CMD ["/a", "b c"]', "ENTRYPOINT a b", "CMD x"]
    for rewrite in REWRITES:
        changed = set()
        for seed in range(50):
            copy = list(lines)
            rewrite(Random(seed), copy)
            changed.add(tuple(copy))
        assert len(changed) > 2, rewrite.__name__
