"""The pool of a property: what is compared first, and that a seed repeats it."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import strategies as st

from cmdpoint.conformance.case_pool import Candidate, candidates_of, features, most_first, of_examples
from cmdpoint.conformance.drawing import draw
from cmdpoint.conformance.selected_tests import EXAMPLES, ordered
from cmdpoint.conformance.strategies.cases import configured, request_tables
from cmdpoint.oracle import ABSENT, Case, Dialect, Image, Request
from cmdpoint.spec.rules import all_rules

DIALECT = Dialect.newest()
VALUES: st.SearchStrategy[Any] = st.tuples(configured(), request_tables())
IMAGE = (Image("image", 'FROM probe\nENTRYPOINT ["/e"]\nCMD ["c"]\n'),)


def test_a_seed_repeats_a_pool() -> None:
    """The same seed draws the same values, another seed draws others."""
    assert draw(VALUES, 1, 10) == draw(VALUES, 1, 10)
    assert draw(VALUES, 1, 10) != draw(VALUES, 2, 10)


@pytest.mark.slow
def test_a_seed_repeats_texts_whatever_is_imported() -> None:
    """A process that has imported few modules draws the same texts."""
    program = (
        "from hypothesis import strategies as st\n"
        "from cmdpoint.conformance.drawing import draw\n"
        "print(ascii(draw(st.text(), 1, 300)))"
    )
    alone = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert alone == ascii(draw(st.text(), 1, 300)) + "\n"


@pytest.mark.slow
def test_the_chosen_cases_test_more_than_the_first_ones() -> None:
    """What is chosen first tests more than what is drawn first, and more than what is left."""
    pool = candidates_of(draw(VALUES, 1, 20), "planned", DIALECT)
    chosen = most_first(pool, 30)
    assert len({(each.value, each.request) for each in chosen}) == 30

    def tested(candidates: list[Candidate]) -> int:
        return len(frozenset().union(*(each.features for each in candidates)))

    assert tested(chosen) > 1.2 * tested(pool[:30])
    assert tested(most_first(pool, 200)) == tested(pool)


def test_a_pool_without_new_features_is_compared_in_its_order() -> None:
    """Where nothing is left to test, the drawn order counts, and no case is lost."""
    pool = candidates_of(draw(VALUES, 1, 2), "planned", DIALECT)
    assert most_first(pool, len(pool) + 1, [each.features for each in pool]) == pool


def test_features_are_rules_and_forms_and_pairs_of_them() -> None:
    """A null entrypoint, an empty one and one of an empty word are three forms."""
    forms = {
        features(Case(IMAGE, Request(entrypoint)), "planned", DIALECT)
        for entrypoint in (ABSENT, None, (), ("",))
    }
    assert len(forms) == 4
    both = features(Case(IMAGE, Request(("/x",), ("y",))), "planned", DIALECT)
    assert {("Cmd words",), ("Entrypoint words",), ("Cmd words", "Entrypoint words")} <= both


def test_the_examples_test_every_rule_of_a_dialect() -> None:
    """A rule that the dialect applies is a feature of some example that is run."""
    rules = {rule.id for rule in all_rules().values() if rule.applies_to(DIALECT)}
    assert rules <= {each for feature in of_examples(DIALECT, "observed") for each in feature}


class _Item:
    def __init__(
        self, name: str, marker: str = "", test: str = "test", level: str = "", portion: int = 0
    ) -> None:
        self.callspec = SimpleNamespace(params={"example": SimpleNamespace(level=level), "portion": portion})
        self.path = Path(name)
        self.nodeid = f"{name}::{test}"
        self.marker = marker

    def get_closest_marker(self, name: str) -> str | None:
        return self.marker if self.marker == name else None


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 7])
def test_each_worker_begins_with_examples_and_long_tests(workers: int) -> None:
    """No test is lost, and each worker's piece begins with its share of what is run first."""
    first = [_Item(EXAMPLES) for _ in range(36)] + [_Item("test_b.py", "long") for _ in range(4)]
    items = [_Item("test_a.py") for _ in range(23)] + first
    found = ordered(cast("list[pytest.Item]", items), workers)
    assert sorted(map(id, found)) == sorted(map(id, items))
    size = len(items) / workers
    pieces = [found[round(size * n) : round(size * (n + 1))] for n in range(workers)]
    for piece in pieces:
        kinds = [item.path.name in (EXAMPLES, "test_b.py") for item in piece]
        assert kinds == sorted(kinds, reverse=True)
        assert sum(kinds) in (40 // workers, 40 // workers + 1)


@pytest.mark.parametrize("workers", [1, 4])
def test_each_kind_of_example_comes_early(workers: int) -> None:
    """However many examples of images there are, one of each kind is among the first tests of the workers."""
    sizes = {"test_image": 60, "test_request": 16, "test_start": 4}
    items = [_Item(EXAMPLES, test=f"{kind}[{at}]") for kind, size in sizes.items() for at in range(size)]
    items[59] = _Item(EXAMPLES, test="test_image[59]", level="config")
    found = ordered(cast("list[pytest.Item]", items), workers)
    size = len(items) // workers
    begins = [item.nodeid for number in range(workers) for item in found[number * size :][:4]]
    assert {nodeid.partition("::")[2].partition("[")[0] for nodeid in begins} == sizes.keys()
    assert items[59].nodeid in begins
    for number in range(workers):
        quarter = [item.nodeid for item in found[number * size :][: size // 4]]
        assert sum("test_request" in nodeid for nodeid in quarter) == 4 // workers


def test_tests_that_draw_the_same_pool_follow_each_other() -> None:
    """All targets have the pool of a portion, which a process draws once if it is not drawn too long ago."""
    items = [
        _Item("test_a.py", test=f"{function}[{target}-{portion}]", portion=portion)
        for function in ("test_b", "test_a")
        for target in ("classic", "buildkit")
        for portion in (0, 1)
    ]
    found = ordered(cast("list[pytest.Item]", items), 1)
    assert [item.nodeid.partition("::")[2] for item in found] == [
        f"{function}[{target}-{portion}]"
        for function in ("test_b", "test_a")
        for portion in (0, 1)
        for target in ("classic", "buildkit")
    ]


def test_a_value_that_no_example_tests_is_a_feature() -> None:
    """With BuildKit, no example has a flag of RUN in a stage that is needed."""
    refused = ("run_flags: 'refused'",)
    images = (Image("image", "FROM probe\nRUN --network=none a\n"),)
    assert refused in features(Case(images), "config", DIALECT)
    images = (Image("image", "FROM probe\nRUN a\n"),)
    assert refused not in features(Case(images), "config", DIALECT)
