"""Read a Dockerfile for a prediction; a large one without the instructions that decide nothing."""

from typing import Final

from cmdpoint.bases.essential import blanked
from cmdpoint.cli.reading import read

LARGE: Final = 50_000
"""The number of characters from which on a Dockerfile is large."""


def read_dockerfile(name: str) -> str:
    """Read a Dockerfile for a prediction; see `cmdpoint.cli.reading.read`."""
    return lightened(read(name))


def lightened(text: str, large: int = LARGE) -> str:
    """A Dockerfile in which the lines that decide nothing are blank; a small one unchanged.

    Args:
        text: The Dockerfile; a smaller one than `large` is returned unchanged.
        large: A number of characters.
    """
    return text if len(text) < large else blanked(text)
