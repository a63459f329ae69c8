"""A JSON array of strings as Go's `encoding/json` reads it; at the edges Python's `json` differs."""

import json
import math
import re
from dataclasses import dataclass
from typing import Any

from oracle.dockerfile.text import readable
from oracle.model import Words

_BLANKS = " \t\n\r"


@dataclass(frozen=True, slots=True)
class Strings:
    """The array holds strings only: these; `trailing` is what follows its closing bracket."""

    words: Words
    trailing: str


class NotJson:
    """The text is no JSON array, or a malformed one."""


class NotStrings:
    """The text is a JSON array with an element that is no string."""


def read_array(text: str, *, ignore_trailing: bool) -> Strings | NotJson | NotStrings:
    """Read a text that may be a JSON array.

    Args:
        text: Begins where the array would.
        ignore_trailing: Whether only the first value is read, as a stream decoder does, so that what
            follows it does not matter.

    Source: moby/buildkit, `frontend/dockerfile/parser/line_parsers.go:parseJSON`; Go, `encoding/json`.
    """
    if not text.startswith("["):
        return NotJson()
    try:
        value, end = _DECODER.raw_decode(readable(text))
    except (ValueError, RecursionError):
        return NotJson()
    trailing = text[end:].strip(_BLANKS)
    if trailing and not ignore_trailing:
        return NotJson()
    if not all(isinstance(element, str) for element in value):
        return NotStrings()
    return Strings(tuple(map(_without_lone_surrogates, value)), trailing)


def _number(text: str) -> float:
    """A JSON number, which Go decodes only if a float64 holds it."""
    value = float(text)
    if math.isinf(value):
        raise ValueError(text)
    return value


def _no_constant(name: str) -> Any:
    """NaN and the infinities are no JSON, though Python's decoder knows them."""
    raise ValueError(name)


def _without_lone_surrogates(text: str) -> str:
    """The text with U+FFFD for each half of a surrogate pair that stands alone."""
    return _SURROGATE.sub("\ufffd", text)


_SURROGATE = re.compile("[\ud800-\udfff]")
_DECODER = json.JSONDecoder(parse_int=_number, parse_float=_number, parse_constant=_no_constant)
