"""From argv to a running process: the runtime finds the program and executes it, or an init process does."""

import posixpath
from dataclasses import replace

from cmdpoint.oracle.build.state import DEFAULT_SHELL
from cmdpoint.oracle.case import DEFAULT_PATH, File, Files, Setting, Words
from cmdpoint.oracle.comparison import STATE_EXIT_CODE
from cmdpoint.oracle.container.exit_code import is_named
from cmdpoint.oracle.container.lookup import candidates, find
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Codes, Outcome, Process, Refusal
from cmdpoint.oracle.refusals import Kind
from cmdpoint.oracle.trace import Scope

LONGEST_WORD = 131071
"""How many bytes a word may have: the kernel's MAX_ARG_STRLEN, less the NUL behind it."""

_C_PATH = "/bin:/usr/bin"
"""Where the C library looks if there is no PATH."""

_EXEC_FAILED = (201, 204)
"""The statuses of a container that was started, and whose program could not be executed then."""


def start(
    argv: Words, setting: Setting, files: Files | None, dialect: Dialect, scope: Scope, *, init: bool = False
) -> Outcome:
    """Start a container.

    Args:
        argv: What create fixed; at least one word.
        setting: Where the program is looked for, and as whom it runs.
        files: What is in the image; None where that is not known, and every program counts as there.
        dialect: Whose runtime starts it.
        scope: Takes the steps.
        init: Whether an init process runs it.

    Returns:
        The process, or the refusal, at stage `start`. Its codes are those of a program that exits with 0, and
        are not known where the files are not.
    """
    return _Start(argv, setting, files, dialect, scope.in_phase("start")).outcome(init=init)


class _Start:
    """A container that is being started."""

    def __init__(
        self, argv: Words, setting: Setting, files: Files | None, dialect: Dialect, scope: Scope
    ) -> None:
        self.argv = argv
        self.name = argv[0]
        self.setting = setting
        self.path = dict(setting.env).get("PATH")
        self.working_dir = setting.working_dir or "/"
        self.user = setting.user
        self.files = files
        self.dialect = dialect
        self.scope = scope

    def outcome(self, *, init: bool) -> Outcome:
        if any("\0" in word for word in self.argv) and (init or self.dialect.nul_in_words == "ends the word"):
            return self._nul(init=init)
        if init:
            self.scope.note("CLI-11", "argv", None, self.argv, "an init process is process 1, and runs this")
        if self.argv[:2] == DEFAULT_SHELL:
            self.scope.note(
                "EXEC-20", "argv", self.argv, self.argv, "the shell is looked for, not what it runs"
            )
        if "/" in self.name and not self.name.startswith("/"):
            self.scope.note("EXEC-2", "argv", self.name, None, f"from the working folder, {self.working_dir}")
        if self.path != DEFAULT_PATH:
            self.scope.note("EXEC-3", "PATH", None, self.path, "the container's")
        if self.files is None:
            return self._unknown()
        return self._by_init(self.files) if init else self._by_runtime(self.files)

    # What the files decide

    def _unknown(self) -> Outcome:
        """Nothing is known of the files: whatever has a name counts as there."""
        if self.name == "":
            return self._refused("EXEC-6", "not-found", "no-name", "the program's name is empty")
        return self._started("/" in self.name, Codes(201, 204))

    def _by_runtime(self, files: Files) -> Outcome:
        if self.name == "" and self.dialect.empty_name == "not found":
            return self._refused("EXEC-6", "not-found", "no-name", "the program's name is empty")
        if self.name == "":
            self.scope.note("EXEC-6", "argv", self.argv, self.argv, "the empty name is looked for in PATH")
        dot_path = self.name.startswith(".") and self.dialect.dot_names == "paths"
        if "/" in self.name or dot_path:
            return self._at(files, self._path(), by_path=True)
        return self._through_path(files)

    def _through_path(self, files: Files) -> Outcome:
        if self.name in (".", "..") and self.dialect.dot_names == "never found":
            note = f"{self.name!r} is the name of no program"
            return self._refused("EXEC-9", "not-found", "not-found", note)
        refused: Outcome | None = None
        for folder in self._folders():
            candidate = self._joined(folder, self.name)
            found = find(files, candidate, self.working_dir)
            if not isinstance(found, File):
                continue
            if not self._passes(found):
                rule = "EXEC-7" if found.kind == "folder" else "EXEC-8"
                self.scope.note(rule, "argv", self.name, None, f"{candidate!r} is passed over")
            else:
                if not candidate.startswith("/") and self.dialect.relative_path == "found":
                    self.scope.note("EXEC-5", "argv", self.name, candidate, "from the working folder")
                elif not candidate.startswith("/"):
                    note = f"{candidate!r} would be found relative to the working folder"
                    return self._refused("EXEC-5", "relative-program", "relative-program", note)
                return self._at(files, candidate, by_path=False)
            if refused is None and self.dialect.unusable_on_path == "refused":
                refused = self._at(files, candidate, by_path=False)
        if refused is not None:
            return refused
        note = f"no folder of PATH holds a program {self.name!r}"
        return self._refused("EXEC-9", "not-found", "not-found", note)

    def _path(self) -> str:
        """The path that a name with a slash stands for.

        Source: containers/crun, `src/libcrun/utils.c:find_executable`.
        """
        if self.name.startswith("/") or self.dialect.path_style == "cleaned":
            return self.name
        name = self.name
        if self.dialect.trailing_slash == "dropped" and name.endswith("/"):
            name = name.rstrip("/")
            self.scope.note("EXEC-19", "argv", self.name, name, "the slash at its end is dropped")
        return self._joined(self.working_dir, name)

    def _joined(self, folder: str, name: str) -> str:
        """The path of a name in a folder; an empty folder is the working folder."""
        match self.dialect.path_style:
            case "cleaned":
                # Python keeps two slashes at the beginning; Go does not.
                return posixpath.normpath(f"{folder or '.'}/{name}").replace("//", "/")
            case "joined":
                root = "/" if folder.startswith("/") else ""
                return posixpath.join(root + folder.strip("/"), name)
            case "with a slash":
                return f"{folder}/{name}"

    def _folders(self) -> list[str]:
        """The folders of PATH."""
        folders = [] if self.path is None else self.path.split(":")
        alone = folders == [""] and self.dialect.empty_path_element == "working folder"
        return [] if alone else folders

    def _passes(self, found: File) -> bool:
        """Whether the look through PATH ends with a file."""
        if found.kind == "folder" or not found.executable:
            return False
        return self.dialect.user_is_asked != "during the lookup" or found.runs_for(self.user)

    def _at(self, files: Files, path: str, *, by_path: bool) -> Outcome:
        found = find(files, path, self.working_dir)
        if found == "missing":
            return self._refused("EXEC-9", "not-found", "not-found", f"there is no {path!r}")
        if found == "through a file":
            return self._refused("EXEC-10", "not-found", "through-file", f"{path!r} leads through a file")
        if found.kind == "folder":
            return self._refused("EXEC-7", "not-executable", "folder", f"{path!r} is a folder")
        if not found.executable:
            note = f"the mode of {path!r} lets nobody execute it"
            return self._refused("EXEC-8", "not-executable", "not-executable", note)
        if not found.runs_for(self.user):
            note = f"the mode of {path!r} does not let {self.user!r} execute it"
            if self.dialect.user_is_asked == "by the kernel":
                return self._failed("EXEC-8", "not-executable", note)
            return self._refused("EXEC-8", "not-executable", "not-executable", note)
        return self._execute(files, path, found, by_path=by_path)

    def _execute(self, files: Files, path: str, found: File, *, by_path: bool) -> Outcome:
        if any("\0" in word for word in self.argv):
            return self._failed("EXEC-15", "bad-word", "no word of an argv can hold NUL")
        if any(len(word.encode("utf-8", "surrogateescape")) > LONGEST_WORD for word in self.argv):
            return self._failed("EXEC-15", "bad-word", f"no word can have more than {LONGEST_WORD} bytes")
        if found.kind == "text":
            return self._failed("EXEC-11", "bad-format", f"{path!r} is neither a program nor names one")
        if found.kind == "script":
            interpreter = found.interpreter[0]
            if not isinstance(find(files, interpreter, self.working_dir), File):
                return self._failed("EXEC-12", "no-interpreter", f"there is no {interpreter!r}")
            return self._script(path, found)
        if found.private:
            self.scope.note("EXEC-8", "argv", path, None, "only root may execute it, and root does")
        return self._started(by_path, Codes(201, 204, 0, 0))

    def _script(self, path: str, found: File) -> Outcome:
        argv = (*found.interpreter, path, *self.argv[1:])
        self.scope.note(
            "EXEC-13", "argv", self.argv, argv, "the kernel runs the interpreter of the first line"
        )
        return Process(argv, Codes(201, 204, 0, 0))

    # An init process

    def _by_init(self, files: Files) -> Outcome:
        """The init process finds the program as a C library does, and falls back to the shell."""
        self.scope.note(
            "EXEC-18", "argv", self.argv, self.argv, "the init process executes it as execvp does"
        )
        path = _C_PATH if self.path is None else self.path
        paths = [self.name] if "/" in self.name else [*candidates(self.name, path.split(":"))]
        paths = paths if self.name else []
        missing, forbidden, other = self.dialect.init_codes
        code = missing
        kind: Kind = "not-found"
        for path in paths:
            found = find(files, path, self.working_dir)
            if found == "through a file":
                code = other if "/" in self.name else code
            elif isinstance(found, File):
                if found.kind == "folder" or not found.runs_for(self.user):
                    code, kind = forbidden, "not-executable"
                elif found.kind == "text":
                    argv = ("/bin/sh", path, *self.argv[1:])
                    self.scope.note("EXEC-18", "argv", self.argv, argv, "what has no format is for the shell")
                    return Process(argv, Codes(201, 204, 0, 0))
                else:
                    outcome = self._execute(files, path, found, by_path="/" in self.name)
                    if isinstance(outcome, Process):
                        return outcome
                    code, kind = missing, "not-found"
        note = "process 1 runs, but cannot execute the program"
        self.scope.note("EXEC-18", STATE_EXIT_CODE, None, code, note)
        return Refusal("start", kind, f"init cannot execute {self.name!r}", codes=Codes(201, 204, code, code))

    # What comes of it

    def _nul(self, *, init: bool) -> Outcome:
        """The kernel's words end at NUL, so none can hold any."""
        if self.dialect.nul_in_words == "refused":
            return self._failed("EXEC-15", "bad-word", "no word of an argv can hold NUL")
        argv = tuple(word.partition("\0")[0] for word in self.argv)
        self.scope.note("EXEC-15", "argv", self.argv, argv, "a word ends at its NUL")
        return start(argv, self.setting, self.files, self.dialect, self.scope, init=init)

    def _started(self, by_path: bool, codes: Codes) -> Process:
        if self.argv[:2] == DEFAULT_SHELL:
            self.scope.note(
                "EXEC-22", "argv", self.argv, self.argv, "it may put its last program in its place"
            )
        self.scope.note("EXEC-4", "argv", self.argv, self.argv, "by its path" if by_path else "through PATH")
        note = "the first word is what was written, not what was found"
        self.scope.note("EXEC-14", "argv", self.name, self.name, note)
        return Process(self.argv, codes)

    def _refused(self, rule: str, kind: Kind, why: str, note: str) -> Refusal:
        """The runtime refuses before it executes anything: start fails."""
        self.scope.note(rule, "argv", self.argv, None, note)
        codes = Codes(201, *self.dialect.start_codes[why])
        if (
            why == "not-found"
            and self.dialect.missing_program == "by its name"
            and not is_named(self.name, self.dialect)
        ):
            codes = replace(codes, start=500, state=128)
        self.scope.note("EXEC-17", STATE_EXIT_CODE, None, codes.state, f"start is refused with {codes.start}")
        return Refusal("start", kind, note, codes=codes)

    def _failed(self, rule: str, kind: Kind, note: str) -> Refusal:
        """The kernel refuses: start has succeeded, and the container ends by itself."""
        self.scope.note(rule, "argv", self.argv, None, note)
        code = self.dialect.failed_exec_code
        return Refusal("start", kind, note, codes=Codes(*_EXEC_FAILED, code, code))
