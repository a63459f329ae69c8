"""Check a property of an engine on generated or enumerated values, and confirm the divergence it finds."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from unittest import SkipTest

import hypothesis
from hypothesis import Phase
from hypothesis import strategies as st

from cmdpoint.conformance.case_pool import CaseGenerator, Value
from cmdpoint.conformance.comparator import Comparator, Divergence
from cmdpoint.conformance.drawing import repeatable
from cmdpoint.conformance.errors import HarnessFault
from cmdpoint.conformance.portions import Portion
from cmdpoint.oracle.case import Chain, ContainerRequest


def check_enumerated(
    comparator: Comparator, check: Callable[..., None], values: Iterable[tuple[Any, ...]]
) -> None:
    """Check a property on enumerated values; see `check_generated` for the arguments and errors."""
    try:
        for each in values:
            check(*each)
    except Divergence as divergence:
        raise (divergence.comparator or comparator).confirm(divergence) from None


def check_generated(
    comparator: Comparator,
    check: Callable[..., None],
    *values: st.SearchStrategy[Any],
    share: float,
    portion: Portion,
) -> None:
    """Check a property on generated values.

    Args:
        comparator: Confirms a divergence.
        check: Called with the values; raises `Divergence`.
        values: The strategies, one for each argument of `check`.
        share: The number of examples of all portions together, as a share of the profile's `max_examples`.
        portion: The portion to check.

    Raises:
        ConfirmedDivergence: Oracle and engine diverge, and the engine repeated the divergence.
        HarnessFault: The engine cannot be used, or a case has different results on it.
    """
    count = max(1, round(portion.examples(share)))
    property_ = hypothesis_test(lambda drawn: check(*drawn), st.tuples(*values), count, portion, tuple(Phase))
    run_property(comparator, property_, portion)


def check_cases(comparator: Comparator, generator: CaseGenerator, portion: Portion) -> None:
    """Compare generated cases: those that together test the most.

    More cases are drawn than are compared; see `case_pool`. All targets have the same pool, which takes
    seconds to draw, and each has its own choice of it. What diverged in an earlier run and was stored by
    Hypothesis is compared before all others. A divergence is shrunk by Hypothesis.

    Args:
        comparator: Compares the cases.
        generator: Draws and chooses them.
        portion: The portion to check.

    Raises:
        ConfirmedDivergence: Oracle and engine diverge, and the engine repeated it.
        HarnessFault: The engine could not be used, or gave two different answers to one case.
    """
    cases = _GeneratedCases(comparator, generator, portion.of_every_target)
    cases.check_stored()
    cases.check_pool()


@dataclass(frozen=True, slots=True)
class _GeneratedCases:
    """The cases of one pool; see `check_cases`."""

    comparator: Comparator
    generator: CaseGenerator
    portion: Portion

    def check_stored(self) -> None:
        """Compare what diverged in an earlier run."""
        with suppress(SkipTest):  # nothing is stored
            self._run(lambda value: self._compare(*value), Phase.reuse)

    def check_pool(self) -> None:
        """Compare some of the pool."""
        examples = self.portion.examples(1)
        pool = self.generator.pool(examples, self.portion.seed)
        for each in self.generator.chosen(pool, examples, self.comparator.dialect):
            images, requests = pool[each.value]
            try:
                self._compare(images, [requests[each.request]])
            except Divergence as divergence:
                self._shrink(each.request)
                raise self.comparator.confirm(divergence, _hint(self.portion)) from None

    def _shrink(self, request: int) -> None:
        """Compare the same request of all values until Hypothesis comes to one that diverges, and shrinks it.

        The values before it are compared too: Hypothesis shrinks to none that it takes for one that agrees.
        """

        def compare(value: Value) -> None:
            images, requests = value
            self._compare(images, requests[request : request + 1])

        self._run(compare, Phase.generate)

    def _run(self, check: Callable[[Any], None], phase: Phase) -> None:
        """Run a test of Hypothesis that finds values in a phase, and shrinks what diverges."""
        count = self.generator.drawn(self.portion.examples(1))
        test = hypothesis_test(check, self.generator.values, count, self.portion, (phase, Phase.shrink))
        run_property(self.comparator, test, self.portion)

    def _compare(self, images: Chain, requests: Sequence[ContainerRequest]) -> None:
        match self.generator.level:
            case "config":
                self.comparator.config(images)
            case "planned":
                self.comparator.planned(images, requests)
            case "observed":
                self.comparator.observed(images, requests)


def run_property(comparator: Comparator, run: Callable[[], None], portion: Portion) -> None:
    """Run a Hypothesis test and confirm the divergence it finds; see `check_generated` for the errors."""
    try:
        repeatable(run)()
    except Divergence as divergence:
        raise (divergence.comparator or comparator).confirm(divergence, _hint(portion)) from None
    except hypothesis.errors.Flaky as flaky:
        raise HarnessFault(
            f"{comparator.live}: a case has different results on the engine\n{flaky}"
        ) from flaky


def hypothesis_test(
    check: Callable[[Any], None],
    values: st.SearchStrategy[Any],
    count: int,
    portion: Portion,
    phases: tuple[Phase, ...],
) -> Callable[[], None]:
    """A test of Hypothesis that checks drawn values.

    Args:
        check: Called with each value.
        values: Draws a value.
        count: The maximum number of values.
        portion: Has the seed, and the database of what diverged.
        phases: The phases of Hypothesis; the profile may leave out some of them.
    """
    phases = tuple(phase for phase in hypothesis.settings().phases if phase in phases)

    # The decorator of the seed also removes the database, so the settings come after it.
    @hypothesis.settings(max_examples=count, phases=phases, database=portion.database)
    @hypothesis.seed(portion.seed)
    @hypothesis.given(values)
    def property_(drawn: Any) -> None:
        check(drawn)

    return property_


def _hint(portion: Portion) -> str:
    return f"\nTo find it again: --hypothesis-seed={portion.base_seed}\n"
