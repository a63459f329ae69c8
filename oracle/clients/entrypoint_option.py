"""The value of `--entrypoint`: one word to Docker, and a JSON list to Podman if it is one."""

from dataclasses import replace

from cmdpoint.oracle.case import Request, Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.json_array import read_values
from cmdpoint.oracle.trace import Scope


def read_option(value: str, dialect: Dialect, scope: Scope) -> Words | None:
    """Read the value of `--entrypoint`.

    Args:
        value: The value.
        dialect: Whose client reads it.
        scope: Takes the steps.

    Returns:
        The entrypoint; None if the value counts as not given.

    Source: docker/cli, `cli/command/container/opts.go:parse`; containers/podman,
    `pkg/specgenutil/specgen.go:FillOutSpecGen`.
    """
    if value == "" and dialect.empty_entrypoint_option == "an empty list":
        scope.note("MERGE-21", "Entrypoint", value, (), "no word, not one that is empty")
        return ()
    if value == "":
        scope.note("CLI-4", "Entrypoint", None, ("",), "one empty word, not none")
        return ("",)
    if dialect.entrypoint_option == "one word":
        scope.note("CLI-3", "Entrypoint", None, (value,), "one word, whatever it holds")
        return (value,)
    return _listed(value, dialect, scope)


def read_sent(request: Request, dialect: Dialect, scope: Scope) -> Request:
    """How an engine reads the entrypoint of a request of its API.

    See `read_option` for the arguments and the source.
    """
    requested = request.entrypoint
    if dialect.sent_entrypoint == "as it is" or not isinstance(requested, tuple):
        return request
    if requested == () and dialect.empty_entrypoint_list == "not set":
        scope.note("MERGE-19", "Entrypoint", (), None, "the empty list asks for nothing")
        return replace(request, entrypoint=None)
    if len(requested) == 1:
        read = read_option(requested[0], dialect, scope)
        scope.note("MERGE-19", "Entrypoint", requested, read, "one word is read as --entrypoint is")
        return replace(request, entrypoint=read)
    return request


def _listed(value: str, dialect: Dialect, scope: Scope) -> Words | None:
    """The words of a list, if it is one. Of a list that is wrong, what could be read stays in front."""
    read = read_values(value, go_on=dialect.entrypoint_option == "a JSON list, as far as it goes")
    if read is None:
        scope.note("MERGE-20", "Entrypoint", value, None, "null asks for nothing")
        return None
    if read.whole:
        scope.note("MERGE-20", "Entrypoint", value, read.words, "a list of JSON")
        return read.words
    words = (*read.words, value)
    if read.words:
        scope.note("MERGE-20", "Entrypoint", value, words, "what could be read of a list, and all of it")
    else:
        scope.note("CLI-3", "Entrypoint", None, words, "one word: it is no list of JSON")
    return words
