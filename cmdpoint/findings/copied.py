"""Findings about a program that COPY brings from the build context, and that cannot be started (STATE-32)."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cmdpoint.findings.finding import Finding, Source
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.files import BYTE_ORDER_MARK, ROOT, File, Files
from cmdpoint.oracle.lookup import Found, find_if_known
from cmdpoint.oracle.outcome import Outcome, Prediction, Process, Refusal

_ENTRYPOINT: Final = re.compile(r"\[ENTRYPOINT of (.*)\]")
"""The word that stands for an unknown Entrypoint; see `cmdpoint.bases.symbols`."""


@dataclass(frozen=True, slots=True)
class Program:
    """The program of a container, with the files of its image.

    Attributes:
        path: Its path, as ENTRYPOINT or CMD names it.
        found: What is there, or why nothing is; None if that is not known.
        files: The files of the image.
        base: If it is the program only if a base has no ENTRYPOINT: the name of the base.
    """

    path: str
    found: Found | None
    files: Files
    base: str | None


def program(prediction: Prediction) -> Program | None:
    """The program that a container starts by its path; None if no file of its image is known."""
    if prediction.config is None or not isinstance(prediction.planned, Process):
        return None
    argv, base = without_unknown_entrypoint(prediction.planned.argv)
    files = prediction.config.files_at_start
    if files is None or "/" not in argv[0] or _ENTRYPOINT.match(argv[0]):
        return None
    request = prediction.request
    working_dir = (request.working_dir if request else "") or prediction.config.setting.working_dir
    return Program(argv[0], find_if_known(files, argv[0], posixpath.join("/", working_dir)), files, base)


def without_unknown_entrypoint(argv: Words) -> tuple[Words, str | None]:
    """The words of argv behind an Entrypoint that is not known, and the name of the base that may have it."""
    if len(argv) > 1 and (symbol := _ENTRYPOINT.fullmatch(argv[0])):
        return argv[1:], symbol[1]
    return argv, None


def copied_program(source: Source, prediction: Prediction, line: int | None) -> Iterator[Finding]:
    """Yield a finding if the program is certain not to start, or its first line ends in CR.

    Args:
        source: The Dockerfile.
        prediction: What is predicted; the build context is given.
        line: The line of the Dockerfile that names the program, if any.
    """
    started = program(prediction)
    wrong = None if started is None else _wrong(started, prediction.outcome)
    if started is None or wrong is None:
        return
    rule, message, advice = wrong
    condition = f"if {started.base} has no ENTRYPOINT: " if started.base else ""
    column = 1 if line is None else source.column(line)
    message = condition + message
    yield Finding(weight=0, rule=rule, message=message, line=line, column=column, advice=advice)


def _wrong(started: Program, outcome: Outcome) -> tuple[str, str, str] | None:
    """What is wrong with a program: the rule, the message and the advice."""
    path, found = started.path, started.found
    if found is None:
        return None
    if not isinstance(found, File):
        message = f"the image has no {path}: no COPY or ADD brings it"
        return "EXEC-9", message, "copy it to this path, or name the path that it is copied to"
    if found.kind == "folder":
        return "EXEC-7", f"{path} is a folder", "name the program in it"
    if not found.executable:
        message = f"{path} is not executable: its mode lets no user execute it"
        return "EXEC-8", message, "set its mode, with chmod +x or COPY --chmod=755"
    if found.private and isinstance(outcome, Refusal) and outcome.kind == "not-executable":
        message = f"{path} is not executable for the user of the container: its mode lets only root run it"
        return "EXEC-8", message, "set its mode, with chmod 755 or COPY --chmod=755"
    if found.kind == "text" and found.text == BYTE_ORDER_MARK:
        message = f"{path} begins with a byte-order mark, so the kernel does not see #!"
        return "EXEC-11", message, "save the file as UTF-8 without a byte-order mark (BOM)"
    if found.kind == "text":
        message = f"{path} is neither a program nor a script that begins with #!"
        return "EXEC-11", message, "write the interpreter on its first line, such as #!/bin/sh"
    return _wrong_interpreter(path, found, started.files, outcome) if found.kind == "script" else None


def _wrong_interpreter(
    path: str, script: File, files: Files, outcome: Outcome
) -> tuple[str, str, str] | None:
    interpreter, *argument = script.interpreter
    if script.interpreter[-1].endswith("\r"):
        who = f"{interpreter} gets" if argument else "the kernel looks for"
        message = f"the first line of {path} ends in CR and LF, so {who} {script.interpreter[-1]!r}"
        return "EXEC-12", message, "save the file with LF as its line ends"
    if ROOT not in files and not isinstance(find_if_known(files, interpreter, "/") or File("unknown"), File):
        message = f"{path} is a script of {interpreter}, and no COPY or ADD brings that"
        return "EXEC-12", message, "copy the interpreter, too, or start a program that needs none"
    if isinstance(outcome, Refusal) and outcome.phase == "start":
        advice = "name a program on the first line, whose mode lets the user execute it"
        return "EXEC-12", f"{path} is a script, and {outcome.message}", advice
    return None
