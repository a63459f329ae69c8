"""Compare a prediction with what was observed: at which level, what counts, and which steps that tests."""

from collections.abc import Mapping
from typing import Final, Literal

from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.outcome import Codes, Outcome, Prediction, Refusal, Step

Level = Literal["config", "planned", "observed"]
"""What is compared: the image config, the argv that create fixes, or the argv of the running process."""

LEVELS: Final[tuple[Level, ...]] = ("config", "planned", "observed")
"""The levels, the cheapest first."""

_PHASES: Final[Mapping[Level, tuple[str, ...]]] = {
    "config": ("build",),
    "planned": ("build", "client", "create"),
    "observed": ("build", "client", "create", "start"),
}
"""The phases whose effect a comparison at a level shows."""

EXIT_CODE: Final = "exit code"
"""The field of a step that decides what the client exits with."""

STATE_EXIT_CODE: Final = "State.ExitCode"
"""The field of a step that decides the exit code of the container."""


def expected_at(level: Level, prediction: Prediction) -> Outcome | ImageConfig:
    """What a comparison at a level expects."""
    match level:
        case "config":
            return prediction.outcome if prediction.config is None else prediction.config
        case "planned":
            return prediction.planned
        case "observed":
            return prediction.outcome


def steps_tested(level: Level, prediction: Prediction, observed: Outcome | ImageConfig) -> tuple[Step, ...]:
    """The steps of a prediction that a comparison puts to the test.

    A step about an exit code is among them only where that code was observed: it is not compared otherwise.

    Args:
        level: The level of the comparison.
        prediction: The prediction.
        observed: What it is compared with.
    """
    codes = Codes() if isinstance(observed, ImageConfig) else observed.codes
    unknown = {
        name for name, code in ((EXIT_CODE, codes.run), (STATE_EXIT_CODE, codes.state)) if code is None
    }
    phases = _PHASES[level]
    return tuple(step for step in prediction.steps if step.phase in phases and step.field not in unknown)


def agree(predicted: Outcome | ImageConfig, observed: Outcome | ImageConfig) -> bool:
    """Whether two outcomes, or two configs, are the same.

    Of refusals, the phase, the kind and the image are compared, and the line where both have one; the message
    is not. A code is compared where both have it.
    """
    if isinstance(predicted, ImageConfig) or isinstance(observed, ImageConfig):
        return predicted == observed
    if not predicted.codes.agree(observed.codes):
        return False
    if isinstance(predicted, Refusal) and isinstance(observed, Refusal):
        same_line = None in (predicted.line, observed.line) or predicted.line == observed.line
        return same_line and _what(predicted) == _what(observed)
    return predicted == observed


def _what(refused: Refusal) -> tuple[object, ...]:
    return refused.phase, refused.kind, refused.image


def answer(prediction: Prediction) -> tuple[object, ...]:
    """What is compared of two predictions: config, plan and outcome, with the codes, without messages."""
    outcome, planned = prediction.outcome, prediction.planned
    plan = None if isinstance(planned, Refusal) else planned.argv
    if isinstance(outcome, Refusal):
        return prediction.config, plan, _what(outcome), outcome.line, outcome.codes
    return prediction.config, plan, outcome.argv, outcome.codes
