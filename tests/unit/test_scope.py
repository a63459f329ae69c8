"""The small scope is whole, and its classes are few enough to build."""

from cmdpoint.conformance.strategies.small_scope import chains, classes
from cmdpoint.oracle import Dialect


def test_the_scope_is_whole() -> None:
    """Six shapes of each, two orders, with SHELL or without, as triggers or not, in both images."""
    bodies = 2 * (6 * 6 + 5 * 5)
    # A base that sets nothing, with SHELL or without, triggers nothing.
    assert len(set(chains())) == 2 * bodies**2 - bodies


def test_the_classes_are_many_and_not_too_many() -> None:
    """Fewer would miss what the builders part over; more would not be built in a sitting."""
    dialects = [Dialect.of("docker", "20.10.24", builder) for builder in ("classic", "buildkit")]
    assert 500 < len(classes(dialects)) < 2500
