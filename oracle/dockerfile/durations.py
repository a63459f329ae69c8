"""Read a duration such as `1m30s`, as Go's `time.ParseDuration` does."""

import re
from fractions import Fraction
from typing import Final

from cmdpoint.oracle.dockerfile.go_strings import integer

_UNITS: Final = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
"""Nanoseconds by unit. The two letters for micro are U+00B5 and U+03BC."""

_TERM: Final = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)([^0-9.]+)")
_LONGEST: Final = 2**63 - 1
_MOST_DIGITS: Final = 30
"""How many digits of a fraction count: more of them change no nanosecond."""


def duration(text: str) -> int | None:
    """A duration in nanoseconds, or None if the text is not one.

    Args:
        text: Such as `1.5h`, `-3s` or `0`.

    Source: Go, `time/format.go:ParseDuration`.
    """
    unsigned = text[1:] if text[:1] in ("-", "+") else text
    if unsigned == "0":
        return 0
    total = at = 0
    while (term := _TERM.match(unsigned, at)) is not None:
        if term[2] not in _UNITS:
            return None
        whole, _, fraction = term[1].partition(".")
        read = integer(whole) + Fraction(f"0.{fraction[:_MOST_DIGITS]}0")
        total += int(read * _UNITS[term[2]])
        at = term.end()
    if not unsigned or at != len(unsigned) or total > _LONGEST:
        return None
    return -total if text[0] == "-" else total
