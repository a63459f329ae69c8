"""Read a port of EXPOSE as Docker's builders do (STATE-27)."""

import ipaddress
import re
from typing import Final

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import integer

_NUMBER: Final = re.compile(r"[0-9]+")
_SIGNED: Final = re.compile(r"[+-]?[0-9]+")
_LAST: Final = 65535


def wrong_port(text: str, dialect: Dialect) -> str:
    """What is wrong with a port, a range of ports or a binding of one; empty if nothing is.

    Args:
        text: Such as `80`, `8000-8010/udp` or `127.0.0.1:80:8080`.
        dialect: Decides how strictly it is read.

    Source: docker/go-connections, `nat/nat.go:ParsePortSpec`, `parse.go:ParsePortRange`; moby/buildkit,
    `dockerfile2llb/convert_expose.go`; moby/moby, `daemon/builder/dockerfile/dispatchers.go:parsePortSpec`.
    """
    address, host, port = _split(text)
    strict = dialect.exposed_ports != "leniently"
    number, _, protocol = port.partition("/")
    if not strict:
        protocol = protocol.partition("/")[0]
    if not number:
        return "there is no port"
    if address and not _is_address(address):
        return f"{address!r} is not an address"
    ports = _range(number, dialect)
    if ports is None:
        return f"{number!r} is not a port or a range of ports from 0 to {_LAST}"
    hosts = _range(host, dialect) if host else ports
    if hosts is None:
        return f"{host!r} is not a port or a range of ports from 0 to {_LAST}"
    if ports[0] != ports[1] and ports[1] - ports[0] != hosts[1] - hosts[0]:
        return "the two ranges are not equally long"
    if protocol.lower() not in ("", "tcp", "udp", "sctp"):
        return f"there is no protocol {protocol!r}"
    return ""


def _split(text: str) -> tuple[str, str, str]:
    """The address, the host's port and the container's port."""
    *address, port = text.split(":")
    host = address.pop() if address else ""
    return ":".join(address), host, port


def _is_address(text: str) -> bool:
    if text.startswith("["):
        if not text.endswith("]"):
            return False
        text = text[1:-1]
        if not text:
            return True
    try:
        ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return "%" not in text


def _range(text: str, dialect: Dialect) -> tuple[int, int] | None:
    """The first and the last port of a range; None if it is not one."""
    strict = dialect.exposed_ports != "leniently"
    first, dash, last = text.partition("-")
    if not dash or (strict and first == last):
        last = first
    elif not strict:
        last = last.partition("-")[0]
    number = _SIGNED if dialect.exposed_ports == "strictly, with a sign" else _NUMBER
    if not all(number.fullmatch(each) and 0 <= integer(each) <= _LAST for each in (first, last)):
        return None
    return (integer(first), integer(last)) if integer(first) <= integer(last) else None
