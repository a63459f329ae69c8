"""Values read from JSON, each asked for by its type; whatever is amiss is one exception with words."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from cmdpoint.oracle.case import Words


class Malformed(ValueError):
    """JSON that is not of the form that is wanted; its text says what is wrong."""


_TYPES: Final[dict[type[Any], str]] = {
    str: "a string",
    list: "a list",
    dict: "an object",
    bool: "true or false",
    int: "a whole number",
}


def of(value: object, kind: type[Any], what: str) -> Any:
    """A value, which has to be of a type.

    Args:
        value: The value.
        kind: The type.
        what: What to call the value.

    Raises:
        Malformed: It is of another.
    """
    # To Python, true is a whole number too.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Malformed(f"{what} is not {_TYPES[kind]}")
    return value


def one_of(value: object, known: Iterable[str], what: str) -> str:
    """A value, which has to be one of some words; see `of`."""
    if value not in (words := tuple(known)):
        raise Malformed(f"{what} is {value!r}; known are {', '.join(words)}")
    return str(value)


def words(value: object, what: str) -> Words:
    """A list of strings; see `of`."""
    return tuple(of(word, str, f"a word of {what}") for word in of(value, list, what))


def members(value: object, what: str, known: Iterable[str]) -> Mapping[str, Any]:
    """An object, which may have no other keys than those known; see `of`."""
    data: dict[str, Any] = of(value, dict, what)
    unknown = sorted(set(data) - set(known))
    if unknown:
        raise Malformed(f"{what} has the key {unknown[0]!r}; known are {', '.join(sorted(known))}")
    return data
