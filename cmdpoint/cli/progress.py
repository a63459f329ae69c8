"""Show on standard error what a command is doing, and how far it is."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

from cmdpoint.cli.printing import say, write_error

T = TypeVar("T")

REDRAWN_AFTER: Final = 0.1
"""How many seconds pass between two updates of the line on a terminal."""

REPEATED_AFTER: Final = 5.0
"""How many seconds pass between two lines without a terminal, as in the log of a CI job."""


def counted(items: Sequence[T], what: str, found: Callable[[], str] = str) -> Iterator[T]:
    """Yield items, and show how many of them were taken: on a terminal in one line that is redrawn.

    Args:
        items: The items.
        what: What is done with them, such as `comparing 4,024 cases`.
        found: Returns what was found so far, such as `12 change`; by default nothing.
    """
    terminal = sys.stderr is not None and sys.stderr.isatty()
    shown = 0.0 if terminal else time.monotonic()
    if not terminal:
        say(what)
    for number, item in enumerate(items):
        if (now := time.monotonic()) - shown > (REDRAWN_AFTER if terminal else REPEATED_AFTER):
            shown = now
            line = ", ".join(filter(None, (f"{what}: {100 * number // len(items)}%", found())))
            write_error(f"\r\x1b[Kcmdpoint: {line}" if terminal else f"cmdpoint: {line}\n")
        yield item
    if terminal:
        write_error("\r\x1b[K")
