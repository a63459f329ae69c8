"""Findings about the shell that a shell form starts: whether it stays process 1, or ends before the program.

What shells do with each kind of text is tested with real ones in `tests/unit/test_real_shells.py` (EXEC-22).
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Final

from cmdpoint.findings.finding import Finding, Fix, Source
from cmdpoint.findings.script_text import ShellScript, scripts_of
from cmdpoint.findings.shell_text import LastCommand, last_command
from cmdpoint.findings.shells import RunningShell
from cmdpoint.oracle.case import ImageConfig, Request, Words
from cmdpoint.oracle.outcome import Prediction

_EXEC_OF_ASSIGNMENT: Final = re.compile(r"exec[ \t]+((?:[A-Za-z_]\w*=\S*[ \t]+)+)(?=\S)")

_HERE_DOCUMENT: Final = re.compile(r"(?<!<)<<-?['\"]?\w+['\"]?\s*$")

_INITS: Final = frozenset({"catatonit", "docker-init", "dumb-init", "tini", "tini-static"})

_ADVICE: Final = {
    "pipeline": "exec does not help in a pipeline, whose commands the shell waits for: start the program "
    "without one",
    "alternative": "start the program with exec; then nothing behind it runs",
}
_USUAL_ADVICE: Final = "start the program with exec, where nothing has to run behind it"


def signals(
    source: Source, effective: dict[str, int], shell: RunningShell, prediction: Prediction
) -> Iterator[Finding]:
    """Yield a finding if a shell may stay process 1, or ends before its program does.

    Args:
        source: The Dockerfile.
        effective: The lines of the ENTRYPOINT and the CMD that are part of what runs, by field.
        shell: The shell that runs.
        prediction: What is predicted.
    """
    config, request = prediction.config or ImageConfig(), prediction.request or Request()
    init = request.init or _is_init(config.entrypoint)
    if _forwards_to_all(config.entrypoint):
        return
    for form in scripts_of(source, effective, prediction):
        last = last_command(form.text)
        if last.kind == "unknown" and _HERE_DOCUMENT.search(form.text):
            continue  # the text of a here-document is missing, which is the fault
        is_exec = last.kind == "exec"
        found = _of_exec(form, last) if is_exec else _of_others(form, last, shell, init=init)
        if found is not None:
            yield found
            return


def _is_init(entrypoint: Words) -> bool:
    """Whether an ENTRYPOINT begins with an init process, which passes signals on to its child."""
    return bool(entrypoint) and posixpath.basename(entrypoint[0]) in _INITS


def _forwards_to_all(entrypoint: Words) -> bool:
    """Whether an ENTRYPOINT begins with an init process that passes signals on to all processes.

    Source: Yelp/dumb-init, README, "Session behavior"; krallin/tini, README, "Process group killing".
    """
    name = posixpath.basename(entrypoint[0]) if entrypoint else ""
    is_single = "--single-child" in entrypoint or "-c" in entrypoint[1:2]
    return (name == "dumb-init" and not is_single) or (_is_init(entrypoint) and "-g" in entrypoint[1:2])


def _of_exec(form: ShellScript, last: LastCommand) -> Finding | None:
    """The finding that `exec` takes an assignment for the name of the program; None if it does not."""
    match = _EXEC_OF_ASSIGNMENT.match(form.text, last.at)
    if match is None:
        return None
    fixed = f"{form.text[: last.at]}{match[1]}exec {form.text[match.end() :]}"
    return Finding(
        weight=0,
        rule="EXEC-22",
        message=f"exec takes {match[1].split()[0]!r} for the name of the program, and fails",
        line=form.line,
        column=form.column,
        fix=form.rewritten(fixed),
        advice="put the assignment in front of exec",
    )


def _of_others(form: ShellScript, last: LastCommand, shell: RunningShell, *, init: bool) -> Finding | None:
    if last.kind == "background":
        return _ends(form, shell)
    if last.handles_signals or (last.kind == "builtin" and last.is_single):
        return None
    start = (
        "the ENTRYPOINT gets a shell with this text. If it execs its arguments, the shell"
        if shell.behind and not init
        else "a shell runs this text and"
    )
    effect = (
        f"may stay in front of the program{shell.condition}. Then SIGTERM ends the shell, and the program, "
        "which does not get it, is killed"
        if init
        else f"may stay process 1{shell.condition}. Then the program does not get SIGTERM, and `docker stop` "
        "kills it after 10 seconds"
    )
    fix = _with_exec(form, form.text, last)
    return Finding(
        weight=7,
        rule="EXEC-22",
        message=f"{start} {effect}",
        line=form.line,
        column=form.column,
        fix=fix,
        advice=_ADVICE.get(last.kind, _USUAL_ADVICE),
    )


def _with_exec(form: ShellScript, text: str, last: LastCommand) -> Fix | None:
    """The text in exec form, or with `exec` in front of its last command; None if neither is known."""
    if last.kind != "command":
        return None
    exec_form = form.without_shell(text) if last.is_single else None
    return exec_form or form.rewritten(f"{text[: last.at]}exec {text[last.at :]}")


def _ends(form: ShellScript, shell: RunningShell) -> Finding:
    """The finding that the shell does not wait for its last command."""
    text = form.text.rstrip()
    awaited = text[:-1].rstrip() if text.endswith("&") else ""
    start = "the ENTRYPOINT gets a shell with this text. The" if shell.behind else "the"
    return Finding(
        weight=5 if shell.behind or shell.condition else 1,
        rule="EXEC-22",
        message=f"{start} shell does not wait for the command in front of the last &: the shell ends, "
        f"and the container with it{shell.condition}",
        line=form.line,
        column=form.column,
        fix=_with_exec(form, awaited, last_command(awaited)),
        advice="remove the & behind the last command",
    )
