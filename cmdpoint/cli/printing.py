"""Printing an answer, whatever the terminal can show and whether or not anybody still reads it."""

import io
import os
import sys


def printed(text: str) -> bool:
    """Print a text, its line ends included; whether somebody was there to read it."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at the end, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True
