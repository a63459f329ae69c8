"""The ports of an image that Podman reads only when it creates a container (MERGE-27)."""

import re
from typing import Final

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import integer
from cmdpoint.oracle.outcome import Codes, Refusal
from cmdpoint.oracle.trace import Scope

_NUMBER: Final = re.compile(r"[+-]?[0-9]+")
_LAST: Final = 65535
_PROTOCOLS: Final = frozenset({"", "tcp", "udp", "sctp"})


def unreadable_port(ports: tuple[tuple[str, str], ...], dialect: Dialect, scope: Scope) -> Refusal | None:
    """Return the refusal of a container whose image has a port that is none.

    Args:
        ports: What EXPOSE had, as pairs of port and protocol.
        dialect: Decides whether the ports are read.
        scope: Receives the steps.

    Source: containers/podman, `pkg/specgenutil/util.go:CreateExpose`,
    `pkg/specgen/generate/ports.go:checkProtocol`.
    """
    for port, protocol in ports:
        if _is_range(port) and _PROTOCOLS.issuperset(protocol.lower().split(",")):
            continue
        if dialect.image_ports == "not read":
            return None
        if dialect.image_ports == "read with a network":
            note = "not a port: no container with a network is created"
            scope.note("MERGE-27", "ports", f"{port}/{protocol}", f"{port}/{protocol}", note)
            return None
        message = f"EXPOSE of the image has {port}/{protocol}, which is not a port"
        scope.note("MERGE-27", "ports", f"{port}/{protocol}", None, "not a port: no container is created")
        return Refusal("create", "bad-port", message, codes=Codes(500, run=125))
    return None


def _is_range(text: str) -> bool:
    """Whether a text is a port, or two of which the second is higher."""
    first, dash, last = text.partition("-")
    numbers = [first, last] if dash else [first]
    if not all(_NUMBER.fullmatch(each) and 1 <= integer(each) <= _LAST for each in numbers):
        return False
    return not dash or integer(first) < integer(last)
