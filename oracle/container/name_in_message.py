"""Whether the runtime's message about a missing program contains its name, as the daemon checks it."""

from cmdpoint.oracle.clients.docker_run import IMAGE
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import lower


def message_has_name(name: str, dialect: Dialect) -> bool:
    """Return whether the message about a missing program contains its name as written (EXEC-17).

    Args:
        name: The first word of argv.
        dialect: The dialect of the engine and its runtime.

    Source: moby/moby, `daemon/errors.go:setExitCodeFromError`, before 12b03bcb27; Go, `strconv.Quote`.
    """
    if name == IMAGE:
        return True  # it stands for the image, whose name has no capitals
    as_it_is = name in lower(name)
    if "/" in name:
        return as_it_is
    escaped = "".join(map(_escaped, name))
    in_quotes = name in lower(f'exec: "{escaped}": executable file not found in $PATH')
    if as_it_is == in_quotes:
        return as_it_is
    return as_it_is if dialect.name_in_message == "as it is" else in_quotes


def _escaped(character: str) -> str:
    """Return a character as Go quotes it; the exact escape of an unprintable one does not matter."""
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else "\\x"
