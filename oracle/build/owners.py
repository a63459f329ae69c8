"""Check the owner that `--chown` of a COPY or ADD names, by the users and groups of the image (STATE-36)."""

import re
from collections.abc import Mapping
from typing import Final

from cmdpoint.oracle.accounts import GROUPS, USERS, entries
from cmdpoint.oracle.build.variables import expand
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.go_strings import integer
from cmdpoint.oracle.files import ROOT, File, Files
from cmdpoint.oracle.lookup import UnknownFileError, find

_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_DIGITS: Final = re.compile(r"[0-9]+")


def check_owner(
    command: Command, files: Files, variables: Mapping[str, str], escape: str, dialect: Dialect
) -> Wrong | None:
    """What is wrong with the owner of what a COPY or ADD brings; None if nothing is, or it is not known.

    Args:
        command: The instruction.
        files: The files of the image before it.
        variables: The variables that are set.
        escape: The file's escape character.
        dialect: Decides which owners must exist.

    Source: moby/moby, `builder/dockerfile/internals_linux.go:parseChownFlag`; moby/buildkit,
    `client/llb/fileop.go:WithUser`, `solver/llbsolver/ops/file.go`, `user_linux.go:readUser`;
    containers/buildah, `add.go:userForCopy`, `pkg/chrootuser/user.go:GetUser`.
    """
    written = next((flag[8:] for flag in reversed(command.instruction.flags) if flag[:8] == "--chown="), "")
    owner = expand(written, variables, dialect, escape)
    try:
        why = _wrong(owner, files, dialect) if owner else ""
    except UnknownFileError:
        return None
    return ("STATE-36", "bad-user", f"--chown={owner}: {why}") if why else None


def _wrong(owner: str, files: Files, dialect: Dialect) -> str:
    """What is wrong with an owner; empty if nothing is."""
    user, colon, group = owner.partition(":")
    match dialect.owners:
        case "users and groups":
            if ":" in group:
                return "there is more than one colon"
            return _unknown(user, group if colon else user, files, _INTEGER, range(-(2**63), 2**63))
        case "users" | "users, or none":
            if owner == ":" and dialect.owners == "users":
                return "there is no user"
            return _unknown(user or "0", group or "0", files, _DIGITS, range(2**32))
        case how:
            names = {
                path: name for path, name in ((USERS, user), (GROUPS, group)) if not _is_number_or_root(name)
            }
            if names and not files:
                return "an empty image has no users"
            needs_files = how == "any name, if users are listed"
            missing = [
                path for path in names if needs_files and not isinstance(find(files, path, ROOT), File)
            ]
            return f"there is no {missing[0]}" if missing else ""


def _unknown(user: str, group: str, files: Files, number: re.Pattern[str], numbers: range) -> str:
    """Say which of a user and a group does not exist; a number in the range always does."""
    for what, name, path in (("user", user, USERS), ("group", group, GROUPS)):
        is_number = number.fullmatch(name) and integer(name) in numbers
        if not is_number and name not in dict(entries(files, path)):
            return f"there is no {what} {name!r}"
    return ""


def _is_number_or_root(name: str) -> bool:
    """Whether BuildKit does not look a name up."""
    return name in ("", "root") or bool(_INTEGER.fullmatch(name) and integer(name) in range(-(2**31), 2**31))
