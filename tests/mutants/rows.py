"""Mutants of what the data says about an engine: a value that its builders share is wrong for all of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from cmdpoint.conformance.value_mutants import ValueMutant, value_mutants
from cmdpoint.oracle import Dialect
from cmdpoint.oracle.dialect.changes import decision


def of_engines(dialects: Iterable[Dialect]) -> list[list[Dialect]]:
    """The dialects of each engine, with one image store and one runtime: one for each builder."""
    found: dict[tuple[str, ...], list[Dialect]] = defaultdict(list)
    for one in dialects:
        found[one.engine, one.version, one.store, one.runtime].append(one)
    return list(found.values())


def row_mutants(dialects: Sequence[Dialect]) -> Iterator[list[ValueMutant]]:
    """The mutants of the dialects of an engine.

    A row of the data without a builder decides a value for all builders. A mistake in the row is one for all
    of them, so the value is changed for all of them at once.

    Args:
        dialects: The dialects, as in `of_engines`.

    Yields:
        A mutant of each dialect whose value the same row decides, with the same wrong value.
    """
    for dialect in dialects:
        for mutant in value_mutants(dialect):
            name = mutant.behaviour
            row = decision(dialect, name)
            sharing = [one for one in dialects if decision(one, name) == row]
            if sharing[0] is dialect:
                wrong = {name: getattr(mutant.wrong, name)}
                yield [ValueMutant(one, name, mutant.now, one.with_values(wrong)) for one in sharing]
