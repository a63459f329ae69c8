"""The text for a shell that a CMD or ENTRYPOINT has, in shell form or in an array with `sh -c`."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cmdpoint.findings.arrays import is_shell_text
from cmdpoint.findings.finding import Fix, Source
from cmdpoint.findings.shells import as_exec
from cmdpoint.findings.wrappers import shell_in
from cmdpoint.oracle.case import ImageConfig, Words
from cmdpoint.oracle.dockerfile.form import ExecForm
from cmdpoint.oracle.outcome import Prediction

_NOT_POSIX: Final = re.compile(r"(?:.*[/\\])?(?:powershell|pwsh|cmd)(?:\.exe)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ShellScript:
    """A CMD or ENTRYPOINT with a text for a shell: in shell form, or an array such as `["sh", "-c", "a"]`.

    Attributes:
        line: Its line.
        column: The column of its arguments.
        keyword: Its keyword.
        text: The text.
        shell: The words in front of the text.
        behind: The words behind it.
        is_array: Whether it is in exec form.
    """

    line: int
    column: int
    keyword: str
    text: str
    shell: Words
    behind: Words = ()
    is_array: bool = False

    def rewritten(self, text: str) -> Fix:
        """The fix that gives another text to the shell."""
        words = (*self.shell, text, *self.behind)
        shown = json.dumps(words, ensure_ascii=False) if self.is_array else text
        return Fix(f"{self.keyword} {shown}", words)

    def without_shell(self, text: str) -> Fix | None:
        """The fix that starts a simple command without the shell; None if an option or a word is lost."""
        is_plain = not self.is_array or (len(self.shell) == 2 and self.shell[1] == "-c" and not self.behind)
        return as_exec(self.keyword, text) if is_plain else None


def scripts_of(source: Source, effective: dict[str, int], prediction: Prediction) -> Iterator[ShellScript]:
    """Yield the texts for a shell that are part of what runs.

    Args:
        source: The Dockerfile.
        effective: The lines of the ENTRYPOINT and the CMD that are part of what runs, by field.
        prediction: What is predicted.
    """
    config = prediction.config or ImageConfig()
    for field, line in effective.items():
        is_entrypoint = field == "Entrypoint"
        words = config.entrypoint if is_entrypoint else config.cmd
        script = _script_of(source, line, words, () if is_entrypoint else config.entrypoint)
        if script is not None:
            yield script


def _script_of(source: Source, line: int, words: Words, in_front: Words) -> ShellScript | None:
    """The text for a shell that an instruction has, or None if it has none.

    Args:
        source: The Dockerfile.
        line: The line of the instruction.
        words: The words that it stands for.
        in_front: The words of the ENTRYPOINT, if it is a CMD.
    """
    command = source.commands.get(line)
    if command is None or not words or _NOT_POSIX.fullmatch(words[0]):
        return None
    where = line, source.column(line), command.instruction.keyword
    if is_shell_text(command):
        return ShellScript(*where, getattr(command.form, "text", "") or "", words[:-1])
    if not isinstance(command.form, ExecForm):
        return None
    front, whole = shell_in(in_front), shell_in((*in_front, *words))
    if front is not None and not front[1].text and whole is not None and whole[1].text == words[0]:
        return ShellScript(*where, words[0], (), words[1:], is_array=True)
    found = shell_in(words)
    at = 0 if found is None else len(words) - len(found[1].parameters) - 1
    if found is None or not found[1].text or words[at] != found[1].text:
        return None
    return ShellScript(*where, words[at], words[:at], words[at + 1 :], is_array=True)
