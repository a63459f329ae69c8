"""A quick run generates enough cases to find a wrong rule, with a margin."""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from cmdpoint.conformance.strategies.cases import (
    OBSERVED_REQUESTS,
    chains,
    configured,
    refused_chains,
    request_tables,
    requests,
)
from cmdpoint.conformance.strategies.command_lines import command_lines
from cmdpoint.conformance.strategies.settings import set_images, set_requests
from cmdpoint.oracle import Case, Dialect, Request, predict
from cmdpoint.oracle.case import Chain
from tests.mutants import MUTANTS, Mutant

WANTED = 2
"""How many examples of a quick run must differ on average, so that few runs miss a wrong rule."""

RUNS = 4
"""How many quick runs are generated."""

DIALECT = Dialect.of("docker", "20.10.24", "buildkit")

PREDICT = """
import pickle, sys
from cmdpoint.oracle import Dialect, predict
examples = pickle.load(open(sys.argv[1], "rb"))
dialect = Dialect.of("docker", "20.10.24", "buildkit")
predicted = [[predict(case, dialect) for case in example] for example in examples]
compared = [[(each.config, each.planned, each.outcome) for each in example] for example in predicted]
pickle.dump(compared, sys.stdout.buffer)
"""

Example = list[Case]


def cases(images: Chain, requests: Sequence[Request] = ()) -> Example:
    """The cases of an example: each image of the chain, and each request to run the last."""
    built = [Case(images[:length]) for length in range(1, len(images) + 1)]
    return built + [Case(images, request) for request in requests]


DRAWN: dict[str, tuple[int, st.SearchStrategy[Any]]] = {
    "test_config": (160, st.tuples(chains())),
    "test_refusal": (160, st.tuples(refused_chains())),
    "test_planned": (14, st.tuples(configured(), request_tables())),
    "test_start": (12, st.tuples(st.tuples(set_images()), st.lists(set_requests(), min_size=8, max_size=8))),
    "test_command_line": (
        20,
        st.tuples(chains(tame=True), st.lists(command_lines(), min_size=2, max_size=2)),
    ),
    "test_observed": (12, st.tuples(chains(tame=True), requests(OBSERVED_REQUESTS))),
}
"""For each property: how many examples a quick run generates, and from which strategy."""


@cache
def draw(test: str) -> list[Example]:
    """The examples of some quick runs of a property."""
    count, strategy = DRAWN[test]
    drawn: list[Example] = []
    for seed in range(RUNS):

        @hypothesis.seed(seed)
        @hypothesis.settings(max_examples=count, database=None, phases=[hypothesis.Phase.generate])
        @hypothesis.given(strategy)
        def collect(values: tuple[Any, ...]) -> None:
            drawn.append(cases(*values))

        collect()
    return drawn


@cache
def right(test: str) -> list[list[Any]]:
    """The predictions of the right oracle."""
    return [
        [(each.config, each.planned, each.outcome) for each in (predict(case, DIALECT) for case in example)]
        for example in draw(test)
    ]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_a_wrong_rule_shows_more_than_once(mutant: Mutant, tmp_path: Path) -> None:
    """The wrong rule changes the prediction of several examples, and raises no exception."""
    examples = draw(mutant.test)
    drawn = tmp_path / "drawn"
    drawn.write_bytes(pickle.dumps(examples))
    run = subprocess.run(
        [sys.executable, "-c", PREDICT, str(drawn)],
        cwd=mutant.put(tmp_path / "copy"),
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, f"the wrong rule is no rule: {run.stderr.decode()}"
    wrong = pickle.loads(run.stdout)
    differing = sum(example != one for example, one in zip(right(mutant.test), wrong, strict=True))
    assert differing >= RUNS * WANTED, f"{differing} of {len(examples)} examples"
