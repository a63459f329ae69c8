"""The strategies reach every rule, and their cases shrink."""

from collections import Counter
from itertools import product

import hypothesis
import pytest
from hypothesis import strategies as st

from cmdpoint.conformance.strategies.cases import chains, rare_chains, refused_chains, request_tables
from cmdpoint.conformance.strategies.command_lines import command_lines
from cmdpoint.conformance.strategies.other_images import CALLS, other_chains
from cmdpoint.conformance.strategies.raw_requests import raw_requests
from cmdpoint.conformance.strategies.settings import set_images, set_requests
from cmdpoint.oracle import Case, CommandLine, Dialect, Image, Process, Request, predict
from cmdpoint.oracle.case import Chain, PyCall, RawRequest
from cmdpoint.spec.rules import all_rules

pytestmark = pytest.mark.slow

DIALECTS = [Dialect.of("docker", "20.10.24", builder) for builder in ("classic", "buildkit")]
DIALECTS += [Dialect.of("podman", "5.4.2", "buildah")]


def test_every_rule_is_reached() -> None:
    """In each of three dialects, the generated cases reach every rule that applies.

    This is one test, because all dialects use the same cases, and to generate them is half of the work.
    """
    reached: dict[Dialect, set[str]] = {dialect: set() for dialect in DIALECTS}

    def apply(*cases: Case) -> None:
        for dialect, case in product(DIALECTS, cases):
            reached[dialect] |= predict(case, dialect).rules

    @hypothesis.seed(1)
    @hypothesis.settings(max_examples=300, database=None, phases=[hypothesis.Phase.generate])
    @hypothesis.given(chains() | refused_chains(), request_tables())
    def explore(images: tuple[Image, ...], requests: list[Request]) -> None:
        apply(*(Case(images, request) for request in (Request(), *requests)))

    @hypothesis.seed(1)
    @hypothesis.settings(max_examples=300, database=None, phases=[hypothesis.Phase.generate])
    @hypothesis.given(set_images(), command_lines(), other_chains(), CALLS)
    def run(image: Image, line: CommandLine, chain: Chain, call: PyCall) -> None:
        apply(Case((image,), line), Case(chain, call))

    @hypothesis.seed(1)
    @hypothesis.settings(max_examples=1000, database=None, phases=[hypothesis.Phase.generate])
    @hypothesis.given(set_images(), set_requests(), raw_requests())
    def start(image: Image, request: Request, raw: RawRequest) -> None:
        apply(Case((image,), request), Case((), raw))

    apply(*map(Case, rare_chains()))
    explore()
    run()
    start()
    for dialect in DIALECTS:
        applying = {rule.id for rule in all_rules().values() if rule.applies_to(dialect)}
        assert applying - reached[dialect] == set(), dialect


def test_most_cases_run_something() -> None:
    """If most cases were refused, they would show little about what runs."""
    outcomes: Counter[bool] = Counter()

    @hypothesis.seed(1)
    @hypothesis.settings(max_examples=300, database=None, phases=[hypothesis.Phase.generate])
    @hypothesis.given(chains(), request_tables())
    def explore(images: tuple[Image, ...], requests: list[Request]) -> None:
        for request in requests:
            outcomes[isinstance(predict(Case(images, request), DIALECTS[1]).planned, Process)] += 1

    explore()
    assert outcomes[True] > outcomes[False]


def test_cases_shrink_to_a_few_lines() -> None:
    """A case in which ENTRYPOINT drops the base's CMD shrinks to the two images that it needs."""

    def loses_a_cmd(images: tuple[Image, ...]) -> bool:
        return "STATE-2" in predict(Case(images), DIALECTS[1]).rules

    smallest = hypothesis.find(
        chains(), loses_a_cmd, settings=hypothesis.settings(max_examples=2000, database=None)
    )
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
    """A chain of thousands of images does not exceed Python's recursion limit."""
    images = [
        Image(f"image{at}", f"FROM image{at - 1}\nUSER {at}\n" if at else 'FROM probe\nCMD ["/a"]\n')
        for at in range(2000)
    ]
    assert predict(Case(tuple(images)), DIALECTS[0]).planned == Process(("/a",))
