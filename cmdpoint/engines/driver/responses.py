"""Decode an engine's responses: JSON of the expected shape, or a fault that quotes the response."""

import json
import time
from collections.abc import Iterator
from typing import Any, Final

import requests

from cmdpoint.engines.faults import InvalidResponse

LONGEST: Final = 64 * 1024 * 1024
"""How many bytes a response may have; the longest useful one is an archive of a small image."""

_QUOTED: Final = 200

_CHUNK: Final = 256
"""How many bytes are read at a time; with larger chunks, the deadline is checked too late on a slow body."""


def body_of(response: requests.Response, seconds: float, longest: int = LONGEST) -> bytes:
    """Read the body of a streamed response.

    Args:
        response: The response.
        seconds: How long the whole body may take; the timeout of `requests` applies to each read.
        longest: How many bytes the body may have.

    Raises:
        InvalidResponse: It is longer, takes longer, or ends in the middle.
        RequestException: The connection failed.
    """
    what = _request_of(response)
    deadline = time.monotonic() + seconds
    body = bytearray()
    try:
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > longest:
                raise invalid(what, f"it is longer than {longest:,} bytes", bytes(body))
            if time.monotonic() > deadline:
                raise invalid(what, f"it does not end within {seconds:.0f} s", bytes(body))
    except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError) as error:
        raise invalid(what, f"it is truncated or damaged ({error})", bytes(body)) from error
    return bytes(body)


def json_of(body: bytes, what: str) -> Any:
    """Decode a body of JSON.

    Args:
        body: The body.
        what: The request, such as `GET /info`.

    Raises:
        InvalidResponse: It is not JSON.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise invalid(what, f"it is not JSON ({error})", body) from error


def object_of(data: Any, what: str) -> dict[str, Any]:
    """Check that a response is a JSON object; see `json_of`."""
    if not isinstance(data, dict):
        raise invalid(what, "it is not a JSON object", json.dumps(data).encode())
    return data


def objects_of(data: Any, what: str) -> list[dict[str, Any]]:
    """Check that a response is a JSON array of objects; see `json_of`."""
    if not isinstance(data, list):
        raise invalid(what, "it is not a JSON array", json.dumps(data).encode())
    return [object_of(each, what) for each in data]


def id_of(data: Any, what: str) -> str:
    """Return the `Id` of a response; see `json_of`."""
    identifier = object_of(data, what).get("Id")
    if not isinstance(identifier, str) or not identifier:
        raise invalid(what, "it has no Id", json.dumps(data).encode())
    return identifier


def lines_of(body: bytes, what: str) -> Iterator[dict[str, Any]]:
    """Decode a body of one JSON object a line, such as the progress of a build; see `json_of`."""
    for line in body.splitlines():
        if line.strip():
            yield object_of(json_of(line, what), what)


def invalid(what: str, why: str, body: bytes) -> InvalidResponse:
    """Return the fault for a response that cannot be used.

    Args:
        what: The request.
        why: What is wrong with the response.
        body: The response, whose beginning the fault quotes.
    """
    quoted = body[:_QUOTED].decode(errors="backslashreplace")
    return InvalidResponse(
        f"the engine's response to {what} cannot be used",
        f"{why}; it begins: {quoted!r}" if quoted else f"{why}; it is empty",
        "check that the address is that of a Docker Engine, not of a proxy, and look at the engine's own log",
    )


def _request_of(response: requests.Response) -> str:
    return f"{response.request.method} {response.request.path_url.partition('?')[0]}"
