"""Strings as Go's standard library treats them: white space, lower case, and bytes that are not UTF-8."""

import re
from typing import Final

SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
"""The white space of Go's `unicode.IsSpace`; Python's `str.strip` would take U+001C to U+001F too."""

SEPARATOR: Final = re.compile(r"[\t\v\f\r ]+")
"""What separates the words of an instruction."""

_SPACE_BYTES: Final = re.compile(rb"[\t-\r \x85\xa0]+")

_MOST_DIGITS: Final = 20
"""As many as the largest integer of Go has."""

_NO_UTF8 = re.compile("[\ud800-\udfff]")


def split_at_bytes(text: str) -> list[str]:
    """The text before the first white space, and the text after it if there is white space.

    Each byte counts as a character of its own. So of U+00A0 the first byte belongs to the text before it, and
    the second is white space.

    Source: moby/buildkit, `parser/line_parsers.go:parseHealthConfig`.
    """
    words = _SPACE_BYTES.split(text.encode("utf-8", "surrogateescape"), maxsplit=1)
    return [word.decode("utf-8", "surrogateescape") for word in words]


def integer(text: str) -> int:
    """The number that decimal digits are, with or without a sign in front.

    Python reads at most some thousand digits. For a number that no integer of Go can hold, another one that
    none can hold is returned.

    Source: Go, `strconv/atoi.go:ParseInt`.
    """
    digits = text.lstrip("+-").lstrip("0") or "0"
    size = int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS
    return -size if text.startswith("-") else size


def index(text: str) -> int | None:
    """The number that a text of ASCII digits is; None of any other text, such as other digits of Unicode.

    Source: Go, `strconv/atoi.go:Atoi`.
    """
    return integer(text) if text.isascii() and text.isdecimal() else None


def readable(text: str) -> str:
    """The text as Go's `encoding/json` reads it: bytes other than UTF-8 and lone surrogates become U+FFFD."""
    return text if text.isascii() else _NO_UTF8.sub("\ufffd", text)


def fold(key: str) -> str:
    """A JSON key as Go compares it with the names of a structure's fields, which are ASCII.

    Letter case does not matter, and U+017F, the long s, and U+212A, the Kelvin sign, are an s and a k.

    Source: Go, `encoding/json/fold.go`.
    """
    return key.translate({0x17F: "s", 0x212A: "k"}).lower()


def lower(text: str) -> str:
    """The text in lower case, as Go's `strings.ToLower` maps it: one character to one.

    Python lowers U+0130, the capital dotted I, to two characters, and a sigma by its place in the word.
    """
    return text.lower() if text.isascii() else "".join(map(_lower, text))


def upper(text: str) -> str:
    """The text in upper case, as Go's `strings.ToUpper` maps it: one character to one.

    Python makes two letters of some, such as the ligature U+FB06.
    """
    return text.upper() if text.isascii() else "".join(map(_upper, text))


def is_same(text: str, word: str) -> bool:
    """Whether a text is an ASCII word in any letter case, as Go's `strings.EqualFold` compares them."""
    return fold(text) == word.lower()


def _lower(char: str) -> str:
    return "i" if char == "\u0130" else char.lower()


def _upper(char: str) -> str:
    mapped = char.upper()
    return mapped if len(mapped) == 1 else char
