"""The files of a stage while its instructions are applied, as far as they are known."""

from dataclasses import dataclass

from cmdpoint.oracle.build.added_files import ANYWHERE, WorkingDir, added, is_literal, still_certain, words_of
from cmdpoint.oracle.build.copy_flags import CopyFlags
from cmdpoint.oracle.build.folders import with_workdir, wrong_folder
from cmdpoint.oracle.case import Words, files_at_start
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.files import Files, Known, Origins, cleaned
from cmdpoint.oracle.lookup import FOLDER
from cmdpoint.oracle.trace import Scope


@dataclass(slots=True)
class StageFiles:
    """The files of a stage.

    Attributes:
        origins: Where COPY and ADD find files.
        dialect: How the builder behaves.
        files: The files so far; None if they are not known.
        open_paths: The paths at and below which there may be others.
        certain: If the build context is given: the files that are there whatever else there is.
        volumes: The paths of the volumes of this stage.
    """

    origins: Origins
    dialect: Dialect
    files: Files | None
    open_paths: Words
    certain: Files
    volumes: Words = ()

    @property
    def at_start(self) -> Files | None:
        """The files, those that are not known included; see `oracle.case.files_at_start`."""
        return files_at_start(self.files, self.open_paths, self.certain)

    def wrong_folder(self, folder: str) -> Wrong | None:
        """What is wrong with a working directory that the builder makes; see `folders.wrong_folder`."""
        files = self.at_start
        return None if files is None else wrong_folder(folder, files, self.dialect)

    def make_folder(self, folder: str, scope: Scope) -> None:
        """Make the working directory: of a WORKDIR, or of a container that stores an instruction.

        Args:
            folder: The path.
            scope: Takes the step.

        Source: moby/moby, `builder/dockerfile/dispatchers.go:dispatchWorkdir`; containers/buildah,
            `imagebuildah/stage_executor.go:Execute`, which stores no files of an instruction that adds none.
        """
        stores = self.dialect.workdir_folder == "stored"
        if self.files is None:
            if stores and self.origins.context is not None:
                self.certain = {**self.certain, cleaned(folder): FOLDER}
            return
        made, note = with_workdir(self.files, folder), "the folder is made, with those above it"
        if made is not self.files:
            note = note if stores else f"{note}; only RUN, ADD and COPY store it"
            scope.note("STATE-34", "files", None, folder, note)
        self.files = made if stores else self.files

    def add(self, command: Command, working_dir: str, scope: Scope) -> None:
        """Follow what a RUN, ADD or COPY does.

        Args:
            command: The instruction.
            working_dir: The working directory.
            scope: Takes the steps.
        """
        where = WorkingDir(working_dir, self.dialect.copy_to_working_dir == "into it")
        before, flags = self.certain, CopyFlags.of(command, self.dialect)
        if self.origins.context is not None:
            self.certain = still_certain(command, self.certain, where, self.origins, flags)
            self._drop_volumes()
        if self.files is None and self.certain and self.certain != before:
            scope.note("STATE-32", "files", note="the files that it copies are known")
        if self.files is None:
            return
        after = added(command, Known(self.files, self.open_paths), where, self.origins, flags)
        opened = [path for path in after.open_paths if path not in self.open_paths]
        if ANYWHERE in opened:
            scope.note("STATE-32", "files", note="files may be anywhere now")
        elif opened:
            scope.note("STATE-33", "files", note=f"files may be at {opened[0]!r} and below now")
        else:
            scope.note("STATE-32", "files", note="the files that it copies are known")
        self.files, self.open_paths = after.files, after.open_paths
        if self.dialect.workdir_folder == "made by each instruction":
            self.files = with_workdir(self.files, working_dir)

    def open_volumes(self, command: Command, scope: Scope) -> None:
        """Follow a VOLUME: what is in a volume depends on the builder, and on the engine.

        Args:
            command: The instruction.
            scope: Takes the steps.
        """
        for path in words_of(command):
            opened = cleaned(path) if is_literal(path) else ANYWHERE
            self.volumes = (*self.volumes, opened)
            if self.files is not None:
                self.open_paths = Known(self.files, self.open_paths).opened(opened).open_paths
                scope.note("STATE-37", "files", note=f"files may be at {opened!r} and below now")
        self._drop_volumes()

    def _drop_volumes(self) -> None:
        """Drop what is in a volume from the certain files."""
        inside = tuple(f"{path.rstrip('/')}/" for path in self.volumes)
        if inside and self.certain:
            self.certain = {
                path: file for path, file in self.certain.items() if not f"{path}/".startswith(inside)
            }
