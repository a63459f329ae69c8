"""The interpreters that the kernel runs in place of a script (EXEC-12, EXEC-13)."""

from dataclasses import dataclass
from typing import Final

from cmdpoint.oracle.case import Words
from cmdpoint.oracle.files import File, Files
from cmdpoint.oracle.lookup import find
from cmdpoint.oracle.refusals import Kind

MOST_INTERPRETERS: Final = 5
"""How many interpreters may follow each other, each a script of the next."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a script has no interpreter that can run.

    Attributes:
        kind: What is wrong.
        note: One sentence for people.
    """

    kind: Kind
    note: str


def interpreted(script: File, path: str, files: Files, current_dir: str, user: str) -> Words | Unusable:
    """The words with which the kernel runs a script, without the arguments of the script.

    Args:
        script: The script.
        path: Its path.
        files: The files of the image.
        current_dir: The working directory, from which a relative interpreter leads.
        user: The user, as `USER` or `--user` names it; empty for root.

    Raises:
        UnknownFileError: It depends on files that are not known.

    Source: Linux, execve(2), fs/exec.c:exec_binprm, fs/binfmt_script.c.
    """
    words: Words = (path,)
    file = script
    for _ in range(MOST_INTERPRETERS):
        words = (*file.interpreter, *words)
        found = find(files, words[0], current_dir)
        if not isinstance(found, File):
            return Unusable("no-interpreter", f"there is no {words[0]!r}")
        if found.kind == "folder" or not found.runs_for(user):
            return Unusable("not-executable", f"the interpreter {words[0]!r} cannot be executed")
        if found.kind == "text":
            return Unusable("bad-format", f"the interpreter {words[0]!r} is no program")
        if found.kind == "program":
            return words
        file = found
    return Unusable("bad-path", f"more than {MOST_INTERPRETERS} interpreters follow each other")
