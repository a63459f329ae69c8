"""Read values from JSON by their types; a value of another type is one exception with a message."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from cmdpoint.oracle.case import Words


class Malformed(ValueError):
    """JSON of another form than needed; its text says what is wrong."""


_TYPES: Final[dict[type[Any], str]] = {
    str: "a string",
    list: "a list",
    dict: "an object",
    bool: "true or false",
    int: "a whole number",
}


def of(value: object, kind: type[Any], what: str) -> Any:
    """A value that must have a type.

    Args:
        value: The value.
        kind: The type.
        what: Its name in messages.

    Raises:
        Malformed: It has another type.
    """
    # To Python, true is a whole number too.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Malformed(f"{what} is not {_TYPES[kind]}")
    return value


def one_of(value: object, known: Iterable[str], what: str) -> str:
    """A value that must be one of some words; see `of`."""
    if value not in (words := tuple(known)):
        raise Malformed(f"{what} is {value!r}; known are {', '.join(words)}")
    return str(value)


def words(value: object, what: str) -> Words:
    """A list of strings; see `of`."""
    return tuple(of(word, str, f"a word of {what}") for word in of(value, list, what))


def members(value: object, what: str, known: Iterable[str]) -> Mapping[str, Any]:
    """An object that has known keys only; see `of`."""
    data: dict[str, Any] = of(value, dict, what)
    unknown = sorted(set(data) - set(known))
    if unknown:
        raise Malformed(f"{what} has the key {unknown[0]!r}; known are {', '.join(sorted(known))}")
    return data
