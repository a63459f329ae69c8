"""Read a call of docker-py: the create request that it sends."""

import shlex

from cmdpoint.oracle.case import PyCall, Request, Words
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope


def read(call: PyCall, scope: Scope) -> Request | Refusal:
    """Read a call of `client.containers.create`, as docker-py does.

    Args:
        call: The arguments of the call.
        scope: Receives the steps.

    Returns:
        The request; or the refusal, in phase `client`, if a string has an unclosed quote.

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
        scope.note("PY-3", field, None, None, "not given: docker-py sends null")
        return None
    if not isinstance(given, str):
        scope.note("PY-1", field, given, given, "docker-py sends a list unchanged")
        return given
    words = tuple(shlex.split(given))
    scope.note("PY-1", field, given, words, "docker-py splits a string into words")
    if not words:
        scope.note("PY-2", field, given, words, "an empty string: docker-py sends an empty list")
    return words
