"""Quote words and files for a script for `sh`, so that no byte changes."""

import re
import shlex
from collections.abc import Iterable, Iterator
from typing import Final

_END: Final = "END"


def word(text: str) -> str:
    """A word of a command.

    Args:
        text: The word. A byte that is not UTF-8 is its surrogate escape (PEP 383). It has no NUL.
    """
    if _is_plain(text):
        return shlex.quote(text)
    # A command substitution removes line ends at the end of the text.
    body = text.rstrip("\n")
    ends = text[len(body) :]
    return f'"$({_printf(body)})"' + (shlex.quote(ends) if ends else "")


def words(texts: Iterable[str]) -> str:
    """The words of a command, separated by blanks."""
    return " ".join(map(word, texts))


def file(text: str, path: str) -> Iterator[str]:
    """The lines that write a text to a file.

    Args:
        text: The text, with surrogate escapes as in `word`.
        path: The file, quoted for the shell.
    """
    if not _is_plain(text):
        yield f"{_printf(text)} >{path}"
    elif text.endswith("\n") and _END not in text.split("\n"):
        yield f"cat >{path} <<'{_END}'"
        yield from text.split("\n")[:-1]
        yield _END
    else:
        yield f"printf %s {shlex.quote(text)} >{path}"


def _is_plain(text: str) -> bool:
    """Whether all characters of a text are visible, so that a script can contain it as it is."""
    return all(char.isprintable() or char == "\n" for char in text)


def _printf(text: str) -> str:
    """The command that prints a text, with an octal escape for each invisible byte."""
    escaped = re.sub(r"[\\%]", lambda found: {"\\": r"\\", "%": "%%"}[found[0]], text)
    visible = "".join(map(_octal, escaped))
    return (
        f"printf {shlex.quote(visible)}"
        if not visible.startswith("-")
        else f"printf -- {shlex.quote(visible)}"
    )


def _octal(char: str) -> str:
    if char == "\n":
        return r"\n"
    if char.isprintable():
        return char
    return "".join(f"\\{byte:03o}" for byte in char.encode("utf-8", "surrogateescape"))
