"""Go's idea of white space and of lower case, where Python's differs, and texts that are bytes underneath."""

import re
from typing import Final

SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
"""What Go's `unicode.IsSpace` holds for white space; Python's `str.strip` would take U+001C..U+001F too."""

_NO_UTF8 = re.compile("[\udc80-\udcff]")


def readable(text: str) -> str:
    """The text as JSON carries it: each byte that is not UTF-8 becomes U+FFFD (Go's `encoding/json`)."""
    return text if text.isascii() else _NO_UTF8.sub("\ufffd", text)


def lower(text: str) -> str:
    """The text in lower case, one character for one, as Go's `strings.ToLower` maps it.

    Python would turn U+0130, the capital dotted I, into two characters; Go turns it into a plain i.
    """
    return text.lower() if text.isascii() else text.replace("\u0130", "i").lower()
