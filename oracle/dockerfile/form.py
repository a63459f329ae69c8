"""The two forms of a command: the exec form, a JSON array of strings, and the shell form, any other text."""

from dataclasses import dataclass

from oracle.dialect import Dialect
from oracle.dockerfile.json_array import NotJson, NotStrings, Strings, read_array
from oracle.model import Words
from oracle.trace import Trace


@dataclass(frozen=True, slots=True)
class ExecForm:
    """The words are the command, as they stand."""

    words: Words


@dataclass(frozen=True, slots=True)
class ShellForm:
    """The text is for a shell; None where the instruction has no arguments at all."""

    text: str | None


Form = ExecForm | ShellForm


def read_form(text: str, dialect: Dialect, trace: Trace) -> Form | NotStrings:
    """Decide which form a command is written in (FORM-1 to FORM-4, FORM-11 to FORM-14).

    Args:
        text: The instruction's arguments, without white space around them.
        dialect: Decides what text after a JSON array does.
        trace: Takes the steps.

    Returns:
        The form, or `NotStrings` where the build is refused (FORM-3).
    """
    if not text:
        trace.note("FORM-12", "form", None, "shell form", "no arguments")
        return ShellForm(None)
    array = read_array(text, ignore_trailing=dialect.trailing_text == "ignored")
    match array:
        case NotStrings():
            trace.note("FORM-3", "form", text, None)
            return array
        case NotJson():
            _note_shell_form(text, trace)
            return ShellForm(text)
        case Strings():
            _note_exec_form(array, trace)
            return ExecForm(array.words)


def _note_shell_form(text: str, trace: Trace) -> None:
    trace.note("FORM-1", "form", text, "shell form")
    if text.startswith("["):
        if isinstance(read_array(text, ignore_trailing=True), NotJson):
            trace.note("FORM-4", "form", text, "shell form", "it begins like JSON, but is not JSON")
        else:
            trace.note("FORM-2", "form", text, "shell form", "text follows the closing bracket")
    trace.note("FORM-14", "text", None, text)


def _note_exec_form(array: Strings, trace: Trace) -> None:
    trace.note("FORM-1", "form", None, "exec form")
    if array.trailing:
        trace.note("FORM-2", "words", array.trailing, None, "ignored: it follows the closing bracket")
    if not array.words:
        trace.note("FORM-11", "words", None, array.words)
    if array.words == ("",):
        trace.note("FORM-13", "words", None, array.words)
