"""Check what is at a path as the runtime does, and execute it."""

from collections.abc import Iterable, Iterator
from typing import Final

from cmdpoint.oracle.container.failure import failed, refused
from cmdpoint.oracle.container.launch import Launch
from cmdpoint.oracle.container.script import Unusable, interpreted
from cmdpoint.oracle.container.shell import shell_command
from cmdpoint.oracle.files import File, Files
from cmdpoint.oracle.lookup import Found, follow, is_long
from cmdpoint.oracle.outcome import Codes, Outcome, Process

LONGEST_WORD: Final = 131071
"""How many bytes a word may have: the kernel's MAX_ARG_STRLEN, less the NUL behind it."""


def execute_at(launch: Launch, files: Files, path: str, *, by_path: bool) -> Outcome:
    """Check what is at a path as the runtime does, and execute it.

    Args:
        launch: What starts.
        files: The files of the image.
        path: The path of the program.
        by_path: Whether the path was written, and not found through PATH.
    """
    user = launch.setting.user
    found, links = _found(launch, files, path)
    if links:
        launch.scope.note("EXEC-25", "program", path, path, "a symbolic link is followed")
    if not isinstance(found, File):
        return _not_there(launch, path, found)
    if found.kind == "folder":
        return refused(launch, "EXEC-7", "not-executable", "folder", f"{path!r} is a folder")
    if not found.executable:
        note = f"the mode of {path!r} lets no user execute it"
        return refused(launch, "EXEC-8", "not-executable", "not-executable", note)
    if not found.runs_for(user):
        note = f"the mode of {path!r} does not let {user!r} execute it"
        if launch.dialect.user_check == "by the kernel":
            return failed(launch, "EXEC-8", "not-executable", note)
        return refused(launch, "EXEC-8", "not-executable", "not-executable", note)
    return execute(launch, files, path, found, by_path=by_path)


def _found(launch: Launch, files: Files, path: str) -> tuple[Found, int]:
    """Return what is at a path, and how many links are followed.

    gVisor opens the program itself, so the limit of a system call for the length of a path does not apply.
    """
    if is_long(path):
        if launch.dialect.long_words == "refused":
            return "too long", 0
        launch.scope.note("EXEC-24", "program", path, path, "a path of any length is accepted")
    return follow(files, path, launch.current_dir)


def _not_there(launch: Launch, path: str, why: str) -> Outcome:
    """Return the refusal of a path at which nothing is found."""
    match why:
        case "missing":
            return refused(launch, "EXEC-9", "not-found", "not-found", f"there is no {path!r}")
        case "through a file":
            return refused(launch, "EXEC-10", "not-found", "through-file", f"{path!r} leads through a file")
    rule = "EXEC-24" if why == "too long" else "EXEC-25"
    # As of any failure for which a runtime has no code of its own.
    return refused(launch, rule, "bad-path", "relative-program", f"the kernel cannot follow {path!r}: {why}")


def execute(
    launch: Launch, files: Files, path: str, found: File, *, by_path: bool, by_init: bool = False
) -> Outcome:
    """Execute a file as the kernel does.

    Args:
        launch: What starts.
        files: The files of the image.
        path: The path of the program.
        found: What is there.
        by_path: Whether the path was written, and not found through PATH.
        by_init: Whether an init process executes it, and not the runtime.

    Source: Linux, execve(2).
    """
    if any("\0" in word for word in launch.argv):
        return failed(launch, "EXEC-15", "bad-word", "no word of an argv can contain NUL")
    longest = max(len(word.encode("utf-8", "surrogateescape")) for word in launch.argv)
    if longest > LONGEST_WORD and (by_init or launch.dialect.long_words == "refused"):
        return failed(launch, "EXEC-15", "bad-word", f"no word can have more than {LONGEST_WORD} bytes")
    by_kernel = by_init or launch.dialect.unreadable_program == "fails after the start"
    if found.kind == "text":
        note = f"{path!r} is neither a program nor names one"
        if not by_kernel:
            return refused(launch, "EXEC-11", "bad-format", "relative-program", note)
        return failed(launch, "EXEC-11", "bad-format", note)
    if found.kind == "script":
        words = interpreted(found, path, files, launch.current_dir, launch.setting.user)
        if isinstance(words, Unusable):
            return _without_interpreter(launch, words, by_kernel=by_kernel)
        argv = (*words, *launch.argv[1:])
        note = "a script: the kernel runs the interpreter that its first line names"
        launch.scope.note("EXEC-13", "argv", launch.argv, argv, note)
        return Process(argv, Codes(201, 204, 0, 0))
    if found.private:
        launch.scope.note("EXEC-8", "program", path, path, "only root may execute it, and the user is root")
    return started(launch, Codes(201, 204, 0, 0), by_path=by_path)


def _without_interpreter(launch: Launch, why: Unusable, *, by_kernel: bool) -> Outcome:
    """Return the refusal of a script whose interpreter cannot run; gVisor looks for it before the start."""
    if by_kernel:
        return failed(launch, "EXEC-12", why.kind, why.note)
    match why.kind:
        case "no-interpreter":
            return refused(launch, "EXEC-12", "not-found", "not-found", why.note)
        case "not-executable":
            return refused(launch, "EXEC-12", why.kind, why.kind, why.note)
    return refused(launch, "EXEC-12", why.kind, "relative-program", why.note)


def started(launch: Launch, codes: Codes, *, by_path: bool) -> Process:
    """Return the process of a program that starts.

    Args:
        launch: What starts.
        codes: The numbers of the process.
        by_path: Whether the path was written, and not found through PATH.
    """
    argv = launch.argv
    if shell_command(argv):
        launch.scope.note(
            "EXEC-22", "argv", argv, argv, "the shell may replace itself with the program it runs"
        )
    lookup = "it is a path: PATH is not used" if by_path else "it is not a path: it is looked up in PATH"
    launch.scope.note("EXEC-4", "program", None, launch.name, lookup)
    note = "as written in Entrypoint or Cmd, whatever path the program was found at"
    launch.scope.note("EXEC-14", "argv[0]", launch.name, launch.name, note)
    return Process(argv, codes)


def candidates(name: str, folders: Iterable[str]) -> Iterator[str]:
    """The paths at which a name without a slash is looked for, in order.

    Args:
        name: The name.
        folders: The folders of PATH; an empty one is the working folder.
    """
    for folder in folders:
        yield f"{folder}/{name}" if folder else name
