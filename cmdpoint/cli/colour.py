"""Whether standard output shows colours, and texts in them.

https://no-color.org describes NO_COLOR, https://force-color.org FORCE_COLOR; CLICOLOR_FORCE is older.
"""

import os
import sys
from typing import Final, Literal

Colour = Literal["red", "green", "yellow", "bold", "dim"]

_CODES: Final = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33}


def shows_colours() -> bool:
    """Whether standard output shows colours: as NO_COLOR or FORCE_COLOR says, or else on a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE", "0") != "0":
        return True
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def coloured(text: str, colour: Colour) -> str:
    """A text in a colour."""
    return f"\x1b[{_CODES[colour]}m{text}\x1b[0m"


def paint(text: str, colour: Colour) -> str:
    """A text in a colour if standard output shows colours."""
    return coloured(text, colour) if shows_colours() else text
