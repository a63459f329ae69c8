"""Go's idea of white space and of lower case, where Python's differs, and texts that are bytes underneath."""

from typing import Final

SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
"""What Go's `unicode.IsSpace` holds for white space; Python's `str.strip` would take U+001C..U+001F too."""


def readable(text: str) -> str:
    """The text as JSON carries it: each byte that is not UTF-8 becomes U+FFFD (Go's `encoding/json`)."""
    return "".join("\ufffd" if "\udc80" <= char <= "\udcff" else char for char in text)
