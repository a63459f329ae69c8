"""Check the flags of an instruction, and the values that they have (LEX-33, FORM-20)."""

import re
from typing import Final

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.commands import Instruction
from cmdpoint.oracle.dockerfile.durations import duration
from cmdpoint.oracle.dockerfile.go_strings import integer
from cmdpoint.oracle.refusals import Kind

WrongFlag = tuple[str, Kind, str]
"""The rule, the kind of refusal, and a sentence for people."""

_MILLISECOND: Final = 10**6
_NUMBER: Final = re.compile(r"[+-]?[0-9]+")
_OCTAL: Final = re.compile(r"[0-7]+")
_MODE: Final = re.compile(r"[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+(?:,[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+)*")
_DOCKER_FIELDS: Final = frozenset({"readonly", "ro", "readwrite", "rw", "required"})
_BUILDAH_FIELDS: Final = _DOCKER_FIELDS | {
    *("dev", "exec", "idmap", "nodev", "noexec", "norelatime", "nosuid", "notmpcopyup", "o", "private"),
    *("rbind", "relatime", "rprivate", "rshared", "rslave", "runbindable", "shared", "slave", "suid"),
    *("tmpcopyup", "u", "unbindable", "z"),
}
_BARE_FIELDS: Final = {"docker": _DOCKER_FIELDS, "imagebuilder": _BUILDAH_FIELDS}
"""The fields of RUN --mount that may have no value, by front end; of Buildah's, for some types only."""

_MODES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "docker": {"--network": ("default", "none", "host"), "--security": ("sandbox", "insecure")},
    "imagebuilder": {"--network": ("none", "host")},
}
"""The flags of RUN that take certain values only, by front end."""


def check_flags(read: Instruction, dialect: Dialect) -> WrongFlag | None:
    """What is wrong with the flags of an instruction, or None.

    Args:
        read: The instruction.
        dialect: Decides which flags exist, and which values they take.

    Source: moby/buildkit, `instructions/bflag.go:Parse`; openshift/imagebuilder, `dispatchers.go`.
    """
    used: set[str] = set()
    for flag in read.flags:
        name, _, value = flag.partition("=")
        if value and f"{read.keyword} {flag}" in dialect.flags:
            continue  # the flag has this value only
        if flag in (name, f"{name}=true") and f"{read.keyword} {name}=false" in dialect.flags:
            continue  # refused below, once all flags are read
        known = _known(read, name, dialect)
        if known is None:
            return _unknown(read, flag)
        if dialect.front_end == "imagebuilder":
            wrong = _imagebuilder_value(read, known, flag, dialect)
        else:
            wrong = _docker_value(read, known, flag, dialect, repeated=name in used)
        if wrong is not None:
            return wrong
        used.add(name)
    return _wrong_afterwards(read, dialect)


def _wrong_afterwards(read: Instruction, dialect: Dialect) -> WrongFlag | None:
    """What is wrong with the flags once all of them are read; of two equal ones the last counts."""
    for flag in {flag.partition("=")[0]: flag for flag in read.flags}.values():
        name, _, value = flag.partition("=")
        modes = _MODES[dialect.front_end].get(name, (value,))
        if value not in modes:
            return _bad(read, flag, f"{name} takes {' or '.join(modes)}")
        must_be_false = f"{read.keyword} {name}=false" in dialect.flags
        if (must_be_false and value != "false") or f"{read.keyword} {name}=!" in dialect.flags:
            return _unknown(read, flag)
    return None


def check_bare(read: Instruction, flag: str, dialect: Dialect) -> WrongFlag | None:
    """What is wrong with a flag that has no `=` but takes a value, or None.

    Buildah looks for such flags of ADD and COPY before it reads the values of any.

    Source: containers/buildah, `imagebuildah/stage_executor.go:Execute`.
    """
    known = "" if "=" in flag else _known(read, flag, dialect) or ""
    return _unknown(read, flag) if "=" in known else None


def _known(read: Instruction, name: str, dialect: Dialect) -> str | None:
    """The flag of a name, as `dialect.flags` has it: with `=` if it takes a value, with `=...` if several."""
    written = (f"{name}{ending}" for ending in ("", "=", "=...", "=!"))
    return next((flag for flag in written if f"{read.keyword} {flag}" in dialect.flags), None)


def wrong_mode(value: str, dialect: Dialect) -> str:
    """What is wrong with a value of --chmod; empty if nothing is.

    Args:
        value: The value, with its variables replaced.
        dialect: Decides which values the flag takes.
    """
    is_octal = bool(_OCTAL.fullmatch(value))
    match dialect.chmod_values:
        case "refused":
            return value and "this flag needs BuildKit"
        case "any word":
            return ""
        case "octal digits":
            return "" if is_octal else "this is not an octal number"
        case kind:
            is_mode = bool(_MODE.fullmatch(value)) and kind == "a mode"
            is_default = not value and dialect.front_end == "docker"
            fits = is_default or is_mode or (is_octal and int(value, 8) <= 0o7777)
            return "" if fits else "this is not an octal number up to 07777"


def wrong_mount(value: str, dialect: Dialect) -> str:
    """What is wrong with a value of RUN --mount because a field has no value; empty if nothing is.

    Source: moby/buildkit, `instructions/commands_runmount.go:parseMount`; containers/buildah,
    `internal/volumes/volumes.go`.
    """
    bare = (field for field in value.split(",") if "=" not in field)
    wrong = (field for field in bare if field.lower() not in _BARE_FIELDS[dialect.front_end])
    return next((f"the field {field!r} has no value" for field in wrong), "")


def _docker_value(
    read: Instruction, known: str, flag: str, dialect: Dialect, *, repeated: bool
) -> WrongFlag | None:
    """Check one flag as Docker's builders do."""
    name, equals, value = flag.partition("=")
    if repeated and not known.endswith("..."):
        return _bad(read, flag, f"{name} is given twice")
    if known == name:
        if value.lower() not in ("true", "false") and (equals or value):
            return _bad(read, flag, f"{name} takes true or false")
    elif not equals:
        return _bad(read, flag, f"{name} needs a value")
    if name == "--mount" and (not value or dialect.mount_fields == "while reading"):
        return _bad(read, flag, why) if (why := wrong_mount(value, dialect)) else None
    return None


def _imagebuilder_value(read: Instruction, known: str, flag: str, dialect: Dialect) -> WrongFlag | None:
    """Check one flag as Buildah does, which compares it with fixed texts."""
    name, equals, value = flag.partition("=")
    if read.keyword == "HEALTHCHECK":
        return None if equals else _bad(read, flag, f"{name} needs a value")
    if known == name:
        return None if flag in (name, f"{name}=true", f"{name}=false") else _unknown(read, flag)
    if not equals:
        return _unknown(read, flag)
    if not value and dialect.empty_flag_values == "refused" and name not in ("--chmod", "--from"):
        return _bad(read, flag, f"{name} needs a value")
    check = {"--chmod": wrong_mode, "--mount": wrong_mount}.get(name)
    wrong = check(value, dialect) if check else ""
    return _bad(read, flag, wrong) if wrong else None


def check_health_flags(read: Instruction, dialect: Dialect) -> WrongFlag | None:
    """What is wrong with the values of the flags of HEALTHCHECK CMD, or None (FORM-20).

    Args:
        read: The instruction, whose flags are known.
        dialect: Decides which numbers are too small.

    Source: moby/buildkit, `instructions/parse.go:parseOptInterval`, `parseHealthcheck`;
    openshift/imagebuilder, `internals.go:parseOptInterval`, `dispatchers.go:healthcheck`.
    """
    for name, value in dict(each.partition("=")[::2] for each in read.flags).items():
        check = _wrong_retries if name == "--retries" else _wrong_duration
        if value and (wrong := check(value, dialect)):
            return "FORM-20", "bad-flag", f"{name}={value}: {wrong}"
    return None


def _wrong_duration(value: str, dialect: Dialect) -> str:
    length = duration(value)
    if length is None:
        return "this is not a duration such as 30s"
    if dialect.health_numbers == "at least one nanosecond":
        return "" if length > 0 else "the duration must be positive"
    if length == 0 and dialect.health_numbers == "at least one millisecond, or zero":
        return ""
    return "" if length >= _MILLISECOND else "the duration is less than 1ms"


def _wrong_retries(value: str, dialect: Dialect) -> str:
    if not _NUMBER.fullmatch(value) or not -(2**31) <= integer(value) < 2**31:
        return "this is not an integer"
    least = 0 if dialect.health_numbers == "at least one millisecond, or zero" else 1
    return "" if integer(value) >= least else f"the number must be at least {least}"


def _unknown(read: Instruction, flag: str) -> WrongFlag:
    # CMD, ENTRYPOINT, SHELL and the other instructions without flags have a rule of their own.
    takes_flags = read.keyword in ("ADD", "COPY", "FROM", "HEALTHCHECK", "RUN")
    return "LEX-33" if takes_flags else "LEX-27", "unknown-flag", f"{read.keyword} has no flag {flag}"


def _bad(read: Instruction, flag: str, why: str) -> WrongFlag:
    return "LEX-33", "bad-flag", f"{read.keyword} {flag}: {why}"
