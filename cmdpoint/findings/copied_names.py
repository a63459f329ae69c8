"""Findings about a program that COPY brings, and that PATH or a shell is to find (EXEC-4, EXEC-8)."""

import posixpath
from collections.abc import Iterator
from typing import Final

from cmdpoint.bases.symbols import is_shell_of_base
from cmdpoint.findings.copied import without_unknown_entrypoint
from cmdpoint.findings.finding import Finding, Source
from cmdpoint.findings.shell_text import last_command
from cmdpoint.oracle.case import DEFAULT_PATH
from cmdpoint.oracle.container.shell import shell_command
from cmdpoint.oracle.files import File, Files
from cmdpoint.oracle.outcome import Prediction, Process

_MODE: Final = "set its mode, with chmod +x or COPY --chmod=755"


def copied_name(source: Source, prediction: Prediction, line: int | None) -> Iterator[Finding]:
    """Yield a finding if a file that COPY brings has the name of the program, and hardly is what runs.

    Args:
        source: The Dockerfile.
        prediction: What is predicted; the build context is given.
        line: The line of the Dockerfile that names the program, if any.
    """
    config, outcome = prediction.config, prediction.outcome
    if config is None or config.files_at_start is None or not isinstance(outcome, Process):
        return
    (argv, base), files = without_unknown_entrypoint(outcome.argv), config.files_at_start
    shell = shell_command(("/bin/sh", "-c", *argv[1:]) if is_shell_of_base(argv[0]) else argv)
    if shell is not None:
        found = _run_by_shell(shell.text, files)
    else:
        found = _on_path(argv[0], files, dict(config.setting.env).get("PATH", DEFAULT_PATH))
    if found is not None:
        rule, message, advice = found
        message = f"if {base} has no ENTRYPOINT: {message}" if base else message
        column = 1 if line is None else source.column(line)
        yield Finding(weight=3, rule=rule, message=message, line=line, column=column, advice=advice)


def _on_path(name: str, files: Files, path: str) -> tuple[str, str, str] | None:
    """What is wrong with the files that have the name of a program, by the folders of PATH."""
    if not name or "/" in name:
        return None
    folders = [folder.rstrip("/") for folder in path.split(":")]
    there = [each for folder in folders if (each := f"{folder}/{name}") in files]
    if any(files[each].kind == "unknown" or files[each].executable for each in there):
        return None
    if there:
        message = f"{there[0]} is not executable: its mode lets no user execute it, so PATH skips it"
        return "EXEC-8", message, _MODE
    others = [each for each, file in files.items() if posixpath.basename(each) == name and _is_program(file)]
    if not others:
        return None
    message = f"{name} is looked up in PATH, which has no folder {posixpath.dirname(others[0])}"
    return "EXEC-4", message, f"write the path, {others[0]}"


def _run_by_shell(text: str, files: Files) -> tuple[str, str, str] | None:
    """What is wrong with the file that a text for a shell names as its only command."""
    last = last_command(text)
    words = text[last.at :].split()
    path = words[0] if last.is_single and last.kind in ("command", "exec") and words else ""
    path = words[1] if last.kind == "exec" and len(words) > 1 else path
    found = files.get(path)
    if found is None or not _is_program(found) or found.executable:
        return None
    message = f"the shell cannot execute {path}: its mode lets no user execute it"
    return "EXEC-8", message, _MODE


def _is_program(file: File) -> bool:
    return file.kind in ("program", "script", "text")
