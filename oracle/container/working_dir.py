"""Whether a container's working directory exists when it starts, or is created (EXEC-2, MERGE-26)."""

import posixpath
from typing import Literal

from cmdpoint.oracle.case import Request
from cmdpoint.oracle.container.lookup import find
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.files import File, Files
from cmdpoint.oracle.outcome import Codes, Refusal
from cmdpoint.oracle.trace import Scope


def absolute(folder: str) -> str:
    """The working directory of a process, from the one of a request: a relative path begins at the root."""
    return folder if folder.startswith("/") else f"/{folder}"


def no_working_dir(
    request: Request, files: Files | None, dialect: Dialect, scope: Scope, *, by_client: bool
) -> Refusal | None:
    """Return the refusal of a container whose working directory does not exist and is not created.

    Docker creates it when it creates the container, and Podman when it starts it. Neither can create one
    where a file is.

    Args:
        request: Names the directory.
        files: The files of the image; None if they are not known.
        dialect: The dialect of the engine.
        scope: Receives the steps.
        by_client: Whether the request comes from a command line, and not directly from the API.

    Source: moby/moby, `container/container.go:SetupWorkingDirectory`; containers/podman,
    `libpod/container_internal_common.go:resolveWorkDir`, `libpod/container_path_resolution.go:pathAbs`.
    """
    if files is None:
        return None
    folder = absolute(request.working_dir)
    if dialect.relative_working_dir == "joined twice" and folder != request.working_dir:
        folder += folder
    found = find(files, posixpath.normpath(folder), "/")
    if isinstance(found, File) and found.kind == "folder":
        return None
    makes = dialect.missing_working_dir
    if found == "missing" and (makes == "made" or (makes == "made for the API" and not by_client)):
        return None
    phase: Literal["create", "start"] = "create" if makes == "made" else "start"
    note = "it does not exist, and is not created" if found == "missing" else "a file is in its place"
    scope.in_phase(phase).note("EXEC-2", "WorkingDir", request.working_dir, None, note)
    if phase == "create":
        return Refusal(phase, "no-working-dir", note, codes=Codes(500, run=125))
    status, state, _ = dialect.start_codes["folder"]
    return Refusal(phase, "no-working-dir", note, codes=Codes(201, status, state, 126))
