"""How fast the oracle predicts, on one core, without an engine."""

import time
from collections.abc import Sequence
from itertools import cycle
from typing import Final

from cmdpoint.oracle import Case, Dialect, predict
from cmdpoint.spec.rules import all_rules

SECONDS: Final = 2.0

LONG: Final = 10_000
"""The number of characters from which a Dockerfile is not typical; a few examples are about long lines."""


def typical_cases() -> list[Case]:
    """The cases of the spec's examples, without very long Dockerfiles."""
    examples = (example for rule in all_rules().values() for example in rule.examples)
    return [
        example.case for example in examples if all(len(image.dockerfile) < LONG for image in example.images)
    ]


def predictions_a_second(cases: Sequence[Case], dialect: Dialect) -> float:
    """Predict cases from their text for some seconds of processor time, and return the rate."""
    begin = time.process_time()
    for count, case in enumerate(cycle(cases), start=1):
        predict(case, dialect)
        if count % 100 == 0 and (spent := time.process_time() - begin) > SECONDS:
            return count / spent
    raise ValueError("there are no cases")
