"""Split a text into words."""

import shlex


def shlex_split(text: str) -> list[str]:
    """The words of a text as a shell splits it; none if a quote is not closed."""
    try:
        return shlex.split(text)
    except ValueError:
        return []
