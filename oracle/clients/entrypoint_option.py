"""Read the value of `--entrypoint`: Docker takes it as one word, Podman as a JSON list if it is one."""

from dataclasses import replace

from cmdpoint.oracle.case import Request, Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.json_array import read_values
from cmdpoint.oracle.trace import Scope


def read_option(value: str, dialect: Dialect, scope: Scope) -> Words | None:
    """Read the value of `--entrypoint`.

    Args:
        value: The value.
        dialect: The dialect of the client.
        scope: Receives the steps.

    Returns:
        The entrypoint; None if the value counts as not given.

    Source: docker/cli, `cli/command/container/opts.go:parse`; containers/podman,
    `pkg/specgenutil/specgen.go:FillOutSpecGen`.
    """
    if value == "" and dialect.empty_entrypoint_option == "an empty list":
        scope.note(
            "MERGE-21", "Entrypoint", value, (), "an empty value is an empty list here, not one empty word"
        )
        return ()
    if value == "":
        scope.note("CLI-4", "Entrypoint", None, ("",), "an empty value is a list of one empty word")
        return ("",)
    if dialect.entrypoint_option == "one word":
        scope.note("CLI-3", "Entrypoint", None, (value,), "the whole value is one word")
        return (value,)
    return _listed(value, dialect, scope)


def read_sent(request: Request, dialect: Dialect, scope: Scope) -> Request:
    """Read the entrypoint of an API request as the engine does.

    See `read_option` for the arguments and the source.
    """
    requested = request.entrypoint
    if dialect.sent_entrypoint == "as it is" or not isinstance(requested, tuple):
        return request
    if requested == () and dialect.empty_entrypoint_list == "not set":
        scope.note("MERGE-19", "Entrypoint", (), None, "an empty list counts as not given")
        return replace(request, entrypoint=None)
    if len(requested) == 1:
        read = read_option(requested[0], dialect, scope)
        scope.note(
            "MERGE-19",
            "Entrypoint",
            requested,
            read,
            "a list of one word is read like the value of --entrypoint",
        )
        return replace(request, entrypoint=read)
    return request


def _listed(value: str, dialect: Dialect, scope: Scope) -> Words | None:
    """The words of a JSON list; of an invalid list the words that could be read, then the whole value."""
    read = read_values(value, go_on=dialect.entrypoint_option == "a JSON list, as far as it goes")
    if read is None:
        scope.note("MERGE-20", "Entrypoint", value, None, "null counts as not given")
        return None
    if read.whole:
        scope.note("MERGE-20", "Entrypoint", value, read.words, "a JSON list")
        return read.words
    words = (*read.words, value)
    if read.words:
        scope.note(
            "MERGE-20",
            "Entrypoint",
            value,
            words,
            "an invalid JSON list: the words that could be read, then the whole value",
        )
    else:
        scope.note("CLI-3", "Entrypoint", None, words, "one word: the value is not a JSON list")
    return words
