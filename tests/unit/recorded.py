"""The recorded observations and their predictions, computed once for all tests of a process.

The files of tests that use them are a group of `conftest`, so that one process runs them all.
"""

from functools import cache
from typing import Final

from cmdpoint.conformance.recording.curate import RECORDED as CURATED
from cmdpoint.observations.collection import ObservationSet, read_observations
from cmdpoint.observations.replay import ObservedCase
from cmdpoint.oracle.outcome import Prediction
from cmdpoint.oracle.prediction_cache import PredictionCache

FILES: Final = sorted(CURATED.parent.glob("*.jsonl"))
"""The files of recorded observations."""

PREDICTIONS: Final = PredictionCache[Prediction](lambda prediction: prediction)


@cache
def recorded() -> ObservationSet:
    """All recorded observations."""
    return read_observations(FILES)


@cache
def cases() -> tuple[ObservedCase, ...]:
    """The recorded cases."""
    return tuple(recorded().compared)
