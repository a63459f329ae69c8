"""Check the types of JSON values; a wrong type raises `Malformed` with a message."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from cmdpoint.oracle.case import Words


class Malformed(ValueError):
    """JSON that does not have the expected form. The message says what is wrong."""


_TYPES: Final[dict[type[Any], str]] = {
    str: "a string",
    list: "a list",
    dict: "an object",
    bool: "true or false",
    int: "a whole number",
}


def of(value: object, kind: type[Any], what: str) -> Any:
    """Return a value after checking its type.

    Args:
        value: The value.
        kind: The expected type.
        what: The name of the value in messages.

    Raises:
        Malformed: The value has another type.
    """
    # To Python, true is a whole number too.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Malformed(f"{what} is not {_TYPES[kind]}")
    return value


def one_of(value: object, known: Iterable[str], what: str) -> str:
    """Return a value after checking that it is one of the known words; see `of`."""
    if value not in (words := tuple(known)):
        raise Malformed(f"{what} is {value!r}; known are {', '.join(words)}")
    return str(value)


def words(value: object, what: str) -> Words:
    """Return a list of strings as words, after checking it; see `of`."""
    return tuple(of(word, str, f"a word of {what}") for word in of(value, list, what))


def members(value: object, what: str, known: Iterable[str]) -> Mapping[str, Any]:
    """Return an object after checking that all its keys are known; see `of`."""
    data: dict[str, Any] = of(value, dict, what)
    unknown = sorted(set(data) - set(known))
    if unknown:
        raise Malformed(f"{what} has the key {unknown[0]!r}; known are {', '.join(sorted(known))}")
    return data
