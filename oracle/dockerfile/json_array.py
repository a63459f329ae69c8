"""Read a JSON array of strings as Go's `encoding/json` does, where Python's `json` differs."""

import json
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dockerfile.go_strings import readable

_BLANKS = " \t\n\r"

DEEPEST: Final = 10_000
"""How deep arrays and objects may nest for Go's decoder."""


@dataclass(frozen=True, slots=True)
class Strings:
    """An array of strings only; `trailing` is the text behind its closing bracket."""

    words: Words
    trailing: str


@dataclass(frozen=True, slots=True)
class NotJson:
    """No JSON array, or a malformed one; `too_much` where only its size is the cause (FORM-5)."""

    too_much: bool = False


@dataclass(frozen=True, slots=True)
class NotStrings:
    """A JSON array with an element that is not a string."""


# A text is read again for each request to its image, and a deep one takes long.
@lru_cache(maxsize=256)
def read_array(text: str, *, ignore_trailing: bool) -> Strings | NotJson | NotStrings:
    """Read a text that may be a JSON array.

    Args:
        text: The text, from where the array would begin.
        ignore_trailing: Whether only the first value is read, as by a stream decoder, and the text behind it
            is ignored.

    Source: moby/buildkit, `frontend/dockerfile/parser/line_parsers.go:parseJSON`; Go, `encoding/json`.
    """
    if not text.startswith("["):
        return NotJson()
    try:
        value, end = _first_value(readable(text), _DECODER)
    except OverflowError:
        return NotJson(too_much=True)
    except ValueError:
        return NotJson()
    trailing = text[end:].strip(_BLANKS)
    if trailing and not ignore_trailing:
        return NotJson()
    if not all(isinstance(element, str) for element in value):
        return NotStrings()
    return Strings(tuple(map(_without_lone_surrogates, value)), trailing)


_TOKEN = re.compile(r'[ \t\n\r]*([\[\]{},:]|"(?:[^"\\\x00-\x1f]|\\.)*"|[^\[\]{},:" \t\n\r]+)')

_SHALLOW: Final = 100
"""How many arrays and objects Python's decoder can nest, whatever its version: 3.14 has another limit."""


def _first_value(text: str, decoder: json.JSONDecoder) -> tuple[Any, int]:
    """Read the value at the beginning of a text, and find its end.

    Of a value that may nest deep, the innermost arrays and objects are read first. Then 0 replaces them.

    Raises:
        ValueError: There is no JSON.
        OverflowError: It nests too deep for Go, or the decoder does not read one of its numbers.
    """
    if not text.startswith(("[", "{")) or text.count("[") + text.count("{") <= _SHALLOW:
        return decoder.raw_decode(text)
    open_at: list[int] = []
    parts: list[str] = []
    at = 0
    while (match := _TOKEN.match(text, at)) is not None:
        at = match.end()
        parts.append(match[1])
        if match[1] in "[{":
            open_at.append(len(parts) - 1)
            if len(open_at) > DEEPEST:
                raise OverflowError
        elif match[1] in "]}":
            value = decoder.decode(" ".join(parts[open_at[-1] :]))
            parts[open_at.pop() :] = ["0"]
            if not open_at:
                return value, at
    raise ValueError("it has no end")


@dataclass(frozen=True, slots=True)
class Values:
    """The strings that could be read of a text. An element that is not a string is an empty word.

    Attributes:
        words: The words.
        whole: Whether the text is a list of strings or nulls, and nothing else.
    """

    words: Words = ()
    whole: bool = False


def read_values(text: str, *, go_on: bool) -> Values | None:
    """Read a text as a list of strings, as far as possible; None of `null`.

    Args:
        text: The text.
        go_on: Whether the elements before a mistake count, as for a decoder that stores each as it reads it.

    Source: Go, `encoding/json`; json-iterator/go, `reflect_slice.go`.
    """
    text = readable(text).strip(_BLANKS)
    if go_on and text.startswith("["):
        return _values_before_a_mistake(text)
    try:
        value, end = _first_value(text, _ANY_NUMBER)
    except (ValueError, OverflowError):
        return Values()
    if value is None and end == len(text):
        return None
    if not isinstance(value, list) or end < len(text):
        return Values()
    return Values(tuple(map(_string, value)), all(each is None or isinstance(each, str) for each in value))


def _values_before_a_mistake(text: str) -> Values:
    words: list[str] = []
    at = _after_blanks(text, 1)
    if text[at:] == "]":
        return Values(whole=True)
    while True:
        at = _after_blanks(text, at)
        try:
            value, at = _ANY_NUMBER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return Values((*words, ""))
        words.append(_string(value))
        at = _after_blanks(text, at)
        if not (value is None or isinstance(value, str)) or text[at : at + 1] not in (",", "]"):
            return Values(tuple(words))
        at += 1
        if text[at - 1] == "]":
            return Values(tuple(words), whole=at == len(text))


def _after_blanks(text: str, at: int) -> int:
    while text[at : at + 1] in tuple(_BLANKS):
        at += 1
    return at


def _string(value: Any) -> str:
    return _without_lone_surrogates(value) if isinstance(value, str) else ""


def _number(text: str) -> float:
    """A JSON number, which Go decodes only if it fits a float64."""
    value = float(text)
    if math.isinf(value):
        raise OverflowError(text)
    return value


def _no_constant(name: str) -> Any:
    """NaN and the infinities are not JSON, although Python's decoder reads them."""
    raise ValueError(name)


def _without_lone_surrogates(text: str) -> str:
    """The text with U+FFFD for each surrogate that has no partner."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


_SURROGATE = re.compile("[\ud800-\udfff]")
_DECODER = json.JSONDecoder(parse_int=_number, parse_float=_number, parse_constant=_no_constant)
_ANY_NUMBER = json.JSONDecoder(parse_int=float, parse_float=float, parse_constant=_no_constant)
