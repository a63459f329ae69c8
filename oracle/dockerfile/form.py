"""The two forms of a command: the exec form, a JSON array of strings, and the shell form, any other text."""

import re
from dataclasses import dataclass

from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.instruction import Instruction
from cmdpoint.oracle.dockerfile.json_array import NotJson, NotStrings, Strings, read_array
from cmdpoint.oracle.dockerfile.text import readable
from cmdpoint.oracle.trace import Scope


@dataclass(frozen=True, slots=True)
class ExecForm:
    """The words are the command, as they stand."""

    words: Words


@dataclass(frozen=True, slots=True)
class ShellForm:
    """The text is for a shell; None where the instruction has no arguments at all."""

    text: str | None


Form = ExecForm | ShellForm

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]|\t")
_NO_JSON_BLANK = re.compile("[\v\f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


def read_form(read: Instruction, escape: str, dialect: Dialect, scope: Scope) -> Form | NotStrings:
    """Decide which form a command is written in (FORM-1 to FORM-14).

    Args:
        read: The instruction.
        escape: The escape character, which has no say in it (FORM-10).
        dialect: Decides what text after a JSON array does.
        scope: Takes the steps.

    Returns:
        The form, or `NotStrings` where the build is refused (FORM-3).
    """
    text = read.text
    if not text:
        scope.note("FORM-12", "form", None, "shell form", "no arguments")
        return ShellForm(None)
    if "<<" in text and read.keyword != "RUN":
        scope.note("LEX-24", "text", text, text, "no here-document: only RUN, COPY and ADD take one")
    if "$" in text:
        scope.note("LEX-29", "text", text, text, "no variable is replaced")
    array = read_array(text, ignore_trailing=dialect.trailing_text == "ignored")
    if escape != "\\" and text[0] == "[" and "\\" in text:
        scope.note("FORM-10", "text", note="JSON knows the backslash, whatever the escape directive says")
    match array:
        case NotStrings():
            scope.note("FORM-3", "form", text, None)
            return array
        case NotJson():
            _note_shell_form(text, array, scope)
            return ShellForm(text)
        case Strings():
            _note_exec_form(text, array, scope)
            if read.joined:
                scope.note("FORM-9", "words", None, array.words, "an array over several lines")
            return ExecForm(array.words)


def _note_shell_form(text: str, array: NotJson, scope: Scope) -> None:
    scope.note("FORM-1", "form", text, "shell form")
    if text[0] == "[":
        if array.too_much:
            scope.note("FORM-5", "form", text, "shell form", "too great a number, or too deep: not decoded")
        elif isinstance(read_array(text, ignore_trailing=True), NotJson):
            scope.note("FORM-4", "form", text, "shell form", "it begins like JSON, but is not JSON")
            if _CONTROL.search(text):
                scope.note("FORM-6", "form", note="a control character in a JSON string must be escaped")
            if _NO_JSON_BLANK.search(text):
                scope.note("FORM-8", "form", note="not every white space is white space to JSON")
        else:
            scope.note("FORM-2", "form", text, "shell form", "text follows the closing bracket")
    scope.note("FORM-14", "text", None, text)
    if readable(text) != text:
        scope.note("FORM-15", "text", text, readable(text), "what is not UTF-8 becomes U+FFFD")
    if _CONTROL.search(text):
        scope.note("LEX-30", "text", text, text, "control characters are kept")


def _note_exec_form(text: str, array: Strings, scope: Scope) -> None:
    scope.note("FORM-1", "form", None, "exec form")
    if array.trailing:
        scope.note("FORM-2", "words", array.trailing, None, "ignored: it follows the closing bracket")
    if not array.words:
        scope.note("FORM-11", "words", None, array.words)
    if array.words == ("",):
        scope.note("FORM-13", "words", None, array.words)
    if "\\" in text or not text.isascii():
        scope.note(
            "FORM-7", "words", None, array.words, "escapes are resolved, what is no character replaced"
        )
    if text[1] in " \t\r" or "\t" in text:
        scope.note("FORM-8", "form", None, "exec form", "blanks between the words do not matter")
