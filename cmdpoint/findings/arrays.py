"""Findings about text that begins like a JSON array, but is none, and so goes to a shell."""

import json
import re
from collections.abc import Iterator
from typing import Final

from cmdpoint.findings.finding import Finding, Fix, Source
from cmdpoint.findings.shell_tests import is_test
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.form import ShellForm
from cmdpoint.oracle.dockerfile.json_array import Strings, read_array

_CURLY: Final = re.compile("[\u201c\u201d\u201e\u201f\u2033]")
_BAD_ESCAPE: Final = re.compile(r'\\(?:\\)?(?=[^"\\/bfnrtu]|u(?![0-9a-fA-F]{4}))')
_NO_COMMA: Final = re.compile(r'("(?:[^"\\]|\\.)*")(\s*)(?=")')
_TRAILING_COMMA: Final = re.compile(r",(\s*)\]\s*$")
_SINGLE: Final = re.compile(r"'((?:[^'\\]|\\.)*)'")


def malformed_arrays(source: Source, effective: set[int]) -> Iterator[Finding]:
    """Yield a finding for each CMD, ENTRYPOINT and SHELL whose array is not JSON.

    Args:
        source: The Dockerfile.
        effective: The lines whose words are part of what runs.
    """
    for line, command in source.commands.items():
        read = command.instruction
        if read.keyword not in ("CMD", "ENTRYPOINT") or not isinstance(command.form, ShellForm):
            continue
        text = command.form.text or ""
        if not text.startswith("[") or is_test(text):
            continue
        cause, part, words = _diagnose(text)
        at, column = source.position(line, part)
        fix = None if words is None else Fix(f"{read.keyword} {json.dumps(words, ensure_ascii=False)}", words)
        yield Finding(
            weight=1 if line in effective else 5,
            rule="FORM-2" if isinstance(read_array(text, ignore_trailing=True), Strings) else "FORM-4",
            message=f"this is not a JSON array, so a shell gets the text with its brackets: {cause}",
            line=line,
            column=column,
            at=at,
            fix=fix,
            advice="write a JSON array of strings in double quotes, or text without brackets",
        )


def _diagnose(text: str) -> tuple[str, str, Words | None]:
    """What is wrong, the text where it is, and the words that were meant."""
    whole = read_array(text, ignore_trailing=True)
    if isinstance(whole, Strings):
        behind = whole.trailing
        kind = "a comment" if behind.startswith("#") else "text"
        note = "; comments need a line of their own" if behind.startswith("#") else ""
        return f"{kind} follows the closing bracket ({behind!r}){note}", behind, whole.words
    attempts = (
        (
            "a backslash stands in front of a character that JSON does not escape",
            _first(_BAD_ESCAPE, text),
            _escaped(text),
        ),
        ("curly quotes instead of straight ones", _first(_CURLY, text), _CURLY.sub('"', text)),
        ("single quotes instead of double ones", "'", _double_quoted(text)),
        ("a comma is missing between two strings", _missing_comma(text), _NO_COMMA.sub(r"\1,\2 ", text)),
        (
            "a comma stands in front of the closing bracket",
            _first(_TRAILING_COMMA, text),
            _TRAILING_COMMA.sub(r"\1]", text),
        ),
        ("the closing bracket is missing", text[-1], f"{text}]"),
    )
    for cause, part, mended in attempts:
        if mended == text:
            continue
        array = read_array(mended, ignore_trailing=True)
        if isinstance(array, Strings):
            return cause, part, array.words
    mended = _TRAILING_COMMA.sub(r"\1]", _NO_COMMA.sub(r"\1,\2 ", _double_quoted(_CURLY.sub('"', text))))
    array = read_array(mended, ignore_trailing=True)
    if mended != text and isinstance(array, Strings):
        return "its quotes and commas are not JSON's", "", array.words
    return "JSON takes strings in double quotes, separated by commas, and nothing else", "", None


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return text[found.start() : found.start() + 2] if found else ""


def _missing_comma(text: str) -> str:
    found = _NO_COMMA.search(text)
    return text[found.end() :][:8] if found else ""


def _escaped(text: str) -> str:
    r"""The text in which each backslash that JSON does not know is doubled; `\\` stays."""
    return re.sub(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})|\\', lambda found: found[0] if found[1] else r"\\", text)


def _double_quoted(text: str) -> str:
    return _SINGLE.sub(lambda found: json.dumps(found[1].replace("\\'", "'")), text)


def is_shell_text(command: Command) -> bool:
    """Whether an instruction is in shell form, and does not look like an array."""
    text = command.form.text if isinstance(command.form, ShellForm) else None
    return text is not None and text != "" and (not text.startswith("[") or is_test(text))
