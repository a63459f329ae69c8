"""From Dockerfile text to commands, line by line; what a line alone can do wrong is refused here."""

import re
from collections.abc import Iterator
from typing import Final

from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.command import Command
from cmdpoint.oracle.dockerfile.directives import read_escape
from cmdpoint.oracle.dockerfile.form import ExecForm, Form, read_form
from cmdpoint.oracle.dockerfile.heredoc import heredocs
from cmdpoint.oracle.dockerfile.instruction import Instruction, instruction
from cmdpoint.oracle.dockerfile.json_array import NotStrings
from cmdpoint.oracle.dockerfile.lines import Line, Lines
from cmdpoint.oracle.dockerfile.pairs import split_words, what_is_wrong
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.refusals import Kind
from cmdpoint.oracle.trace import Scope

_WITH_FORM: Final = frozenset({"CMD", "ENTRYPOINT", "RUN", "SHELL"})
_WITH_LIST: Final = frozenset({"ADD", "COPY", "VOLUME"})
_WITH_WORDS: Final = frozenset({"ARG", "ENV", "LABEL"})
_WITH_HEREDOC: Final = frozenset({"ADD", "COPY", "RUN"})
_ON_BUILD = re.compile(r"\s*ONBUILD[\t\n\f\r ]*", re.IGNORECASE | re.ASCII)


class Reader:
    """Reads one Dockerfile, or one trigger, which is read like a file of its own (ONB-7).

    Attributes:
        escape: The escape character, as soon as the directives are read.
    """

    def __init__(self, dialect: Dialect, scope: Scope) -> None:
        self._dialect = dialect
        self._scope = scope
        self.escape = "\\"

    def commands(self, text: str) -> list[Command] | Refusal:
        """Read a text that must hold something.

        Returns:
            Its commands, at least one; or the refusal, at stage `parse`.
        """
        if not text:
            return self._refuse("LEX-23", "empty-dockerfile", "the Dockerfile is empty", None)
        commands = self.read(text)
        if not commands:
            return self._refuse("LEX-23", "no-instructions", "the Dockerfile has no instructions", None)
        return commands

    def read(self, text: str) -> list[Command] | Refusal:
        """Read a text.

        Returns:
            Its commands; or the refusal, at stage `parse`.
        """
        lines = Lines(text, self._dialect, self._scope)
        if lines.physical and lines.physical[0].lstrip()[:1] == "#":
            escape = read_escape(lines.physical, self._dialect, self._scope)
            if isinstance(escape, Refusal):
                return escape
            lines.escape = self.escape = escape
        commands = []
        for line in lines:
            command = self._command(line, lines)
            if isinstance(command, Refusal):
                return command
            commands.append(command)
        if lines.too_long is not None:
            note = "reading ends before the line that is too long"
            self._scope.at(lines.too_long).note("LEX-3", "text", note=note)
        if lines.too_long is not None and commands and self._dialect.long_line == "refused":
            message = f"a line has more than {self._dialect.longest_line} bytes"
            return self._refuse("LEX-3", "line-too-long", message, lines.too_long)
        return commands

    def _command(self, line: Line, lines: Lines) -> Command | Refusal:
        scope = self._scope.at(line.number)
        read = self._instruction(line)
        inner = self._inner(read) if read.keyword == "ONBUILD" and read.text else None
        if inner is not None:
            scope.note("FORM-18", "text", None, read.text, "read now, and once more when it is triggered")
        form = self._form(inner or read, scope)
        if isinstance(form, NotStrings):
            return Refusal("parse", "not-all-strings", "a JSON array must hold strings only", read.line)
        words = self._words(inner or read)
        if wrong := what_is_wrong((inner or read).keyword, words, (inner or read).text):
            return self._refuse("LEX-31", "bad-syntax", wrong, read.line)
        body = ""
        if "<<" in line.text and (inner or read).keyword in _WITH_HEREDOC and not isinstance(form, ExecForm):
            for name, text in self._bodies(line, lines):
                if text is None:
                    message = f"no line {name!r} ends the here-document"
                    return self._refuse("LEX-25", "unterminated-heredoc", message, read.line)
                body += f"\n{text}{name}"
        if self._dialect.heredoc_in_trigger == "left out":
            body = ""
        trigger = "" if inner is None else _ON_BUILD.sub("", read.original, count=1) + body
        if inner is not None:
            return Command(read, None, inner, trigger=trigger)
        return Command(read, form, words=words)

    def _words(self, read: Instruction) -> Words:
        return split_words(read.text, self.escape) if read.keyword in _WITH_WORDS else ()

    def _inner(self, read: Instruction) -> Instruction:
        return self._instruction(Line(read.line, read.text, read.joined))

    def _instruction(self, line: Line) -> Instruction:
        escape = self.escape if self._dialect.flag_escape == "as set" else "\\"
        return instruction(line, escape, self._scope)

    def _form(self, read: Instruction, scope: Scope) -> Form | NotStrings | None:
        if read.keyword in _WITH_FORM:
            return read_form(read, self.escape, self._dialect, scope)
        if read.keyword in _WITH_LIST and read.text.startswith("["):
            return read_form(read, self.escape, self._dialect, scope.apart())
        if read.keyword == "HEALTHCHECK" and read.text:
            _, *rest = read.text.split(maxsplit=1)
            scope.note("FORM-17", "Healthcheck", note="its CMD is no CMD")
            test = Instruction("HEALTHCHECK", (), rest[0] if rest else "", read.line, "")
            return read_form(test, self.escape, self._dialect, scope.apart())
        return None

    def _bodies(self, line: Line, lines: Lines) -> Iterator[tuple[str, str | None]]:
        """The here-documents below a line, with the words that end them."""
        for document in heredocs(line.text):
            scope = self._scope.at(line.number)
            if self._dialect.heredocs == "instructions":
                note = "not known here: the lines below are instructions"
                scope.note("LEX-25", "text", document.name, document.name, note)
                return
            body = lines.body(document.name, chomp=document.chomp)
            scope.note("LEX-25", "text", None, document.name, "the lines up to this word are data")
            yield document.name, body

    def _refuse(self, rule: str, kind: Kind, message: str, line: int | None) -> Refusal:
        self._scope.at(line).note(rule, "build", None, "refused")
        return Refusal("parse", kind, message, line)
