"""Show on standard error what a command is doing, and how far it is."""

import sys
import time
from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from cmdpoint.cli.printing import say, write_error

T = TypeVar("T")

SECONDS: Final = 0.1
"""How much time passes between two updates of a line."""


def counted(items: Sequence[T], what: str) -> Iterator[T]:
    """Yield items, and show how many of them were taken; without a terminal, only what is done.

    Args:
        items: The items.
        what: What is done with them, such as `comparing 4,024 cases`.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        say(what)
        yield from items
        return
    shown = 0.0
    for number, item in enumerate(items):
        if (now := time.monotonic()) - shown > SECONDS:
            shown = now
            write_error(f"\r\x1b[Kcmdpoint: {what}: {100 * number // len(items)}%")
        yield item
    write_error("\r\x1b[K")
