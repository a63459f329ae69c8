"""What an engine refuses in a create request before it looks at the image."""

from cmdpoint.oracle.case import Request, Setting
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Codes, Refusal
from cmdpoint.oracle.refusals import Kind
from cmdpoint.oracle.trace import Scope


def invalid(request: Request, dialect: Dialect, scope: Scope) -> Refusal | None:
    """The refusal of a request that an engine does not accept for any image.

    Args:
        request: The request.
        dialect: The dialect of the engine.
        scope: Receives the steps.

    Source: moby/moby, `daemon/container.go:validateContainerConfig`; containers/podman,
    `pkg/env/env.go:ParseSlice`.
    """
    folder = request.working_dir
    if folder and not folder.startswith("/") and dialect.relative_working_dir == "refused":
        note = f"the working directory {folder!r} is not an absolute path"
        return _refused("MERGE-26", "WorkingDir", "relative-working-dir", note, dialect, scope)
    for variable in request.env:
        if variable.partition("=")[0] == "":
            note = f"the variable {variable!r} has no name"
            return _refused("MERGE-25", "Env", "bad-variable", note, dialect, scope)
    return None


def unreadable_variable(image: Setting, dialect: Dialect, scope: Scope) -> Refusal | None:
    """The refusal of a container whose image has a variable without a name or a value.

    Args:
        image: The setting of the image; only a loaded image, or one of a container, can have such a variable.
        dialect: The dialect of the engine.
        scope: Receives the steps.

    Source: containers/podman, `pkg/specgen/generate/container.go:CompleteSpec`, commit 6c431b73db.
    """
    if not image.unassigned or dialect.image_variables == "not read":
        return None
    needs_value = dialect.image_variables == "refused"
    for variable in image.unassigned:
        if needs_value or variable[:1] in ("", "="):
            note = f"the variable {variable!r} of the image is no assignment"
            return _refused("MERGE-25", "Env", "bad-variable", note, dialect, scope)
    return None


def _refused(rule: str, field: str, kind: Kind, note: str, dialect: Dialect, scope: Scope) -> Refusal:
    scope.in_phase("create").note(rule, field, None, "refused", note)
    return Refusal("create", kind, note, codes=Codes(dialect.refused_create, run=125))
