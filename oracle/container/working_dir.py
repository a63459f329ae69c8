"""Whether a container's working directory exists when it starts, or is created (EXEC-2)."""

from cmdpoint.oracle.case import File, Files, Request
from cmdpoint.oracle.container.execution import find
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Codes, Refusal
from cmdpoint.oracle.trace import Scope


def no_working_dir(
    request: Request, files: Files | None, dialect: Dialect, scope: Scope, *, by_client: bool
) -> Refusal | None:
    """Return the refusal of a container whose working directory does not exist and is not created.

    Args:
        request: Names the directory; the image's own always exists.
        files: The files of the image; None if they are not known.
        dialect: The dialect of the engine.
        scope: Receives the steps.
        by_client: Whether the request comes from a command line, and not directly from the API.

    Source: containers/podman, `libpod/container_internal_common.go:resolveWorkDir`.
    """
    makes = dialect.missing_working_dir
    if makes == "made" or (makes == "made for the API" and not by_client):
        return None
    if not request.working_dir or files is None:
        return None
    found = find(files, request.working_dir, "/")
    if isinstance(found, File) and found.kind == "folder":
        return None
    scope.in_phase("start").note(
        "EXEC-2", "WorkingDir", request.working_dir, None, "it does not exist, and is not created"
    )
    status, state, _ = dialect.start_codes["folder"]
    note = f"there is no folder {request.working_dir!r}"
    return Refusal("start", "no-working-dir", note, codes=Codes(201, status, state, 126))
