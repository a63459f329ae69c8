"""Findings about commands of bash, `source` and `[[`, in a text for /bin/sh, which may be dash (EXEC-20).

Source: POSIX, "dot"; Debian Policy, 10.4 "Scripts"; Alpine Linux, BusyBox `ash`; the shells of Fedora and its
derivatives.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Final, Literal

from cmdpoint.bases.names import reference
from cmdpoint.bases.symbols import shell_of
from cmdpoint.findings.finding import Finding, Fix, Source
from cmdpoint.findings.script_text import ShellScript, scripts_of
from cmdpoint.findings.shell_text import RESERVED, Piece, first_word, pieces_of
from cmdpoint.oracle.outcome import Prediction

_WITH_DASH: Final = re.compile(
    r"library/(?:buildpack-deps|debian|gcc|golang|httpd|nginx|node|perl|php|postgres|python|redis|ruby|rust|ubuntu)"
)
"""Official images whose tags are of Debian or Ubuntu, save those of Alpine."""

_OTHERS: Final = re.compile(
    "alpine|busybox|fedora|centos|almalinux|rockylinux|oraclelinux|amazonlinux|archlinux|opensuse|photon|ubi[0-9]|bash"
)
"""Parts of names of images whose /bin/sh is bash or BusyBox, which have both commands."""

_CHANGES_SHELL: Final = re.compile(
    r"(?:ln|cp|mv)\b.*\s(?:/usr)?/bin/sh(?:\s|$)|dpkg-reconfigure.*\bdash|chsh"
)

_ONE_FILE: Final = re.compile(r"""\s+(?:[^\s"'&|;<>]*/[^\s"'&|;<>]*|"[^"]*/[^"]*"|'[^']*/[^']*')\s*""")

Sh = Literal["dash", "other", "unknown"]


def commands_of_bash(source: Source, effective: dict[str, int], prediction: Prediction) -> Iterator[Finding]:
    """Yield a finding for each text of what runs that needs more than dash, if its shell may be dash.

    Args:
        source: The Dockerfile.
        effective: The lines of the ENTRYPOINT and the CMD that are part of what runs, by field.
        prediction: What is predicted.
    """
    for script in scripts_of(source, effective, prediction):
        base = _base(source, script.line)
        kind = _sh(script, base)
        found = [] if kind == "other" or _changes_shell(source) else _commands(script.text)
        if found:
            yield _finding(script, found, base, is_dash=kind == "dash")


def _finding(
    script: ShellScript, found: list[tuple[int, Piece, str]], base: str, *, is_dash: bool
) -> Finding:
    """The finding about a text.

    Args:
        script: The text.
        found: The commands in it, with the places where they begin.
        base: The name of the base image.
        is_dash: Whether the shell is known to be dash.
    """
    word = found[0][2]
    shell = f"the sh of {base} is dash, which has" if is_dash else f"if the sh of {base} is dash, it has"
    instead = "." if word == "source" else "[ ]"
    return Finding(
        weight=1 if is_dash else 5,
        rule="EXEC-20",
        message=f"{shell} no {word!r}: that is a command of bash, and is not found",
        line=script.line,
        column=script.column,
        fix=_with_dots(script, found),
        advice=f"use {instead!r}, or run bash in place of sh",
    )


def _with_dots(script: ShellScript, found: list[tuple[int, Piece, str]]) -> Fix | None:
    """The text with `.` for `source`; None if it depends on PATH or on arguments, or has another command."""
    text = script.text
    for at, piece, word in reversed(found):
        if word != "source" or not _ONE_FILE.fullmatch(text[at + len(word) : piece.end]):
            return None
        text = f"{text[:at]}.{text[at + len(word) :]}"
    return script.rewritten(text)


def _commands(text: str) -> list[tuple[int, Piece, str]]:
    """The commands of bash in a text, with the places where they begin; none if it is not understood."""
    found = []
    try:
        for piece in pieces_of(text):
            at, word = first_word(text, piece)
            while word in RESERVED - {"[["}:
                at, word = first_word(text, Piece(at + len(word), piece.end, piece.operator))
            if word in ("source", "[["):
                found.append((at, piece, word))
    except (IndexError, ValueError):
        return []
    return found


def _sh(script: ShellScript, base: str) -> Sh:
    """Which shell gets a text."""
    program = script.shell[0] if script.shell else ""
    name = posixpath.basename(program)
    if name == "dash":
        return "dash"
    is_symbol = program.startswith("[") and program == shell_of(base)
    if name != "sh" and not is_symbol:
        return "other"
    known = reference(base)
    path, tag = (known.path, known.tag) if known is not None and known.domain == "docker.io" else ("", "")
    if _OTHERS.search(base):
        return "other"
    return "dash" if _WITH_DASH.fullmatch(path) and not tag.startswith("$") else "unknown"


def _base(source: Source, line: int) -> str:
    """The name of the image on which the stage of a line is built, through earlier stages."""
    bases: dict[str, str] = {}
    name = ""
    for at, command in sorted(source.commands.items()):
        words = command.instruction.words
        if at > line or command.instruction.keyword != "FROM" or not words:
            continue
        name = bases.get(words[0].lower(), words[0])
        if len(words) == 3 and words[1].lower() == "as":
            bases[words[2].lower()] = name
    return name


def _changes_shell(source: Source) -> bool:
    """Whether a RUN may replace /bin/sh."""
    return any(
        command.instruction.keyword == "RUN" and _CHANGES_SHELL.search(command.instruction.text)
        for command in source.commands.values()
    )
