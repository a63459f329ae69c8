"""A case for each member of the lists of behaviours: flags, signals, predefined arguments, changes.

A list may have a member too many or too few in one version, and a generated case rarely has just that member.
"""

from collections.abc import Iterator
from typing import Final

from cmdpoint.oracle.case import ABSENT, Chain, Commit, Image, Request
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.spec.instructions import ARGUMENTS, with_flag

_LEFT_OUT: Final = frozenset({"ADD --checksum=", "ADD --keep-git-dir", "COPY --from=", "RUN --device=..."})
"""Flags that are accepted only with another source, or a device."""


def list_members() -> Iterator[Chain]:
    """Chains with each member of a list of any dialect."""
    for flag in sorted(_members("flags") - _LEFT_OUT):
        yield _chain(with_flag(flag))
    for keyword in sorted(ARGUMENTS):
        yield _chain(f"{keyword} --nope=x {ARGUMENTS[keyword]}")
        if keyword != "FROM":
            yield Image("image1", "FROM probe\n"), _commit(f"{keyword} {ARGUMENTS[keyword]}")
    for signal in sorted(_members("more_signals")):
        yield (Image("image1", f"FROM probe\nSTOPSIGNAL SIG{signal}\n"),)
    for name in sorted(_members("predefined_arguments")):
        yield (Image("image1", f"FROM ${{{name}:+probe}}\nCMD a\n"),)
        if "PROXY" in name.upper():  # Podman refuses a platform that is none
            yield (Image("image1", f"FROM ${name}\nCMD a\n", build_args=((name, "probe"),)),)


def _members(behaviour: str) -> set[str]:
    return {member for dialect in known_dialects() for member in getattr(dialect, behaviour)}


def _chain(instruction: str) -> Chain:
    """An image of one instruction."""
    first = "" if instruction.startswith("FROM") else "FROM probe\n"
    # BuildKit reads a RUN in a stage that is not needed.
    last = "FROM probe\n" if instruction.startswith("RUN") else ""
    return (Image("image1", f"{first}{instruction}\n{last}"),)


def _commit(change: str) -> Commit:
    return Commit("image2", "image1", Request(ABSENT, ("/a",)), (change,))
