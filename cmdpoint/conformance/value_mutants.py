"""Mutants of the dialects: every other value of every behaviour."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args, get_origin

from cmdpoint.oracle import Dialect
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.oracle.dialect.values import Behaviours, RuntimeBehaviours


@dataclass(frozen=True, slots=True)
class ValueMutant:
    """A dialect with another value of one behaviour.

    Attributes:
        dialect: The right dialect.
        behaviour: The behaviour.
        now: The wrong value, or how it differs from the right one.
        wrong: The wrong dialect.
    """

    dialect: Dialect
    behaviour: str
    now: str
    wrong: Dialect


def value_mutants(dialect: Dialect) -> Iterator[ValueMutant]:
    """The mutants of a dialect.

    A dialect with another runtime than the engine's usual one has all values but the runtime's from the rows
    of the engine. Only the runtime's are changed there: a mistake in another one is one of the usual dialect.
    """
    yield from mutants_of(dialect, Behaviours if has_usual_runtime(dialect) else RuntimeBehaviours)


def has_usual_runtime(dialect: Dialect) -> bool:
    """Whether a dialect has the runtime that its engine has by default, in any version."""
    usual = Dialect.of(dialect.engine, dialect.version, dialect.builder, store=dialect.store)
    kinds = [each.runtime.partition("-")[0] for each in (dialect, usual)]
    return kinds[0] == kinds[1]


def mutants_of(dialect: Dialect, behaviours: type[RuntimeBehaviours]) -> Iterator[ValueMutant]:
    """The dialects with another value of one of some behaviours.

    Args:
        dialect: The right dialect.
        behaviours: The class that has the behaviours.
    """
    for each in fields(behaviours):
        value = getattr(dialect, each.name)
        for now, other in _others(value, each.type, each.name):
            yield ValueMutant(dialect, each.name, now, dialect.with_values({each.name: other}))


def _others(value: Any, kind: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The other values of a type, each with a text for it."""
    if get_origin(kind) is Literal:
        yield from ((repr(other), other) for other in get_args(kind) if other != value)
    elif isinstance(value, int):
        yield from ((str(other), other) for other in (value - 1, value + 1))
    elif isinstance(value, str):
        versions = {getattr(dialect, name) for dialect in known_dialects()} - {value}
        yield from ((repr(other), other) for other in sorted(versions))
    elif isinstance(value, Mapping):
        for key, codes in value.items():
            yield from ((f"{key}: {now}", {**value, key: other}) for now, other in _other_codes(codes))
    elif name in ("init_codes",):
        yield from _other_codes(value)
    else:
        yield from _other_lists(value, kind, name)


def _other_codes(codes: tuple[int, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
    for at, code in enumerate(codes):
        other = (*codes[:at], code + 1, *codes[at + 1 :])
        yield str(list(other)), other


def _other_lists(value: tuple[str, ...], kind: Any, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A list without one of its elements, or with one more that it can have."""
    for at, element in enumerate(value):
        yield f"without {element!r}", (*value[:at], *value[at + 1 :])
    for element in _elements(kind, name):
        if element not in value:
            yield f"with {element!r}", (*value, element)


def _elements(kind: Any, name: str) -> list[str]:
    """The elements that a list can have: those of its type, or those that another dialect has."""
    inner = get_args(kind)[0]
    if get_origin(inner) is Literal:
        return list(get_args(inner))
    return sorted({element for dialect in known_dialects() for element in getattr(dialect, name)})
