"""Find the user of a container by `/etc/passwd` and `/etc/group` of its image (EXEC-23)."""

import re
from typing import Final

from cmdpoint.oracle.accounts import GROUPS, USERS, entries
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import integer
from cmdpoint.oracle.files import ROOT, Files
from cmdpoint.oracle.outcome import Codes, Refusal
from cmdpoint.oracle.trace import Scope

LAST_ID: Final = 2**31 - 1
"""The largest number of a user or a group."""

_NUMBER: Final = re.compile(r"[+-]?[0-9]+", re.ASCII)


class UnknownUserError(Exception):
    """A user or a group that does not exist; the message says which."""


def user_id(user: str, files: Files, dialect: Dialect) -> int:
    """Return the number of the user that a program runs as.

    Args:
        user: A user, by name or number, optionally followed by `:` and a group; empty for root.
        files: The files of the image.
        dialect: Decides what text after a second `:` means.

    Raises:
        UnknownUserError: The user or the group does not exist.
        UnknownFileError: It depends on files that are not known.

    Source: moby/sys, `user/user.go:GetExecUser`; containers/podman,
    `libpod/container_internal_common.go:generateUserPasswdEntry`.
    """
    name, _, group = user.partition(":")
    users = entries(files, USERS)
    found = _id("user", name, users)
    if ":" in group and _ignores_the_rest(name, found, users, dialect):
        group = group.partition(":")[0]
    if group:
        _id("group", group, entries(files, GROUPS))
    return found


def user_refusal(user: str, files: Files, dialect: Dialect, scope: Scope) -> Refusal | None:
    """Return the refusal of a user or group that does not exist, before the working directory is checked.

    Args:
        user: The user of the container; empty for root.
        files: The files of the image. If its root is not known, no user is looked up.
        dialect: The dialect of the engine: Docker checks the working directory before.
        scope: Receives the step.

    Raises:
        UnknownFileError: It depends on files that are not known.

    Source: containers/podman, `libpod/container_internal.go:init`.
    """
    if dialect.working_dir_check == "before the user" or ROOT in files:
        return None
    try:
        user_id(user, files, dialect)
    except UnknownUserError as unknown:
        return unknown_user(user, str(unknown), dialect, scope.in_phase("start"))
    return None


def unknown_user(user: str, why: str, dialect: Dialect, scope: Scope) -> Refusal:
    """Return the refusal of a user or group that does not exist, before the runtime is called.

    Args:
        user: The user of the container.
        why: What does not exist.
        dialect: The dialect of the engine.
        scope: Receives the step.
    """
    scope.note("EXEC-23", "user", user, None, why)
    status, state, code = dialect.start_codes["relative-program"]  # as of any failure without a code
    return Refusal("start", "bad-user", why, codes=Codes(201, status, state, code))


def _ignores_the_rest(name: str, number: int, users: list[tuple[str, int]], dialect: Dialect) -> bool:
    """Whether text after a second `:` is ignored. Podman makes an entry for a number that has none."""
    if dialect.third_user_word == "ignored for known users":
        return not _NUMBER.fullmatch(name) or any(number == known for _, known in users)
    return dialect.third_user_word == "ignored"


def _id(what: str, name: str, known: list[tuple[str, int]]) -> int:
    """The number of a user or group: a name must be known, and any number in the range exists."""
    if not name:
        return 0
    number = integer(name) if _NUMBER.fullmatch(name) and abs(integer(name)) < 2**63 else None
    if number is None:
        named = next((known_number for known_name, known_number in known if known_name == name), None)
        if named is None:
            raise UnknownUserError(f"there is no {what} {name!r}")
        return named
    if not 0 <= number <= LAST_ID:
        raise UnknownUserError(f"the number of a {what} is not between 0 and {LAST_ID}: {number}")
    return number
