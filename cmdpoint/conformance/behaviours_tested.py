"""Which behaviours a case tests: those of the dialect with another value of which it is predicted otherwise.

The specification's examples, which every run compares, test most values, and all members of lists. So a case
is tried only with the others, and only with those of behaviours that its prediction reads.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache, partial

from cmdpoint.conformance.value_mutants import ValueMutant, value_mutants
from cmdpoint.oracle import Case, Dialect, Prediction, predict
from cmdpoint.oracle.comparison import Level, agree, expected_at
from cmdpoint.oracle.dialect.reads import with_reads
from cmdpoint.spec.example import Example
from cmdpoint.spec.rules import all_rules

Mutants = Mapping[str, list[ValueMutant]]
"""Wrong dialects, by the behaviour that is wrong."""


def predict_and_test(case: Case, level: Level, dialect: Dialect) -> tuple[Prediction, list[str]]:
    """Predict a case, and find which values it tests that no example tests.

    Args:
        case: The case.
        level: The level at which it is compared.
        dialect: The dialect.

    Returns:
        The prediction, and a name for each value.
    """
    prediction, reads = with_reads(partial(predict, case), dialect)
    mutants = _not_tested_by_examples(dialect)
    return prediction, [
        f"{mutant.behaviour}: {mutant.now}"
        for mutant in _read(mutants, reads)
        if _is_tested(mutant, case, level, prediction)
    ]


@lru_cache
def predicted_examples(dialect: Dialect) -> list[tuple[Example, Prediction, Collection[str]]]:
    """The examples of the specification, with their predictions and the behaviours that these read."""
    examples = [example for rule in all_rules().values() for example in rule.examples]
    return [(each, *with_reads(partial(predict, each.case), dialect)) for each in examples]


@lru_cache
def _not_tested_by_examples(dialect: Dialect) -> Mutants:
    """The mutants of a dialect that are predicted like the dialect in every example."""
    left: dict[str, list[ValueMutant]] = {}
    for mutant in value_mutants(dialect):
        if not isinstance(getattr(dialect, mutant.behaviour), tuple):
            left.setdefault(mutant.behaviour, []).append(mutant)
    for example, prediction, reads in predicted_examples(dialect):
        for mutant in list(_read(left, reads)):
            if _is_tested(mutant, example.case, example.level, prediction):
                left[mutant.behaviour].remove(mutant)
    return {behaviour: mutants for behaviour, mutants in left.items() if mutants}


def _read(mutants: Mutants, reads: Iterable[str]) -> Iterator[ValueMutant]:
    """The mutants of behaviours that a prediction reads; another one cannot change it."""
    for behaviour in reads:
        yield from mutants.get(behaviour, ())


def _is_tested(mutant: ValueMutant, case: Case, level: Level, prediction: Prediction) -> bool:
    wrong = expected_at(level, predict(case, mutant.wrong))
    return not agree(wrong, expected_at(level, prediction))
