"""Holding the oracle against a live engine: compare, count, and tell a disagreement from a fault."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import hypothesis
from hypothesis import strategies as st

from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.faults import Fault
from cmdpoint.observations.records import Target
from cmdpoint.observations.tally import Tally
from cmdpoint.oracle import Case, CommandLine, ImageConfig, Outcome, Request, predict
from cmdpoint.oracle.case import Chain, PyCall
from cmdpoint.oracle.comparison import Level, agree, expected_at
from cmdpoint.report.divergence import render

Note = Callable[[Case, Level, Outcome | ImageConfig], None]
"""Is told what some place was seen to do."""

REPETITIONS = 3
"""How often a disagreement must show again, each time from a new build, before it is believed."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a property's examples, with a seed of its own; Hypothesis gives all parts the same one.

    Attributes:
        base_seed: The run's.
        name: What sets the shard apart from all others of the run.
        of: How many shards there are.
    """

    base_seed: int
    name: str
    of: int

    @property
    def seed(self) -> int:
        """The shard's own seed."""
        return int.from_bytes(sha256(f"{self.base_seed} {self.name}".encode()).digest()[:8])


class Divergence(AssertionError):
    """The oracle says one thing and the engine does another.

    Attributes:
        case: The case.
        level: What was compared.
        comparator: Whose, where a property asks several.
    """

    def __init__(
        self, case: Case, level: Level, seen: Outcome | ImageConfig, comparator: "Comparator | None" = None
    ) -> None:
        super().__init__(f"{level}: {case}: {seen}")
        self.case = case
        self.level = level
        self.comparator = comparator


class ConfirmedDivergence(AssertionError):
    """A disagreement that was shown again; its text is the report for a person."""


class HarnessError(BaseException):
    """A fault around the engine. No `Exception`, so that Hypothesis neither shrinks nor swallows it."""

    def __init__(self, fault: Fault | str) -> None:
        super().__init__(str(fault))
        self.exit_code = fault.exit_code if isinstance(fault, Fault) else Fault.exit_code


class Comparator:
    """Compares the oracle with one builder of one engine."""

    def __init__(self, live: LiveTarget, tally: Tally, note: Note = lambda *_: None) -> None:
        self.live = live
        self.dialect = target_of(live).dialect
        self._tally = tally
        self._note = note
        self._plan_is_wrong = False

    def config(self, images: Chain) -> None:
        """Compare the image config of each image of a chain, or the first refusal."""
        for length in range(1, len(images) + 1):
            self._compare(Case(images[:length]), "config")
            if predict(Case(images[:length]), self.dialect).config is None:
                return

    def planned(self, images: Chain, requests: Sequence[Request | CommandLine | PyCall]) -> None:
        """Compare what create fixes, for each request."""
        self.config(images)
        for request in requests:
            self._compare(Case(images, request), "planned")

    def observed(self, images: Chain, requests: Sequence[Request | CommandLine | PyCall]) -> None:
        """Compare what really runs, for each request, and what create had fixed.

        Once the plan was found to be wrong already, nothing is started any more: shrinking is cheaper so.
        """
        self.config(images)
        for request in requests:
            case = Case(images, request)
            if not self._plan_is_wrong:
                self._compare(case, "observed")
            try:
                self._compare(case, "planned", counted=False)
            except Divergence:
                self._plan_is_wrong = True
                raise

    def see(self, case: Case, level: Level) -> Outcome | ImageConfig:
        """What the engine does.

        Raises:
            HarnessError: It could not be asked.
        """
        try:
            seen = self._ask(case, level)
        except Fault as fault:
            raise HarnessError(fault) from fault
        self._note(case, level, seen)
        return seen

    def count(self, case: Case, level: Level, observed: Outcome | ImageConfig) -> None:
        """Count a case that was compared."""
        self._tally.add(str(self.live), self.dialect, level, predict(case, self.dialect), observed)

    def confirm(self, divergence: Divergence, hint: str = "") -> BaseException:
        """Ask the engine again, from the start, and say what to report.

        Args:
            divergence: What to look into.
            hint: How to find it again, if it was generated.

        Returns:
            `Confirmed` with the report, or a harness error where the engine did not do it again.
        """
        case, level = divergence.case, divergence.level
        prediction = predict(case, self.dialect)
        expected = expected_at(level, prediction)
        seen = expected
        for again in range(1, REPETITIONS + 1):
            self.live.forget()
            seen = self.see(case, level)
            if agree(expected, seen):
                return HarnessError(
                    f"{self.live}: a disagreement did not show again at repetition {again}: {divergence}"
                )
        return ConfirmedDivergence(render(case, str(self.live), prediction, level, expected, seen) + hint)

    def _ask(self, case: Case, level: Level) -> Outcome | ImageConfig:
        match level:
            case "config":
                return self.live.config(case.images)
            case "planned":
                return self.live.planned(case)
            case "observed":
                return self.live.observed(case)

    def _compare(self, case: Case, level: Level, *, counted: bool = True) -> None:
        prediction = predict(case, self.dialect)
        if not prediction.is_settled:
            return  # what an engine does by chance can neither agree nor disagree
        seen = self.see(case, level)
        if not agree(expected_at(level, prediction), seen):
            raise Divergence(case, level, seen)
        if counted:
            self._tally.add(str(self.live), self.dialect, level, prediction, seen)


def target_of(live: LiveTarget) -> Target:
    """What a place is, for those who read of it later."""
    engine = live.engine
    version = engine.version.partition("+")[0]
    return Target(engine.product, version, engine.store, live.builder, live.runtime)


def hold_each(comparator: Comparator, check: Callable[..., None], values: Iterable[tuple[Any, ...]]) -> None:
    """Check a property on enumerated values; see `hold` for the other arguments and what is raised."""
    try:
        for each in values:
            check(*each)
    except Divergence as divergence:
        raise (divergence.comparator or comparator).confirm(divergence) from None


def hold(
    comparator: Comparator,
    check: Callable[..., None],
    *values: st.SearchStrategy[Any],
    share: float,
    shard: Shard,
) -> None:
    """Check a property on generated values.

    Args:
        comparator: Confirms a disagreement.
        check: Called with the values; raises `Disagreement`.
        values: Strategies, one for each argument.
        share: How many examples, as a share of the profile's `max_examples`, over all shards.
        shard: Which part of the examples this is.

    Raises:
        Confirmed: The oracle and the engine disagree, and did so again when asked again.
        HarnessError: The engine could not be asked, or changed its mind.
    """

    @hypothesis.seed(shard.seed)
    @hypothesis.settings(max_examples=max(1, round(hypothesis.settings().max_examples * share / shard.of)))
    @hypothesis.given(st.tuples(*values))
    def property_(drawn: tuple[Any, ...]) -> None:
        check(*drawn)

    try:
        property_()
    except Divergence as divergence:
        hint = f"\nTo find it again: --hypothesis-seed={shard.base_seed}\n"
        raise (divergence.comparator or comparator).confirm(divergence, hint) from None
    except hypothesis.errors.Flaky as flaky:
        raise HarnessError(f"{comparator.live}: the engine changed its mind\n{flaky}") from flaky
