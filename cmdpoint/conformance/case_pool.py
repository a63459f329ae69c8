"""The pool of a property: draw more cases than are compared, and choose those that together test the most."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import heapify, heappop, heappush
from itertools import combinations
from typing import Any, Final

from hypothesis import strategies as st

from cmdpoint.conformance.behaviours_tested import predict_and_test
from cmdpoint.conformance.drawing import draw
from cmdpoint.conformance.started_examples import EXAMPLES, compared, predicted
from cmdpoint.oracle import Case, CommandLine, Dialect, Prediction, Refusal, Request
from cmdpoint.oracle.case import Absent, Chain, ContainerRequest, PyCall, RawRequest
from cmdpoint.oracle.clients.docker_run import IMAGE
from cmdpoint.oracle.comparison import LEVELS, Level, expected_at, steps_tested

Value = tuple[Chain, list[ContainerRequest]]
"""A chain of images, and the requests that run its last image."""

Features = frozenset[tuple[str, ...]]
"""What a comparison tests: rules, forms and values of behaviours, one by one and in pairs."""

FACTOR: Final = 2
"""How many cases are drawn for each that is compared. To draw one takes about as long as to build it, and a
tenth of the time that it takes to start it; all builders have the same pool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseGenerator:
    """What a property generates, and how much of it is compared.

    Attributes:
        level: The level of the comparison.
        chains: Draws the images.
        requests: Draws the requests that run the last image; by default there is one, without any words.
        chain_share: How many chains are drawn, as a share of the profile's `max_examples`; None for
            `FACTOR` times the cases.
        share: How many cases are compared, likewise.
    """

    level: Level
    chains: st.SearchStrategy[Chain]
    requests: st.SearchStrategy[list[Any]] = field(default_factory=lambda: st.just([Request()]))
    chain_share: float | None = None
    share: float

    @property
    def values(self) -> st.SearchStrategy[Value]:
        """Draws a chain with its requests."""
        return st.tuples(self.chains, self.requests)

    def drawn(self, examples: float) -> int:
        """How many values are drawn for a number of examples."""
        share = FACTOR * self.share if self.chain_share is None else self.chain_share
        return max(1, round(examples * share))

    def pool(self, examples: float, seed: int) -> list[Value]:
        """Draw the pool for a number of examples; a recent one is drawn only once."""
        return _pool(self, examples, seed)

    def chosen(self, pool: Iterable[Value], examples: float, dialect: Dialect) -> list["Candidate"]:
        """The cases of a pool to compare in a dialect, those of one value together."""
        chosen = most_first(
            candidates_of(pool, self.level, dialect),
            max(1, round(examples * self.share)),
            [of_examples(dialect, self.level)],
        )
        return sorted(chosen, key=lambda candidate: candidate.value)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case of the pool.

    Attributes:
        value: The number of the drawn value that it is of.
        request: The number of its request in that value.
        case: The case.
        features: What a comparison of it tests.
    """

    value: int
    request: int
    case: Case
    features: Features


@lru_cache(maxsize=4)
def _pool(generator: CaseGenerator, examples: float, seed: int) -> list[Value]:
    return draw(generator.values, seed, generator.drawn(examples))


def features(case: Case, level: Level, dialect: Dialect) -> Features:
    """What a comparison of a case at a level tests.

    Args:
        case: The case.
        level: The level of the comparison.
        dialect: Predicts the steps that count.
    """
    prediction, behaviours = predict_and_test(case, level, dialect)
    return _in_pairs({*_rules_and_forms(case, level, prediction), *behaviours})


def _rules_and_forms(case: Case, level: Level, prediction: Prediction) -> set[str]:
    expected = expected_at(level, prediction)
    single = {step.rule for step in steps_tested(level, prediction, expected)} | set(_forms(case.request))
    if isinstance(expected, Refusal):
        single.add(f"refused {expected.phase} {expected.kind}")
    return single


def _in_pairs(single: set[str]) -> Features:
    return frozenset([(each,) for each in single]) | frozenset(combinations(sorted(single), 2))


def most_first(
    candidates: Iterable[Candidate], count: int, tested: Iterable[Features] = ()
) -> list[Candidate]:
    """Choose candidates: each time the one with the most features that no chosen one has; then the others.

    Args:
        candidates: The candidates, in the order in which they were drawn.
        count: How many to choose at most.
        tested: The features of what is compared anyway.

    Returns:
        The chosen candidates. Where no feature is left, they follow in the order of the pool.
    """
    seen = {feature for each in tested for feature in each}
    pool = list(candidates)
    heap = [(-len(each.features - seen), number) for number, each in enumerate(pool)]
    heapify(heap)
    chosen: dict[int, None] = {}
    while heap and len(chosen) < count:
        _, number = heappop(heap)
        gain = len(pool[number].features - seen)
        if heap and -gain > heap[0][0]:
            if gain:
                heappush(heap, (-gain, number))
        elif gain:
            chosen[number] = None
            seen |= pool[number].features
    rest = (number for number in range(len(pool)) if number not in chosen)
    return [pool[number] for number in [*chosen, *rest][:count]]


@lru_cache
def of_examples(dialect: Dialect, level: Level) -> Features:
    """The features of the specification's examples, which every run compares; some at a lower level."""
    # The values of behaviours that they test are no features of any case.
    tested = (
        _rules_and_forms(
            example.case, min(level, compared(kind, number, dialect)[1], key=LEVELS.index), prediction
        )
        for kind in EXAMPLES
        for number, (example, prediction, _) in enumerate(predicted(kind, dialect))
    )
    return frozenset(feature for single in tested for feature in _in_pairs(single))


def candidates_of(values: Iterable[Value], level: Level, dialect: Dialect) -> list[Candidate]:
    """The candidates of drawn values.

    Args:
        values: Chains of images, each with the requests that run its last image.
        level: The level of the comparison.
        dialect: Predicts what each tests.
    """
    return [
        Candidate(number, index, case, features(case, level, dialect))
        for number, (images, requests) in enumerate(values)
        for index, case in enumerate(Case(images, request) for request in requests)
    ]


def _forms(request: ContainerRequest) -> list[str]:
    """The forms of a request: what is absent, null, empty or one empty word, and what else it sets."""
    match request:
        case CommandLine(words):
            options = words[: words.index(IMAGE)] if IMAGE in words else words
            return [word.partition("=")[0] for word in options if word.startswith("-")]
        case PyCall(command, entrypoint):
            return [f"command {type(command).__name__}", f"entrypoint {type(entrypoint).__name__}"]
        case RawRequest():
            return [f"{key} {type(value).__name__}" for key, value in request.body().items()]
        case Request(entrypoint, cmd):
            others = [name for name in ("env", "working_dir", "user", "init") if getattr(request, name)]
            return [f"Entrypoint {_form(entrypoint)}", f"Cmd {_form(cmd)}", *others]


def _form(words: tuple[str, ...] | Absent | None) -> str:
    if not isinstance(words, tuple):
        return str(words)
    return "words" if words and words != ("",) else str(list(words))
