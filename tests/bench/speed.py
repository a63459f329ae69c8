"""How fast the oracle predicts, on one core, without an engine."""

import time
from collections.abc import Sequence
from typing import Final

from cmdpoint.oracle import Case, Dialect, predict
from cmdpoint.oracle.memory import forget
from cmdpoint.spec.rules import all_rules

SECONDS: Final = 2.0

LONG: Final = 10_000
"""The number of characters from which a Dockerfile is not typical; a few examples are about long lines."""


def typical_cases() -> list[Case]:
    """The cases of the spec's examples, without very long Dockerfiles."""
    examples = (example for rule in all_rules().values() for example in rule.examples)
    return [example.case for example in examples if len(repr(example.images)) < LONG]


def predictions_a_second(cases: Sequence[Case], dialect: Dialect) -> float:
    """Predict cases from their text for some seconds of processor time, and return the rate.

    What is remembered of the cases is forgotten before they are predicted again.
    """
    if not cases:
        raise ValueError("there are no cases")
    count, spent = 0, 0.0
    while spent < SECONDS:
        forget()
        begin = time.process_time()
        for case in cases:
            predict(case, dialect)
        spent += time.process_time() - begin
        count += len(cases)
    return count / spent
