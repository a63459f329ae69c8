"""What `--from` of a COPY and `from` of a RUN mount name: another stage, or an image (STATE-31)."""

import re
from collections.abc import Container, Iterator, Sequence
from typing import Final

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.go_strings import integer, lower
from cmdpoint.oracle.dockerfile.reference import can_name_image

_NUMBER: Final = re.compile(r"[+-]?[0-9]+")


def check_from(
    command: Command, index: int, names: Sequence[str | None], images: Container[str], dialect: Dialect
) -> Wrong | None:
    """What is wrong with the flag `--from` of a COPY, or None.

    Args:
        command: The instruction.
        index: The stage that it stands in, from 0.
        names: The names of all stages.
        images: The images that exist.
        dialect: Decides whether a later stage can be named.

    Source: moby/buildkit, `dockerfile2llb/convert.go:toCommand`; moby/moby,
    `builder/dockerfile/dispatchers.go:getImageMount`.
    """
    written = next((flag for flag in command.instruction.flags if flag.startswith("--from=")), None)
    if command.instruction.keyword != "COPY" or written is None:
        return None
    name = written.removeprefix("--from=")
    other = stage_index(name, names, index)
    if other is not None and (other < index or dialect.later_stages == "found"):
        return None
    if _number(name) is not None or (lower(name) in names and dialect.unneeded_stages == "skipped"):
        return "STATE-31", "bad-source", f"--from={name} is neither an earlier stage nor an image"
    if not name or name in images or name == "scratch":
        return None
    if not can_name_image(name, dialect):
        return "STATE-31", "invalid-reference", f"--from={name} is neither a stage nor an image reference"
    return "STATE-31", "no-such-image", f"--from={name} is neither a stage nor an image"


def sources(command: Command) -> Iterator[str]:
    """The stages and images that an instruction names as sources of files.

    Args:
        command: A COPY, or a RUN with mounts.
    """
    keyword, flags = command.instruction.keyword, command.instruction.flags
    for flag in flags:
        name, _, value = flag.partition("=")
        if keyword == "COPY" and name == "--from":
            yield value
        elif keyword == "RUN" and name == "--mount":
            yield from (field[5:] for field in value.split(",") if field.startswith("from="))


def stage_index(name: str, names: Sequence[str | None], index: int) -> int | None:
    """The stage that a source of files names: by its number, or the last one of that name.

    Args:
        name: As the instruction has it.
        names: The names of all stages.
        index: The stage that the instruction stands in.

    Returns:
        None if it names an image, or the stage itself.
    """
    number = _number(name)
    if number is not None:
        found = number if 0 <= number < len(names) else None
    else:
        found = max((at for at, each in enumerate(names) if each == lower(name)), default=None)
    return None if found == index else found


def _number(name: str) -> int | None:
    """The number that a name is for Go's `Atoi`; one that does not fit 64 bits is a name like any other."""
    number = integer(name) if _NUMBER.fullmatch(name) else 2**63
    return number if -(2**63) <= number < 2**63 else None
