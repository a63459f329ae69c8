"""The strategies reach every rule, and their cases shrink."""

from collections.abc import Iterator
from itertools import chain

import hypothesis
import pytest
from hypothesis import strategies as st

from cmdpoint.conformance.drawing import draw
from cmdpoint.conformance.strategies.cases import (
    chains,
    rare_chains,
    rare_runs,
    refused_chains,
    request_tables,
)
from cmdpoint.conformance.strategies.command_lines import command_lines
from cmdpoint.conformance.strategies.other_images import CALLS, other_chains
from cmdpoint.conformance.strategies.raw_requests import raw_requests
from cmdpoint.conformance.strategies.settings import set_images, set_requests
from cmdpoint.oracle import Case, Dialect, Image, Process, Request, predict
from cmdpoint.spec.rules import all_rules

pytestmark = pytest.mark.slow

DIALECTS = [Dialect.of("docker", "20.10.24", builder) for builder in ("classic", "buildkit")]
DIALECTS += [Dialect.of("podman", "5.4.2", "buildah")]


def of_dockerfiles(seed: int) -> Iterator[Case]:
    """Some cases of Dockerfiles, with requests."""
    for images, requests in draw(st.tuples(chains() | refused_chains(), request_tables()), seed, 30):
        yield from (Case(images, request) for request in (Request(), *requests))


def of_clients(seed: int) -> Iterator[Case]:
    """Some cases of command lines, of calls, and of images that no Dockerfile made."""
    for image, line, others, call in draw(
        st.tuples(set_images(), command_lines(), other_chains(), CALLS), seed, 60
    ):
        yield from (Case((image,), line), Case(others, call))


def of_requests(seed: int) -> Iterator[Case]:
    """Some cases of requests with every field, and of requests of any JSON."""
    for image, request, raw in draw(st.tuples(set_images(), set_requests(), raw_requests()), seed, 150):
        yield from (Case((image,), request), Case((), raw))


KINDS = (of_dockerfiles, of_clients, of_requests)
DRAWS = [(of_dockerfiles, 1), (of_clients, 22), (of_requests, 1), (of_requests, 3)]
"""Draws with a seed that together reach every rule."""
DRAWS += [(kind, seed) for seed in range(31, 49) for kind in KINDS]


def test_every_rule_is_reached() -> None:
    """In each of three dialects, the generated cases reach every rule that applies.

    This is one test, because all dialects use the same cases, and to draw them is half of the work. Cases are
    drawn until every rule is reached, at most 20 times of each kind.
    """
    rules = all_rules().values()
    missing = {each: {rule.id for rule in rules if rule.applies_to(each)} for each in DIALECTS}
    rare = (Case(images, request) for images, requests in rare_runs() for request in requests)
    drawn = chain.from_iterable(kind(seed) for kind, seed in DRAWS)
    for case in chain(map(Case, rare_chains()), rare, drawn):
        for dialect, ids in missing.items():
            if ids:
                ids.difference_update(predict(case, dialect).rules)
        if not any(missing.values()):
            break
    assert not any(missing.values()), {str(each): ids for each, ids in missing.items()}


def test_most_cases_run_something() -> None:
    """If most cases were refused, they would show little about what runs."""
    outcomes = [
        predict(Case(images, request), DIALECTS[1]).planned
        for images, requests in draw(st.tuples(chains(), request_tables()), 1, 15)
        for request in requests
    ]
    assert sum(isinstance(outcome, Process) for outcome in outcomes) > len(outcomes) / 2


def test_cases_shrink_to_a_few_lines() -> None:
    """A case in which ENTRYPOINT drops the base's CMD shrinks to the two images that it needs."""

    def loses_a_cmd(images: tuple[Image, ...]) -> bool:
        return "STATE-2" in predict(Case(images), DIALECTS[1]).rules

    settings = hypothesis.settings(max_examples=2000, database=None, derandomize=True)
    smallest = hypothesis.find(chains(), loses_a_cmd, settings=settings)
    assert sum(len(image.dockerfile.split("\n")) for image in smallest) <= 8


def test_predictions_are_total() -> None:
    """The oracle returns a prediction for any text."""
    text = st.text(st.sampled_from(list('FROM probe\nCMD ENTRYPOINT SHELL AS as[]"",\\ \t#-é\x00\udc80\x85')))

    @hypothesis.settings(max_examples=500)
    @hypothesis.given(text, st.sampled_from(DIALECTS))
    def explore(dockerfile: str, dialect: Dialect) -> None:
        assert predict(Case((Image("image", dockerfile),)), dialect).outcome is not None

    explore()


def test_a_chain_may_be_long() -> None:
    """A chain of more than a thousand images does not exceed Python's recursion limit."""
    images = [
        Image(f"image{at}", f"FROM image{at - 1}\nUSER {at}\n" if at else 'FROM probe\nCMD ["/a"]\n')
        for at in range(1100)
    ]
    assert predict(Case(tuple(images)), DIALECTS[0]).planned == Process(("/a",))
