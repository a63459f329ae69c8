"""From a call of docker-py to the request it makes."""

import shlex

from cmdpoint.oracle.case import PyCall, Request, Words
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Trace


def read(call: PyCall, trace: Trace) -> Request | Refusal:
    """Read a call of `client.containers.create`, as docker-py does.

    Args:
        call: What it is called with.
        trace: Takes the steps.

    Returns:
        The request, or the refusal, at stage `client`, of a string whose quotes are not closed.

    Source: docker-py, `docker/types/containers.py:ContainerConfig`.
    """
    trace.phase, trace.image, trace.line = "client", None, None
    try:
        return Request(_words("Entrypoint", call.entrypoint, trace), _words("Cmd", call.command, trace))
    except ValueError as error:
        trace.note("PY-1", "request", None, None, f"a string cannot be split: {error}")
        return Refusal("client", "bad-option", f"a string cannot be split: {error}")


def _words(field: str, given: str | Words | None, trace: Trace) -> Words | None:
    if given is None:
        trace.note("PY-3", field, None, None, "null is sent")
        return None
    if not isinstance(given, str):
        trace.note("PY-1", field, given, given, "a list is sent as it is")
        return given
    words = tuple(shlex.split(given))
    trace.note("PY-1", field, given, words, "a string is split into words")
    if not words:
        trace.note("PY-2", field, given, words, "the empty list is sent")
    return words
