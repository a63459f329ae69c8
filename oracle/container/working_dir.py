"""Whether a container's working directory exists when it starts, or is created (EXEC-2, MERGE-26)."""

import posixpath
from typing import Literal

from cmdpoint.oracle.case import Request
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.files import ROOT, File, Files
from cmdpoint.oracle.lookup import Found, find, find_if_known
from cmdpoint.oracle.outcome import Codes, Refusal
from cmdpoint.oracle.trace import Scope


def absolute(folder: str) -> str:
    """The working directory of a process, from the one of a request: a relative path begins at the root."""
    return folder if folder.startswith("/") else f"/{folder}"


def no_working_dir(
    request: Request, of_image: str, files: Files | None, dialect: Dialect, scope: Scope, *, by_client: bool
) -> Refusal | None:
    """Return the refusal of a container whose working directory does not exist and is not created.

    Docker creates it when it creates the container, and Podman when it starts it. Neither can create one
    where a file is. The working directory of an image is always created.

    Args:
        request: May name the directory.
        of_image: The working directory of the image; empty for the root.
        files: The files of the image; None if they are not known.
        dialect: The dialect of the engine.
        scope: Receives the steps.
        by_client: Whether the request comes from a command line, and not directly from the API.

    Source: moby/moby, `container/container.go:SetupWorkingDirectory`; containers/podman,
    `libpod/container_internal_common.go:resolveWorkDir`, `libpod/container_path_resolution.go:pathAbs`.
    """
    if files is None:
        return None
    found = _found(request.working_dir, of_image, files, dialect)
    if found is None or (isinstance(found, File) and found.kind == "folder"):
        return None
    makes = dialect.missing_working_dir
    created = not request.working_dir or makes == "made" or (makes == "made for the API" and not by_client)
    if found == "missing" and created:
        return None
    phase: Literal["create", "start"] = "create" if makes == "made" else "start"
    note = "it does not exist, and is not created" if found == "missing" else "a file is in its place"
    scope.in_phase(phase).note("EXEC-2", "WorkingDir", request.working_dir or of_image, None, note)
    if phase == "create":
        return Refusal(phase, "no-working-dir", note, codes=Codes(500, run=125))
    status, state, _ = dialect.start_codes["folder"]
    return Refusal(phase, "no-working-dir", note, codes=Codes(201, status, state, 126))


def _found(requested: str, of_image: str, files: Files, dialect: Dialect) -> Found | None:
    """What is at the working directory; None if that of the image depends on files that are not known."""
    if not requested:
        return find_if_known(files, absolute(of_image), ROOT)
    folder = absolute(requested)
    if dialect.relative_working_dir == "joined twice" and folder != requested:
        folder += folder
    return find(files, posixpath.normpath(folder), ROOT)
