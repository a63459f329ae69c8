"""Whether a client reads the value of an option that is a number, a duration or a size (CLI-17)."""

import re
from collections.abc import Mapping
from typing import Final, Literal

from cmdpoint.oracle.dockerfile.durations import duration

Kind = Literal["integer", "unsigned", "small", "number", "decimal", "duration", "size", "limit"]
"""What an option takes: see `DESCRIPTIONS`."""

DESCRIPTIONS: Final[Mapping[Kind, str]] = {
    "integer": "an integer",
    "unsigned": "an integer without a sign",
    "small": "an integer from 0 to 65535",
    "number": "a number",
    "decimal": "a number",
    "duration": "a duration, such as 1m30s",
    "size": "a size, such as 512m",
    "limit": "a size, such as 512m, or -1",
}

_DIGITS: Final = r"0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])+|0|[1-9](?:_?[0-9])*"
_INTEGER: Final = re.compile(rf"(?P<sign>[+-]?)(?P<digits>{_DIGITS})")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?")
_DECIMAL: Final = re.compile(rf"{_NUMBER.pattern}|(?i:[+-]?inf(?:inity)?|nan)")
_RATIONAL: Final = re.compile(rf"{_NUMBER.pattern}|{_INTEGER.pattern}|[+-]?[0-9]+/[0-9]+")
_SIZE: Final = re.compile(rf"(?P<number>{_NUMBER.pattern}) ?(?:b|[kmgtp](?:i?b)?)?", re.IGNORECASE)
_SMALLEST: Final = -(2**63)
_LARGEST: Final = 2**63 - 1


def is_read(kind: Kind, text: str) -> bool:
    """Whether a client reads a value.

    Args:
        kind: What the option takes.
        text: The value.

    Source: spf13/pflag, `int64.go`, `uint64.go`, `float64.go`, `duration.go`; docker/cli,
        `opts/opts.go:NanoCPUs`, `MemBytes`; docker/go-units, `size.go:RAMInBytes`.
    """
    match kind:
        case "duration":
            return duration(text) is not None
        case "number":
            return _RATIONAL.fullmatch(text) is not None
        case "decimal":
            return _DECIMAL.fullmatch(text) is not None
        case "size" | "limit":
            is_size = _SIZE.fullmatch(text) is not None and not text.startswith("-")
            return is_size or (kind == "limit" and text == "-1")
    read = _INTEGER.fullmatch(text)
    if read is None:
        return False
    value = _value(read["digits"]) * (-1 if read["sign"] == "-" else 1)
    if kind == "integer":
        return _SMALLEST <= value <= _LARGEST
    return not read["sign"] and value < 2 ** (16 if kind == "small" else 64)


def _value(digits: str) -> int:
    """The number that digits with Go's prefixes are; a 0 in front means octal digits."""
    plain = digits.replace("_", "").lower()
    if plain.isdecimal():
        return int(plain[:80], 8 if plain.startswith("0") else 10)
    return int(plain[:80], 0)
