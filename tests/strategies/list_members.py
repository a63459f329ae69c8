"""A case for each member of the lists of behaviours: flags, signals, predefined arguments, options, changes.

A list may have a member too many or too few in one version, and a generated case rarely has just that member.
"""

from collections.abc import Iterator
from typing import Final

from cmdpoint.oracle.case import ABSENT, Chain, Commit, Image, Request
from cmdpoint.oracle.dialect.known import known_dialects

_ARGUMENTS: Final = {
    "ADD": "Dockerfile /data",
    "ARG": "A",
    "CMD": "a",
    "COPY": "Dockerfile /data",
    "ENTRYPOINT": "a",
    "ENV": "A=b",
    "EXPOSE": "80",
    "FROM": "probe",
    "HEALTHCHECK": "CMD a",
    "LABEL": "a=b",
    "MAINTAINER": "a",
    "ONBUILD": "CMD a",
    "RUN": "a",
    "SHELL": '["a"]',
    "STOPSIGNAL": "9",
    "USER": "0",
    "VOLUME": "/v",
    "WORKDIR": "/w",
}
"""Arguments of each instruction that every builder accepts."""

_VALUES: Final = {
    "chmod": "644",
    "chown": "0:0",
    "exclude": "x",
    "interval": "1s",
    "mount": "type=tmpfs,target=/t",
    "network": "none",
    "platform": "linux/amd64",
    "retries": "1",
    "start-interval": "1s",
    "start-period": "1s",
    "timeout": "1s",
}
"""A value of each flag that takes one."""

_LEFT_OUT: Final = frozenset(
    {"ADD --checksum=", "ADD --keep-git-dir", "COPY --from=", "FROM --after=", "RUN --device=..."}
)
"""Flags that are accepted only with another source, an earlier stage, or a device."""


def list_members() -> Iterator[Chain]:
    """Chains with each member of a list of any dialect."""
    for flag in sorted(_members("flags") - _LEFT_OUT):
        keyword, _, name = flag.partition(" --")
        value = _VALUES.get(name.rstrip("=."))
        yield _chain(keyword, f"--{name.rstrip('=.')}{'' if value is None else f'={value}'}")
    for keyword in sorted(_ARGUMENTS):
        yield _chain(keyword, "--nope=x")
        if keyword != "FROM":
            yield Image("image1", "FROM probe\n"), _commit(f"{keyword} {_ARGUMENTS[keyword]}")
    for signal in sorted(_members("more_signals")):
        yield (Image("image1", f"FROM probe\nSTOPSIGNAL SIG{signal}\n"),)
    for name in sorted(_members("predefined_arguments")):
        yield (Image("image1", f"FROM ${{{name}:+probe}}\nCMD a\n"),)
        if "PROXY" in name.upper():  # Podman refuses a platform that is none
            yield (Image("image1", f"FROM ${name}\nCMD a\n", build_args=((name, "probe"),)),)


def _members(behaviour: str) -> set[str]:
    return {member for dialect in known_dialects() for member in getattr(dialect, behaviour)}


def _chain(keyword: str, flag: str) -> Chain:
    """An image of one instruction with a flag."""
    instruction = f"{keyword} {flag} {_ARGUMENTS[keyword]}\n"
    first = "" if keyword == "FROM" else "FROM probe\n"
    last = "FROM probe\n" if keyword == "RUN" else ""  # BuildKit reads a RUN in a stage that is not needed
    return (Image("image1", f"{first}{instruction}{last}"),)


def _commit(change: str) -> Commit:
    return Commit("image2", "image1", Request(ABSENT, ("/a",)), (change,))
