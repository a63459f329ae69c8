"""The parameters of a shell in front of the program: the first word behind its script is `$0` (EXEC-21)."""

import json
import posixpath
from collections.abc import Iterable, Iterator
from typing import Final

from cmdpoint.bases.symbols import shell_of
from cmdpoint.findings.arrays import is_shell_text
from cmdpoint.findings.finding import Finding, Fix, Source
from cmdpoint.findings.shell_text import uses_parameters, uses_shell_name, with_parameters
from cmdpoint.findings.shells import listed
from cmdpoint.findings.wrappers import shell_in
from cmdpoint.oracle.case import ImageConfig, Words
from cmdpoint.oracle.container.shell import POSIX_SHELLS, ShellCommand
from cmdpoint.oracle.dockerfile.form import ExecForm
from cmdpoint.oracle.outcome import Prediction, Process

PASS_ON: Final = 'name the program in an exec-form ENTRYPOINT, or add "$@" to the script and a word for $0'
"""What to do if a script does not pass its parameters on."""

_NAMES: Final = POSIX_SHELLS | {"-", "--", "_"}
"""What is usually written for `$0`, although a script does not use it."""


def first_parameter(
    source: Source, effective: dict[str, int], prediction: Prediction, unknown: Iterable[str]
) -> Iterator[Finding]:
    """Yield a finding if the script of an ENTRYPOINT passes on `$1` ..., and no word is for `$0`.

    Args:
        source: The Dockerfile.
        effective: The lines of the ENTRYPOINT and the CMD that are part of what runs, by field.
        prediction: What is predicted.
        unknown: The names of unknown base images. A SHELL that they may have is taken to be `/bin/sh -c`.
    """
    line = effective.get("Entrypoint")
    command = None if line is None else source.commands.get(line)
    if line is None or command is None or not isinstance(prediction.outcome, Process):
        return
    words = (prediction.config or ImageConfig()).entrypoint
    behind = prediction.outcome.argv[len(words) :]
    if is_shell_text(command) and any(words[0] == shell_of(name) for name in unknown):
        words = ("/bin/sh", "-c", *words[1:])
    elif not is_shell_text(command) and not isinstance(command.form, ExecForm):
        return
    found = shell_in(words)
    if found is None or not lacks_name(found[1]) or is_name("".join(behind[:1])):
        return
    name = posixpath.basename(words[found[0]])
    if name not in POSIX_SHELLS:
        return
    lost = (
        f"the program does not get {listed(behind[:1])}" if behind else "the first argument of a run is lost"
    )
    yield Finding(
        weight=(3 if "Cmd" in effective else 1) if behind else 5,
        rule="EXEC-21",
        message=f'{lost}: the word behind the script is $0 of the shell, and "$@" begins with the next one',
        line=line,
        column=source.column(line),
        fix=_array(command.instruction.keyword, (*words, name)),
        advice=f"add a word for $0 behind the script, such as {name!r}",
    )


def is_name(word: str) -> bool:
    """Whether a word behind a script is most likely meant for `$0`."""
    return posixpath.basename(word) in _NAMES


def lacks_name(shell: ShellCommand) -> bool:
    """Whether a script passes on its parameters, and nothing behind it is meant for `$0`."""
    return not shell.parameters and uses_parameters(shell.text) and not uses_shell_name(shell.text)


def with_all_parameters(words: Words, shell: ShellCommand) -> Fix | None:
    """The ENTRYPOINT whose script passes its parameters on to its last command; None if that is no program.

    Args:
        words: The words of the ENTRYPOINT; the last is the script.
        shell: The shell's command.
    """
    text = with_parameters(shell.text)
    found = shell_in(words)
    if text is None or found is None or words[-1] != shell.text:
        return None
    return _array("ENTRYPOINT", (*words[:-1], text, posixpath.basename(words[found[0]])))


def _array(keyword: str, words: Words) -> Fix:
    return Fix(f"{keyword} {json.dumps(words, ensure_ascii=False)}", words)
