"""The small scope is complete, and its classes are few enough to build."""

from collections.abc import Iterable

import pytest

from cmdpoint.conformance.profiles import at_least
from cmdpoint.conformance.strategies.small_scope import chains, classes
from cmdpoint.oracle import Case, Dialect, ImageConfig, predict
from cmdpoint.oracle.case import Chain

pytestmark = pytest.mark.slow


def test_the_scope_is_complete() -> None:
    """Both images have six shapes of each instruction, in two orders, with and without SHELL and triggers."""
    bodies = 2 * (6 * 6 + 5 * 5)
    # A base that sets nothing has no triggers, with or without SHELL, so these chains repeat.
    assert len(set(chains())) == 2 * bodies**2 - bodies


def test_the_classes_show_every_config() -> None:
    """Each config that a builder leaves of some chain is that of a class, and no class repeats.

    The profile `thorough` looks at all chains, `quick` at every eleventh.
    """
    dialects = [Dialect.of("docker", "20.10.24", "classic")]
    every = 1 if at_least("thorough") else 11
    some = list(chains())[::every]

    def configs(of: Iterable[Chain]) -> set[tuple[ImageConfig | None, ...]]:
        return {tuple(predict(Case(chain), dialect).config for dialect in dialects) for chain in of}

    found = classes(some, dialects)
    assert configs(found) == configs(some)
    assert len(found) == len(set(found)) < len(set(some)) / 3
