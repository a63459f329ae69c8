"""The comparator: compare the oracle with one target, count the compared cases, confirm divergences."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from cmdpoint.conformance.errors import ConfirmedDivergence, Evidence, HarnessFault, responses_of
from cmdpoint.conformance.explaining_values import explaining_values
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.faults import Fault
from cmdpoint.observations.records import Target
from cmdpoint.observations.tally import Tally
from cmdpoint.oracle import Case, ImageConfig, Outcome, predict
from cmdpoint.oracle.case import Chain, ContainerRequest
from cmdpoint.oracle.comparison import Level, agree, expected_at, steps_tested
from cmdpoint.report.divergence import render
from cmdpoint.report.saved_divergence import save

OnObservation = Callable[[Case, Level, Outcome | ImageConfig, bool], None]
"""Called with each observation of a target, and whether it is a confirmed divergence."""

REPETITIONS: Final = 3
"""How often the engine must repeat a divergence, each time from a new build, before it is reported."""


class Divergence(AssertionError):
    """The observed result differs from the prediction.

    Attributes:
        case: The case.
        level: The level of the comparison.
        comparator: The comparator of the target that diverges, if a property compares several targets.
        as_specified: Whether the engine does what an example of the specification shows.
    """

    def __init__(
        self,
        case: Case,
        level: Level,
        observed: Outcome | ImageConfig,
        comparator: "Comparator | None" = None,
        *,
        as_specified: bool = False,
    ) -> None:
        super().__init__(f"{level}: {case}: {observed}")
        self.case = case
        self.level = level
        self.comparator = comparator
        self.as_specified = as_specified


class Comparator:
    """Compares the oracle with one target.

    Attributes:
        live: The target.
        dialect: The dialect that predicts it.
    """

    def __init__(
        self,
        live: LiveTarget,
        tally: Tally,
        on_observation: OnObservation = lambda *_: None,
        engine_name: str = "",
    ) -> None:
        """Create a comparator.

        Args:
            live: The target.
            tally: Counts the compared cases.
            on_observation: Called with each observation.
            engine_name: The name by which `cmdpoint engines run` finds the engine; its version by default.
        """
        self.live = live
        self.dialect = target_of(live).dialect
        self._tally = tally
        self._on_observation = on_observation
        self._engine_name = engine_name or live.engine.name
        self._plan_diverges = False

    def config(self, images: Chain) -> None:
        """Compare the image config of each image of a chain, up to the first refusal.

        Raises:
            Divergence: The two diverge.
            HarnessFault: The engine cannot be used.
        """
        for length in range(1, len(images) + 1):
            self._compare(Case(images[:length]), "config")
            if predict(Case(images[:length]), self.dialect).config is None:
                return

    def planned(self, images: Chain, requests: Sequence[ContainerRequest]) -> None:
        """Compare the configs, and the planned outcome of each request; see `config` for the errors."""
        self.config(images)
        for request in requests:
            self._compare(Case(images, request), "planned")

    def observed(self, images: Chain, requests: Sequence[ContainerRequest]) -> None:
        """Compare the configs, and the planned and the observed outcome of each request.

        After a divergence at the level `planned`, no more containers are started, so that shrinking is
        faster. See `config` for the errors.
        """
        self.config(images)
        for request in requests:
            case = Case(images, request)
            if not self._plan_diverges:
                self._compare(case, "observed")
            try:
                self._compare(case, "planned", counted=False)
            except Divergence:
                self._plan_diverges = True
                raise

    def observe(self, case: Case, level: Level) -> Outcome | ImageConfig:
        """Return the result of a case on the target.

        Raises:
            HarnessFault: The engine cannot be used.
        """
        with self._faults():
            observed = self._observe(case, level)
        self._on_observation(case, level, observed, False)
        return observed

    def predicts(self, case: Case, level: Level, observed: Outcome | ImageConfig) -> bool:
        """Whether the oracle predicts a result, or none at all."""
        prediction = predict(case, self.dialect)
        return not prediction.is_settled or agree(expected_at(level, prediction), observed)

    def count(self, case: Case, level: Level, observed: Outcome | ImageConfig, example_of: str) -> None:
        """Count an example that agrees.

        Args:
            case: The case of the example.
            level: The level at which it was compared.
            observed: What was observed.
            example_of: The rule that has the example.
        """
        prediction = predict(case, self.dialect)
        self._tally.add(str(self.live), self.dialect, level, prediction, observed, example_of)

    def confirm(self, divergence: Divergence, hint: str = "") -> BaseException:
        """Repeat a divergence, each time from a new build.

        Args:
            divergence: The divergence.
            hint: How to generate it again, if it was generated.

        Returns:
            `ConfirmedDivergence` with the report, or `HarnessFault` if the engine did not repeat it.
        """
        case, level = divergence.case, divergence.level
        prediction = predict(case, self.dialect)
        expected = expected_at(level, prediction)
        observed = expected
        for repetition in range(1, REPETITIONS + 1):
            with self._faults():
                self.live.forget()
            observed = self.observe(case, level)
            if agree(expected, observed):
                return HarnessFault(f"{self.live}: no divergence at repetition {repetition}: {divergence}")
        self._on_observation(case, level, observed, True)
        target = str(self.live)
        report = render(case, target, prediction, level, expected, observed)
        try:
            saved = save(case, target, level, report, expected, observed)
        except OSError as error:
            path = command = ""
            where = f"\nThe script that reproduces it could not be saved: {error}\n"
        else:
            path, command = str(saved.report), saved.command(self._engine_name)
            where = f"\nTo reproduce it:\n  {command}\nThis report is in {path}.\n"
        evidence = Evidence(
            rules=tuple(sorted({step.rule for step in steps_tested(level, prediction, observed)})),
            values=explaining_values(case, level, self.dialect, observed),
            as_specified=divergence.as_specified,
        )
        return ConfirmedDivergence(report + where + hint, target, evidence, path, command)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Turn whatever the engine's responses raise into a harness fault."""
        try:
            with responses_of(str(self.live)):
                yield
        except Fault as fault:
            raise HarnessFault(fault) from fault

    def _observe(self, case: Case, level: Level) -> Outcome | ImageConfig:
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
            return  # a random result neither agrees nor diverges
        observed = self.observe(case, level)
        if not agree(expected_at(level, prediction), observed):
            raise Divergence(case, level, observed)
        if counted:
            self._tally.add(str(self.live), self.dialect, level, prediction, observed)


def target_of(live: LiveTarget) -> Target:
    """Return the target of a live engine, as observations name it."""
    engine = live.engine
    version = engine.version.partition("+")[0]
    return Target(engine.product, version, engine.store, live.builder, live.runtime)
