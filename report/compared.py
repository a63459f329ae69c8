"""What a comparison at some cost looks at: a part of the prediction, and the steps that lead to it."""

from oracle.model import ImageConfig
from oracle.outcome import Outcome, Prediction, Step
from report.tally import STAGES, Cost


def expected_at(cost: Cost, prediction: Prediction) -> Outcome | ImageConfig:
    """The part of a prediction that a comparison at some cost looks at."""
    match cost:
        case "config":
            return prediction.outcome if prediction.config is None else prediction.config
        case "planned":
            return prediction.planned
        case "observed":
            return prediction.outcome


def steps_at(cost: Cost, prediction: Prediction) -> tuple[Step, ...]:
    """The steps whose effect a comparison at some cost shows."""
    stages = STAGES[cost]
    return tuple(step for step in prediction.steps if step.stage in stages)
