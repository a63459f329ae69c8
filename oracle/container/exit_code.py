"""Whether a program's name stands in the runtime's message, where the daemon looks for it."""

from cmdpoint.oracle.clients.docker_run import IMAGE
from cmdpoint.oracle.dialect.dialect import Dialect


def is_named(name: str, dialect: Dialect) -> bool:
    """Whether the message names a program that is not there as it was written (EXEC-17).

    Args:
        name: The first word of argv.
        dialect: Whose daemon and runtime they are.

    Source: moby/moby, `daemon/errors.go:setExitCodeFromError`, before 12b03bcb27; Go, `strconv.Quote`.
    """
    if name == IMAGE:
        return True  # should a slip make it the program: it stands for a name without capitals
    if "/" in name or dialect.name_in_message == "as it is":
        return name in name.lower()
    escaped = "".join(map(_escaped, name))
    return name in f'exec: "{escaped}": executable file not found in $PATH'.lower()


def _escaped(character: str) -> str:
    """A character as Go quotes it; what stands for one that cannot be printed does not matter."""
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else "\\x"
