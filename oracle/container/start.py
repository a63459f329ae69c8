"""From argv to a process: what stops it before the search, then the runtime or an init process runs it."""

from dataclasses import replace

from cmdpoint.oracle.case import DEFAULT_PATH, Files, Setting, Words
from cmdpoint.oracle.container.execution import started
from cmdpoint.oracle.container.failure import failed, refused
from cmdpoint.oracle.container.init import run_by_init
from cmdpoint.oracle.container.launch import Launch
from cmdpoint.oracle.container.search import run
from cmdpoint.oracle.container.shell import shell_command
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Codes, Outcome
from cmdpoint.oracle.trace import Scope


def start(
    argv: Words, setting: Setting, files: Files | None, dialect: Dialect, scope: Scope, *, init: bool = False
) -> Outcome:
    """Start a container.

    Args:
        argv: The words that create fixed; at least one.
        setting: Where the program is looked up, and as which user it runs.
        files: The files of the image; None if they are not known, and every program counts as present.
        dialect: The dialect of the engine and its runtime.
        scope: Receives the steps.
        init: Whether an init process runs the program.

    Returns:
        The process, or the refusal, in phase `start`. The codes are those of a program that exits with 0;
        they are not known if the files are not.
    """
    launch = Launch(argv, setting, files, dialect, scope.in_phase("start"))
    if any("\0" in word for word in argv) and (init or dialect.nul_in_words == "ends the word"):
        if dialect.nul_in_words == "refused":
            return failed(launch, "EXEC-15", "bad-word", "no word of an argv can contain NUL")
        launch = _without_nul(launch)
    _note_setting(launch, init=init)
    if files is None:
        return _start_unknown(launch)
    return run_by_init(launch, files) if init else run(launch, files)


def _without_nul(launch: Launch) -> Launch:
    """Return the launch of what the kernel sees, whose words end at NUL."""
    argv = tuple(word.partition("\0")[0] for word in launch.argv)
    launch.scope.note("EXEC-15", "argv", launch.argv, argv, "a word ends at its NUL")
    return replace(launch, argv=argv)


def _note_setting(launch: Launch, *, init: bool) -> None:
    """Note what is searched for, and where."""
    argv, scope = launch.argv, launch.scope
    if init:
        scope.note("CLI-11", "argv", None, argv, "an init process is process 1, and runs this")
    if shell_command(argv):
        scope.note("EXEC-20", "argv", argv, argv, "the shell is looked up, not what it runs")
    if "/" in launch.name and not launch.name.startswith("/"):
        scope.note("EXEC-2", "argv", launch.name, None, f"from the working directory, {launch.working_dir}")
    if launch.path != DEFAULT_PATH:
        scope.note("EXEC-3", "PATH", None, launch.path, "the container's")


def _start_unknown(launch: Launch) -> Outcome:
    """Start a program in an image whose files are not known: anything with a name counts as present."""
    if launch.name == "":
        return refused(launch, "EXEC-6", "not-found", "no-name", "the program's name is empty")
    return started(launch, Codes(201, 204), by_path="/" in launch.name)
