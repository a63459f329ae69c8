"""From a call of docker-py to the request it makes."""

import shlex

from cmdpoint.oracle.case import PyCall, Request, Words
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope


def read(call: PyCall, scope: Scope) -> Request | Refusal:
    """Read a call of `client.containers.create`, as docker-py does.

    Args:
        call: What it is called with.
        scope: Takes the steps.

    Returns:
        The request, or the refusal, in phase `client`, of a string whose quotes are not closed.

    Source: docker-py, `docker/types/containers.py:ContainerConfig`.
    """
    scope = scope.in_phase("client")
    try:
        return Request(_words("Entrypoint", call.entrypoint, scope), _words("Cmd", call.command, scope))
    except ValueError as error:
        scope.note("PY-1", "request", None, None, f"a string cannot be split: {error}")
        return Refusal("client", "bad-option", f"a string cannot be split: {error}")


def _words(field: str, given: str | Words | None, scope: Scope) -> Words | None:
    if given is None:
        scope.note("PY-3", field, None, None, "null is sent")
        return None
    if not isinstance(given, str):
        scope.note("PY-1", field, given, given, "a list is sent as it is")
        return given
    words = tuple(shlex.split(given))
    scope.note("PY-1", field, given, words, "a string is split into words")
    if not words:
        scope.note("PY-2", field, given, words, "the empty list is sent")
    return words
