"""How fast the oracle predicts, on one core, without an engine."""

import time
from collections.abc import Sequence
from itertools import cycle
from typing import Final

from oracle import Dialect, predict
from tests.bench.drawn import Example

SECONDS: Final = 2.0


def predictions_a_second(examples: Sequence[Example], dialect: Dialect) -> float:
    """Predict cases over and over, for some seconds of the processor, and count; each anew from the text."""
    cases = [case for example in examples for case in example.cases]
    begin = time.process_time()
    for count, case in enumerate(cycle(cases), start=1):
        predict(case, dialect)
        if count % 100 == 0 and (spent := time.process_time() - begin) > SECONDS:
            return count / spent
    raise ValueError("there are no cases")
