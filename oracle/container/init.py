"""How an init process (`--init`) finds and executes a program: as `execvp` of the C library does."""

from typing import Final

from cmdpoint.oracle.comparison import STATE_EXIT_CODE
from cmdpoint.oracle.container.execution import candidates, execute
from cmdpoint.oracle.container.launch import Launch
from cmdpoint.oracle.files import File, Files
from cmdpoint.oracle.lookup import find
from cmdpoint.oracle.outcome import Codes, Outcome, Process, Refusal
from cmdpoint.oracle.refusals import Kind

_C_PATH: Final = "/bin:/usr/bin"
"""Where the C library searches if there is no PATH."""


def run_by_init(launch: Launch, files: Files) -> Outcome:
    """Execute the program as an init process does; a file of no known format is passed to `/bin/sh`.

    Args:
        launch: What the init process runs.
        files: The files of the image.

    Source: krallin/tini, `src/tini.c`; GNU C Library, "Executing a File".
    """
    argv = launch.argv
    missing, forbidden, other = launch.dialect.init_codes
    code, denied = missing, False
    kind: Kind = "not-found"
    for path in _paths(launch):
        found = find(files, path, launch.current_dir)
        if found in ("too long", "loop"):
            code, kind, denied = other, "bad-path", False
            launch.scope.note("EXEC-24" if found == "too long" else "EXEC-25", "program", path, None, found)
            break
        # If the program is nowhere, the last folder of PATH decides.
        code = other if found == "through a file" else missing
        if isinstance(found, File):
            if found.kind == "folder" or not found.runs_for(launch.setting.user):
                denied = True
            elif found.kind == "text":
                by_shell = ("/bin/sh", path, *argv[1:])
                note = "not a program of the kernel: /bin/sh runs it as a script"
                launch.scope.note("EXEC-18", "argv", argv, by_shell, note)
                return Process(by_shell, Codes(201, 204, 0, 0))
            else:
                outcome = execute(launch, files, path, found, by_path="/" in launch.name, by_init=True)
                if isinstance(outcome, Process):
                    note = "found by the init process, as by execvp"
                    launch.scope.note("EXEC-18", "program", None, path, note)
                    return outcome
    if denied:
        code, kind = forbidden, "not-executable"
    note = "the init process runs, but cannot execute the program"
    launch.scope.note("EXEC-18", STATE_EXIT_CODE, None, code, note)
    return Refusal("start", kind, f"init cannot execute {launch.name!r}", codes=Codes(201, 204, code, code))


def _paths(launch: Launch) -> list[str]:
    """Return where the program may be, in the order of the search."""
    if not launch.name or "/" in launch.name:
        return [launch.name] if launch.name else []
    return [*candidates(launch.name, (_C_PATH if launch.path is None else launch.path).split(":"))]
