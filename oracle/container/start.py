"""From argv to a process: the runtime searches for the program and executes it, or an init process does."""

import posixpath
from dataclasses import replace

from cmdpoint.oracle.case import DEFAULT_PATH, Setting, Words
from cmdpoint.oracle.container.entry import codes_of, entered
from cmdpoint.oracle.container.execution import execute_at, started
from cmdpoint.oracle.container.failure import failed, refused
from cmdpoint.oracle.container.init import run_by_init
from cmdpoint.oracle.container.launch import Launch
from cmdpoint.oracle.container.shell import shell_command
from cmdpoint.oracle.container.user import UnknownUserError, unknown_user, user_id
from cmdpoint.oracle.container.working_dir import relative_refusal
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.files import ROOT, File, Files
from cmdpoint.oracle.folders import Unmade
from cmdpoint.oracle.lookup import UnknownFileError, find
from cmdpoint.oracle.outcome import Codes, Outcome, Refusal
from cmdpoint.oracle.trace import Scope


def start(  # noqa: PLR0913 - all but five are keywords
    argv: Words,
    setting: Setting,
    files: Files | None,
    dialect: Dialect,
    scope: Scope,
    *,
    init: bool = False,
    relative_dir: str = "",
) -> Outcome:
    """Start a container.

    Args:
        argv: The words that create fixed; at least one.
        setting: Where the program is looked up, and as which user it runs.
        files: The files of the image; None if they are not known, and every program counts as present.
        dialect: The dialect of the engine and its runtime.
        scope: Receives the steps.
        init: Whether an init process runs the program.
        relative_dir: The working directory of the image, if it is used and not an absolute path (EXEC-27);
            the runtime checks it after the user is looked up.

    Returns:
        The process, or the refusal, in phase `start`. The codes are those of a program that exits with 0;
        they are not known if the files are not.

    Raises:
        UnknownFileError: It depends on files that are not known.
    """
    launch = Launch(argv, setting, files, dialect, scope.in_phase("start"))
    if files is not None:
        try:
            launch = _as_user(launch, files)
        except UnknownUserError as unknown:
            return unknown_user(setting.user, str(unknown), dialect, launch.scope)
    if relative_dir and (no_dir := relative_refusal(relative_dir, launch.name, dialect, scope)):
        return no_dir
    return _start_as_user(launch, init=init)


def _start_as_user(launch: Launch, *, init: bool) -> Outcome:
    """Start what remains of the words if one contains NUL; the user is looked up already."""
    if any("\0" in word for word in launch.argv) and (init or launch.dialect.nul_in_words != "refused"):
        after = _after_nul(launch, init=init)
        if not isinstance(after, Launch):
            return after
        launch = after
    _note_setting(launch, init=init)
    if launch.files is None:
        return _start_unknown(launch)
    return _enter_and_run(launch, launch.files, init=init)


def _enter_and_run(launch: Launch, files: Files, *, init: bool) -> Outcome:
    """Enter the working directory, and run the program in it; crun looks for the program first (EXEC-26)."""
    run = run_by_init if init else _run_by_runtime
    after = files if launch.working_dir == ROOT else entered(launch, files)
    if not isinstance(after, str):
        return run(launch if after is files else replace(launch, files=after), after)
    if launch.dialect.working_dir_entry == "made, entered with the program" and not init:
        outside = replace(launch, is_entered=False)
        found = run(replace(outside, scope=launch.scope.apart()), files)
        if isinstance(found, Refusal) and found.codes.start != 204:  # it does not even start
            return run(outside, files)
    return _not_entered(launch, after)


def _after_nul(launch: Launch, *, init: bool) -> Launch | Outcome:
    """Return the launch of the words that arrive if one contains NUL, or why nothing starts (EXEC-15)."""
    how = launch.dialect.nul_in_words
    if how == "refused":
        return _init_with_nul(launch)
    if how == "ends the word" or init:
        return _without_nul(launch)
    if "\0" in launch.name:
        return refused(launch, "EXEC-15", "bad-word", "relative-program", "no path can contain NUL")
    return _with_nul(launch)


def _init_with_nul(launch: Launch) -> Outcome:
    """Return why runc starts no init process whose words contain NUL; it enters the directory before."""
    after = None if launch.files is None else entered(launch, launch.files)
    if isinstance(after, str):
        return _not_entered(launch, after)
    return failed(launch, "EXEC-15", "bad-word", "no word of an argv can contain NUL")


def _not_entered(launch: Launch, why: Unmade) -> Refusal:
    note = f"the runtime cannot enter {launch.working_dir!r}: the path is {why}"
    return refused(launch, "EXEC-26", "no-working-dir", codes_of(why, launch.dialect), note)


def _without_nul(launch: Launch) -> Launch:
    """Return the launch of what the kernel sees, whose words end at NUL."""
    argv = tuple(word.partition("\0")[0] for word in launch.argv)
    launch.scope.note("EXEC-15", "argv", launch.argv, argv, "each word ends at its first NUL")
    return replace(launch, argv=argv)


def _with_nul(launch: Launch) -> Launch:
    """Return the launch of words that lie in memory with their NULs, as `probe` prints them.

    It prints the block from the first word to the end of the last, so only the last word ends at its NUL.
    """
    *first, last = launch.argv
    argv = (*(piece for word in first for piece in word.split("\0")), last.partition("\0")[0])
    launch.scope.note("EXEC-15", "argv", launch.argv, argv, "the NUL remains in the block of all words")
    return replace(launch, argv=argv)


def _note_setting(launch: Launch, *, init: bool) -> None:
    """Note what is searched for, and where."""
    argv, scope = launch.argv, launch.scope
    if init:
        scope.note("CLI-11", "argv", None, argv, "the init process is process 1, and runs this as its child")
    if shell_command(argv):
        scope.note(
            "EXEC-20",
            "argv",
            argv,
            argv,
            "only the shell must exist; it looks for the programs in its text later",
        )
    if "/" in launch.name and not launch.name.startswith("/"):
        note = f"relative to the working directory, {launch.working_dir}"
        scope.note("EXEC-2", "program", launch.name, launch.name, note)
    if launch.path != DEFAULT_PATH:
        scope.note("EXEC-3", "PATH", None, launch.path, "in the environment of the container")


def _as_user(launch: Launch, files: Files) -> Launch:
    """Return the launch with the number of its user.

    The users and the PATH of an image whose root is not known may be others: no user is looked up.

    Raises:
        UnknownUserError: The user or its group does not exist.
        UnknownFileError: The program is looked up through a PATH that is not known.
    """
    if ROOT in files:
        if "/" not in launch.name:
            raise UnknownFileError(launch.name)
        return launch
    setting = launch.setting
    if not setting.user:
        return launch
    user = str(user_id(setting.user, files, launch.dialect))
    launch.scope.note("EXEC-23", "user", setting.user, user, "by /etc/passwd, or a number")
    return replace(launch, setting=replace(setting, user=user))


def _start_unknown(launch: Launch) -> Outcome:
    """Start a program in an image whose files are not known: anything with a name counts as present."""
    if launch.name == "":
        return refused(launch, "EXEC-6", "not-found", "no-name", "the program's name is empty")
    return started(launch, Codes(201, 204), by_path="/" in launch.name)


def _run_by_runtime(launch: Launch, files: Files) -> Outcome:
    """Search for the program and execute it.

    Args:
        launch: What starts.
        files: The files of the image.

    Source: opencontainers/runc, `libcontainer/standard_init_linux.go:Init`; Go, `os/exec.LookPath`;
    containers/crun, `src/libcrun/utils.c:find_executable`.
    """
    name, dialect = launch.name, launch.dialect
    if name == "" and dialect.empty_name == "not found":
        return refused(launch, "EXEC-6", "not-found", "no-name", "the program's name is empty")
    if name == "":
        launch.scope.note("EXEC-6", "argv", launch.argv, launch.argv, "the empty name is looked up in PATH")
    if "/" in name or (name.startswith(".") and dialect.dot_names == "paths"):
        return execute_at(launch, files, _path(launch), by_path=True)
    if name in (".", "..") and dialect.dot_names == "never found":
        return refused(launch, "EXEC-9", "not-found", "not-found", f"{name!r} is the name of no program")
    return _run_through_path(launch, files)


def _path(launch: Launch) -> str:
    """Return the path that a name with a slash stands for."""
    name = launch.name
    if name.startswith("/") or launch.dialect.path_style == "cleaned":
        return name
    if launch.dialect.trailing_slash == "dropped" and name.endswith("/"):
        name = name.rstrip("/")
        launch.scope.note("EXEC-19", "program", launch.name, name, "the slash at its end is dropped")
    return _joined(launch, launch.working_dir, name)


def _run_through_path(launch: Launch, files: Files) -> Outcome:
    """Execute the first program in PATH that can be used.

    If there is none, runc finds nothing, and crun refuses with what it found last, a path that cannot be
    followed included. Such a path ends the search of gVisor, which skips relative folders.
    """
    unusable: str | None = None
    for folder in _folders(launch):
        if not folder.startswith("/") and launch.dialect.relative_path == "skipped":
            note = f"{folder!r} is relative: the search goes on"
            launch.scope.note("EXEC-5", "program", launch.name, None, note)
            continue
        candidate = _joined(launch, folder, launch.name)
        found = find(files, candidate, launch.current_dir)
        if found == "missing":
            continue
        if not isinstance(found, File) and launch.dialect.unusable_on_path == "refused if not followed":
            return execute_at(launch, files, candidate, by_path=False)
        if isinstance(found, File) and _is_usable(launch, found):
            return _execute_found(launch, files, candidate)
        if isinstance(found, File):
            rule = "EXEC-7" if found.kind == "folder" else "EXEC-8"
            why = "it is a folder" if found.kind == "folder" else "it is not executable"
            launch.scope.note(rule, "program", candidate, None, f"{why}: the search goes on")
        unusable = candidate
    if unusable is not None and launch.dialect.unusable_on_path == "refused":
        return execute_at(launch, files, unusable, by_path=False)
    note = f"no folder of PATH contains a program {launch.name!r}"
    return refused(launch, "EXEC-9", "not-found", "not-found", note)


def _execute_found(launch: Launch, files: Files, candidate: str) -> Outcome:
    """Execute what was found in PATH, unless it was found relative to the working directory."""
    if not candidate.startswith("/"):
        if launch.dialect.relative_path == "refused":
            note = f"{candidate!r} would be found relative to the working directory"
            return refused(launch, "EXEC-5", "relative-program", "relative-program", note)
        launch.scope.note("EXEC-5", "program", launch.name, candidate, "relative to the working directory")
    return execute_at(launch, files, candidate, by_path=False)


def _joined(launch: Launch, folder: str, name: str) -> str:
    """Join a folder and a name; an empty folder is the working directory."""
    path = f"{folder}/{name}"
    if folder.startswith("/") and not path.startswith("//") and posixpath.normpath(path) == path:
        return path  # in every style
    match launch.dialect.path_style:
        case "cleaned" | "absolute":
            # Python keeps two slashes at the beginning; Go does not.
            return posixpath.normpath(f"{folder or '.'}/{name}").replace("//", "/")
        case "joined":
            root = "/" if folder.startswith("/") else ""
            return posixpath.join(root + folder.strip("/"), name)
        case "with a slash":
            return path


def _folders(launch: Launch) -> list[str]:
    """Return the folders of PATH."""
    folders = [] if launch.path is None else launch.path.split(":")
    alone = folders == [""] and launch.dialect.empty_path_element == "working folder"
    return [] if alone else folders


def _is_usable(launch: Launch, found: File) -> bool:
    """Return whether the search ends with a file."""
    if found.kind == "folder" or not found.executable:
        return False
    return found.runs_for(launch.setting.user) or launch.dialect.user_check != "during the lookup"
