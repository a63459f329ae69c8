"""Which other value of a behaviour explains a divergence: with it, the oracle predicts what was observed."""

from functools import partial

from cmdpoint.conformance.value_mutants import mutants_of
from cmdpoint.oracle import Case, Dialect, ImageConfig, Outcome, predict
from cmdpoint.oracle.comparison import Level, agree, expected_at
from cmdpoint.oracle.dialect.reads import with_reads
from cmdpoint.oracle.dialect.values import Behaviours


def explaining_values(
    case: Case, level: Level, dialect: Dialect, observed: Outcome | ImageConfig
) -> tuple[str, ...]:
    """The values that explain a divergence, each as a text such as `trailing_text: 'ignored'`.

    Args:
        case: The case.
        level: The level of the comparison.
        dialect: The dialect whose prediction diverges.
        observed: What was observed.
    """
    _, reads = with_reads(partial(predict, case), dialect)
    return tuple(
        f"{mutant.behaviour}: {mutant.now}"
        for mutant in mutants_of(dialect, Behaviours)
        if mutant.behaviour in reads and agree(expected_at(level, predict(case, mutant.wrong)), observed)
    )
