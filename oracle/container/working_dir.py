"""Whether a container's working directory exists, or the engine makes it (EXEC-2, EXEC-26)."""

import posixpath
from dataclasses import dataclass
from typing import Final, Literal

from cmdpoint.oracle.case import Request
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.files import ROOT, File, Files, cleaned
from cmdpoint.oracle.folders import with_folder, with_folders
from cmdpoint.oracle.lookup import MOST_LINKS, Found, UnknownFileError, find, resolved
from cmdpoint.oracle.outcome import Codes, Refusal
from cmdpoint.oracle.trace import Scope

_OF_HOST: Final = File("link", text="/[a folder of the host]")
"""Stands for a link that leads to a folder of the host, where nothing is."""


def absolute(folder: str) -> str:
    """The working directory of a process, from the one of a request: a relative path begins at the root."""
    return folder if folder.startswith("/") else f"/{folder}"


def working_dir(requested: str, of_image: str, dialect: Dialect) -> str:
    """The working directory of a container, as its config has it.

    Args:
        requested: That of the request; empty if it has none.
        of_image: That of the image; empty if it has none. One of the two has one.
        dialect: Decides whether the path is cleaned.

    Source: moby/moby, `daemon/container.go:translateWorkingDir`,
    `container/container.go:SetupWorkingDirectory`.
    """
    folder = absolute(requested) if requested else of_image
    clean = cleaned(folder)
    if clean == folder:
        return folder
    how = dialect.container_working_dir
    return clean if how == "cleaned" or (requested and how == "cleaned if requested") else folder


def with_working_dir(
    request: Request, of_image: str, files: Files, dialect: Dialect, scope: Scope, *, by_client: bool
) -> Files | Refusal:
    """The files once the engine has made the working directory of a container; or the refusal.

    Docker creates it when it creates the container, and Podman when it starts it. Neither can create one
    where a file is. The working directory of an image is always created.

    Args:
        request: May name the directory.
        of_image: The working directory of the image; empty for the root.
        files: The files of the image.
        dialect: The dialect of the engine.
        scope: Receives the steps.
        by_client: Whether the request comes from a command line, and not directly from the API.

    Raises:
        UnknownFileError: The working directory of the request depends on files that are not known.

    Source: moby/moby, `container/container.go:SetupWorkingDirectory`; containers/podman,
    `libpod/container_internal_common.go:resolveWorkDir`, `libpod/container_path_resolution.go:pathAbs`.
    """
    requested, makes = request.working_dir, dialect.missing_working_dir
    created = not requested or makes == "made" or (makes == "made for the API" and not by_client)
    folder = absolute(requested or of_image)
    try:
        if resolved(files, folder) != cleaned(folder) or ".." in folder.split("/"):
            after = working_dir(requested, of_image, dialect)
            scope.in_phase("create").note("EXEC-26", "WorkingDir", folder, after, "it has .. or links in it")
        found = _Check(folder, requested, files, dialect, created=created).run()
    except UnknownFileError:
        if requested:
            raise
        return files
    return _refused(found, requested or of_image, dialect, scope) if isinstance(found, File | str) else found


def relative_refusal(folder: str, program: str, dialect: Dialect, scope: Scope) -> Refusal | None:
    """The refusal of a runtime to enter a working directory that is not an absolute path (EXEC-27).

    Args:
        folder: The relative path; only an image that was loaded can have one.
        program: The name of the program.
        dialect: The dialect of the runtime.
        scope: Receives the steps.

    Source: opencontainers/runc, `libcontainer/specconv/spec_linux.go:CreateLibcontainerConfig`;
    google/gvisor, `pkg/sentry/fsimpl/user/path.go:ResolveExecutablePath`.
    """
    is_used = "/" in program and not program.startswith("/")
    how = dialect.relative_image_dir
    if how == "from the root" or (how == "unused" and not is_used):
        return None
    note = f"{folder!r} is not an absolute path"
    scope.in_phase("start").note("EXEC-27", "WorkingDir", folder, None, note)
    codes = Codes(201, *dialect.start_codes["relative-program"])
    return Refusal("start", "no-working-dir", note, codes=codes)


def _refused(found: Found, written: str, dialect: Dialect, scope: Scope) -> Refusal:
    """The refusal of a working directory."""
    phase: Literal["create", "start"] = "create" if dialect.missing_working_dir == "made" else "start"
    missing = "it does not exist, and is not created" if found == "missing" else f"the path is {found}"
    note = "a file is in its place" if isinstance(found, File) else missing
    scope.in_phase(phase).note("EXEC-2", "WorkingDir", written, None, note)
    if phase == "create":
        return Refusal(phase, "no-working-dir", note, codes=Codes(500, run=125))
    status, state, _ = dialect.start_codes["folder"]
    return Refusal(phase, "no-working-dir", note, codes=Codes(201, status, state, 126))


@dataclass(frozen=True, slots=True)
class _Check:
    """The engine's check of a working directory.

    Attributes:
        folder: Its absolute path.
        requested: The text of the request; empty if it is the image's.
        files: The files of the image.
        dialect: The dialect of the engine.
        created: Whether the engine creates it if it is missing.
    """

    folder: str
    requested: str
    files: Files
    dialect: Dialect
    created: bool

    def run(self) -> Files | Found:
        """The files after the check, or what is wrong with the path."""
        if self.dialect.working_dir_links == "in the image":
            return self._in_image()
        path = cleaned(self.folder)
        if self.dialect.relative_working_dir == "joined twice" and self.requested not in ("", self.folder):
            path = cleaned(path + path)
        return self._on_host(path)

    def _in_image(self) -> Files | Found:
        """Follow links in the image; a link to nothing is left to the runtime if nothing is created."""
        path = cleaned(self.folder)
        if path != self.folder and self.dialect.container_working_dir == "as written":
            path = self.folder
        at = resolved(self.files, path)
        found = find(self.files, path if at is None else at, ROOT)
        if isinstance(found, File) and found.kind == "folder":
            return self.files
        if found != "missing":
            return found
        if self.created:
            return with_folder(self.files, path)
        return found if at == cleaned(self.folder) else self.files

    def _on_host(self, path: str) -> Files | Found:
        """Look the path up on the host, where an absolute link leads to a folder of the host."""
        files = {
            at: _OF_HOST if file.kind == "link" and file.text.startswith("/") else file
            for at, file in self.files.items()
        }
        found = find(files, path, ROOT)
        if isinstance(found, File) and found.kind == "folder":
            return self.files
        if found != "missing":
            return found
        if self.created:
            after = with_folders(files, path)
            return self.files if isinstance(after, str) else {**after, **self.files}
        last = self.dialect.working_dir_links == "to the host, except the last"
        return self.files if last and self._last_leads_on(path, files) else found

    def _last_leads_on(self, path: str, files: Files) -> bool:
        """Whether the path is a link, and what it leads to exists.

        Source: containers/podman, `libpod/container_internal_common.go:isWorkDirSymlink`.
        """
        for _ in range(MOST_LINKS):
            parent, _, name = path.rpartition("/")
            at = resolved(files, parent)
            link = None if at is None else self.files.get(f"{at.rstrip('/')}/{name}")
            if link is None or link.kind != "link":
                return False
            path = cleaned(posixpath.join(self.folder, link.text))
            if isinstance(find(files, path, ROOT), File):
                return True
        return False
