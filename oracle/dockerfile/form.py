"""The two forms of a command: the exec form, a JSON array of strings, and the shell form, any other text."""

import re
from dataclasses import dataclass

from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import readable
from cmdpoint.oracle.dockerfile.json_array import NotJson, NotStrings, Strings, read_array
from cmdpoint.oracle.trace import Scope


@dataclass(frozen=True, slots=True)
class ExecForm:
    """The words are the command."""

    words: Words


@dataclass(frozen=True, slots=True)
class ShellForm:
    """The text is for a shell; None where the instruction has no arguments.

    A byte of it that is not UTF-8 is U+FFFD already.
    """

    text: str | None


Form = ExecForm | ShellForm

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]|\t")
_NO_JSON_BLANK = re.compile("[\v\f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


def read_form(text: str, escape: str, dialect: Dialect, scope: Scope) -> Form | NotStrings:
    """Decide which form arguments are written in (FORM-1 to FORM-14).

    Args:
        text: The arguments, without white space around them.
        escape: The escape character, which has no effect on JSON (FORM-10).
        dialect: Decides what text after a JSON array means.
        scope: Takes the steps.

    Returns:
        The form, or `NotStrings` where the build is refused (FORM-3).
    """
    if not text:
        scope.note("FORM-12", "form", None, "shell form", "no arguments")
        return ShellForm(None)
    if "$" in text:
        scope.note("LEX-29", "text", text, text, "no variable is replaced")
    if text[0] != "[":
        return _shell_form(text, None, scope)
    array, with_trailing = (read_array(text, ignore_trailing=ignore) for ignore in (True, False))
    if array != with_trailing and dialect.trailing_text == "shell form":
        array = with_trailing
    if escape != "\\" and "\\" in text:
        note = "the escape character of JSON is the backslash, whatever the escape directive says"
        scope.note("FORM-10", "text", note=note)
    match array:
        case NotStrings():
            scope.note("FORM-3", "form", text, None)
            return array
        case NotJson():
            return _shell_form(text, array, scope)
        case Strings():
            return _exec_form(text, array, scope)


def _shell_form(text: str, array: NotJson | None, scope: Scope) -> ShellForm:
    """The shell form of a text, which may begin like an array."""
    scope.note("FORM-1", "form", text, "shell form")
    if array is not None:
        _note_failed_array(text, array, scope)
    scope.note("FORM-14", "text", None, text)
    decoded = text if text.isascii() else readable(text)
    if decoded != text:
        scope.note("FORM-15", "text", text, decoded, "bytes that are not UTF-8 become U+FFFD")
    if _CONTROL.search(text):
        scope.note("LEX-30", "text", text, text, "control characters stay")
    return ShellForm(decoded)


def _note_failed_array(text: str, array: NotJson, scope: Scope) -> None:
    """Note why a text that begins with a bracket is no JSON array."""
    if array.too_much:
        scope.note("FORM-5", "form", text, "shell form", "a number is too large, or arrays nest too deep")
    elif isinstance(read_array(text, ignore_trailing=True), NotJson):
        scope.note("FORM-4", "form", text, "shell form", "it begins like JSON, but is not JSON")
        if _CONTROL.search(text):
            scope.note("FORM-6", "form", note="a control character in a JSON string must be escaped")
        if _NO_JSON_BLANK.search(text):
            scope.note("FORM-8", "form", note="not every white space is white space to JSON")
    else:
        scope.note("FORM-2", "form", text, "shell form", "text follows the closing bracket")


def _exec_form(text: str, array: Strings, scope: Scope) -> ExecForm:
    """The exec form of a JSON array of strings."""
    scope.note("FORM-1", "form", None, "exec form")
    if array.trailing:
        scope.note("FORM-2", "words", array.trailing, None, "ignored: it follows the closing bracket")
    if not array.words:
        scope.note("FORM-11", "words", None, array.words)
    if array.words == ("",):
        scope.note("FORM-13", "words", None, array.words)
    if "\\" in text or not text.isascii():
        note = "escapes are resolved, what is not Unicode is replaced"
        scope.note("FORM-7", "words", None, array.words, note)
    if text[1] in " \t\r" or "\t" in text:
        scope.note("FORM-8", "form", None, "exec form", "blanks between the words do not matter")
    return ExecForm(array.words)
