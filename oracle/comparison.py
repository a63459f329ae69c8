"""Comparing a prediction with what was observed: at which level, what counts, and whether both agree."""

from collections.abc import Mapping
from typing import Final, Literal

from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.outcome import Outcome, Prediction, Refusal, Step

Level = Literal["config", "planned", "observed"]
"""What is compared: the image config, the argv that create fixes, or the argv of the running process."""

LEVELS: Final[tuple[Level, ...]] = ("config", "planned", "observed")
"""The levels, the cheapest first."""

PHASES: Final[Mapping[Level, tuple[str, ...]]] = {
    "config": ("build",),
    "planned": ("build", "client", "create"),
    "observed": ("build", "client", "create", "start"),
}
"""The phases whose effect a comparison at a level shows."""


def expected_at(level: Level, prediction: Prediction) -> Outcome | ImageConfig:
    """The part of a prediction that a comparison at a level looks at."""
    match level:
        case "config":
            return prediction.outcome if prediction.config is None else prediction.config
        case "planned":
            return prediction.planned
        case "observed":
            return prediction.outcome


def steps_at(level: Level, prediction: Prediction) -> tuple[Step, ...]:
    """The steps whose effect a comparison at a level shows."""
    return tuple(step for step in prediction.steps if step.phase in PHASES[level])


def agree(predicted: Outcome | ImageConfig, seen: Outcome | ImageConfig) -> bool:
    """Whether two outcomes, or two configs, are the same.

    Of refusals, the stage, the kind and the image count, and the line where both name one; the words do not.
    The codes count as far as both know them.
    """
    if isinstance(predicted, ImageConfig) or isinstance(seen, ImageConfig):
        return predicted == seen
    if not predicted.codes.agree(seen.codes):
        return False
    if isinstance(predicted, Refusal) and isinstance(seen, Refusal):
        lines = {predicted.line, seen.line} - {None}
        return (predicted.phase, predicted.kind, predicted.image, len(lines) < 2) == (
            seen.phase,
            seen.kind,
            seen.image,
            True,
        )
    return predicted == seen


def answer(prediction: Prediction) -> object:
    """What counts of a prediction: config, plan and outcome, with its numbers but without its words."""
    outcome, planned = prediction.outcome, prediction.planned
    plan = None if isinstance(planned, Refusal) else planned.argv
    if isinstance(outcome, Refusal):
        return (
            prediction.config,
            plan,
            outcome.phase,
            outcome.kind,
            outcome.line,
            outcome.image,
            outcome.codes,
        )
    return prediction.config, plan, outcome.argv, outcome.codes
