"""What is wrong with the paths of a COPY or ADD because of the files that are, or are not, there.

A source that is not there is refused (STATE-30), and so is a destination that cannot be one (STATE-38).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from cmdpoint.oracle.build.added_files import WorkingDir, absolute, is_literal, may_differ, words_of
from cmdpoint.oracle.build.copy_flags import CopyFlags
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.form import ExecForm
from cmdpoint.oracle.files import ROOT, UNKNOWN, File, Files, Origins, cleaned
from cmdpoint.oracle.lookup import Found, find_if_known

_OPERATOR: Final = re.compile(r"\d*<<-?")
"""A here-document's operator, alone. No file has such a name."""

_LEADS: Final[Mapping[object, str]] = {
    "through a file": "it leads through a file",
    "loop": "its symbolic links lead in a loop",
}
"""Why nothing can be at a path, by what is found there."""


def missing_source(command: Command, origins: Origins, flags: CopyFlags | None) -> Wrong | None:
    """What is wrong with a COPY or ADD one of whose sources its stage or the build context lacks (STATE-30).

    Args:
        command: The instruction.
        origins: Where it finds files.
        flags: Its flags; None if they are not followed.

    Source: moby/moby, `builder/dockerfile/copy.go:getCopyInfosForSourcePaths`; moby/buildkit,
        `cache/contenthash/checksum.go`; containers/buildah, `copier/copier.go:copierHandlerStat`.
    """
    paths = words_of(command)[:-1]
    if not isinstance(command.form, ExecForm) and any(map(_OPERATOR.fullmatch, paths)):
        return "STATE-30", "bad-source", "<< and the word behind it are two files, which are not there"
    if flags is None or (files := flags.files(origins)) is None:
        return None
    where = "the build context" if flags.source is None else f"the stage {flags.source!r}"
    for path in paths:
        found = _source(files, path, flags)
        if found == "missing" or found in _LEADS:
            return "STATE-30", "bad-source", f"{where} has no {path!r}"
    return None


def wrong_destination(
    command: Command,
    files: Files,
    working_dir: str,
    origins: Origins,
    flags: CopyFlags | None,
    dialect: Dialect,
) -> Wrong | None:
    """What is wrong with the destination of a COPY or ADD (STATE-38).

    Args:
        command: The instruction.
        files: The files of the stage before it; those that are not known are `unknown`.
        working_dir: The working directory, from which a relative destination leads.
        origins: Where it finds files.
        flags: Its flags; None if they are not followed.
        dialect: Decides whether several sources need a folder.

    Source: moby/moby, `builder/dockerfile/copy.go:performCopyForInfo`; moby/buildkit,
        `solver/llbsolver/file/backend.go:docopy`; containers/buildah, `add.go:Add`.
    """
    *sources, destination = words_of(command) or ("",)
    if not sources or not is_literal(destination):
        return None
    found = find_if_known(files, absolute(destination, WorkingDir(working_dir, is_made=True)), ROOT)
    why = _LEADS.get(found)
    if isinstance(found, File) and found.kind != "folder":
        is_folder = destination == "." or destination.endswith("/")
        needs_folder = is_folder or (len(sources) > 1 and dialect.front_end == "imagebuilder")
        why = "a file is there" if needs_folder or _has_folder(sources, origins, flags) else None
    return ("STATE-38", "bad-path", f"nothing can be copied to {destination!r}: {why}") if why else None


def _has_folder(sources: Sequence[str], origins: Origins, flags: CopyFlags | None) -> bool:
    """Whether a source is known to be a folder."""
    if flags is None or (files := flags.files(origins)) is None:
        return False
    found = (_source(files, path, flags) for path in sources)
    return any(isinstance(each, File) and each.kind == "folder" for each in found)


def _source(files: Files, path: str, flags: CopyFlags) -> Found | None:
    """What is at the path of a source; None if that is not known, or the path may name a file elsewhere."""
    source, of_context = cleaned(path), flags.source is None
    elsewhere = ("<<", "..", ":", "@", "github.com/") if of_context else ("<<",)
    if not is_literal(path) or any(sign in path for sign in elsewhere):
        return None
    is_plain = not may_differ(files, source)
    if source in files and is_plain:
        return files[source]
    if not of_context:
        return find_if_known(files, source, ROOT)
    if files.get(ROOT, UNKNOWN).kind != "folder" or not is_plain:
        return None
    return find_if_known({at: file for at, file in files.items() if at != ROOT}, source, ROOT)
