"""From logical lines to commands: the keyword, flags and arguments of an instruction, and their form.

What is wrong with the text is refused here; what is wrong with an instruction, in `checks`.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.assignments import split_words, what_is_wrong
from cmdpoint.oracle.dockerfile.directives import read_directives
from cmdpoint.oracle.dockerfile.flags import split_flags
from cmdpoint.oracle.dockerfile.form import ExecForm, Form, read_form
from cmdpoint.oracle.dockerfile.go_strings import SEPARATOR, SPACE, lower, split_at_bytes
from cmdpoint.oracle.dockerfile.heredoc import Document, heredocs
from cmdpoint.oracle.dockerfile.json_array import NotStrings
from cmdpoint.oracle.dockerfile.lines import Line, Lines
from cmdpoint.oracle.memory import remembered
from cmdpoint.oracle.outcome import Refusal, Step, StepPhase
from cmdpoint.oracle.refusals import Kind
from cmdpoint.oracle.trace import Scope

_WITH_FORM: Final = frozenset({"CMD", "ENTRYPOINT", "RUN", "SHELL"})
_WITH_LIST: Final = frozenset({"ADD", "COPY", "VOLUME"})
_WITH_ASSIGNMENTS: Final = frozenset({"ARG", "ENV", "LABEL"})
_WITH_HEREDOC: Final = frozenset({"ADD", "COPY", "RUN"})
_ON_BUILD = re.compile(r"\A[\t\n\f\r ]*ONBUILD[\t\n\f\r ]*", re.IGNORECASE | re.ASCII)
_FLAGS_MAY_BEGIN: Final = ("-", " ", "\udc85", "\udca0")
"""How arguments begin that may have flags: a byte 0x85 or 0xA0 is white space in front of a flag."""


class Instruction(NamedTuple):
    """An instruction as written.

    Attributes:
        keyword: In capitals.
        flags: The words in front of the arguments that begin with `--`.
        text: The arguments, without white space around them.
        line: The physical line it starts on, from 1.
        original: The whole logical line.
        joined: Whether it stands on several physical lines.
        comments: The comments above it, as written.
    """

    keyword: str
    flags: tuple[str, ...]
    text: str
    line: int
    original: str
    joined: bool = False
    comments: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """The arguments of an instruction that takes words, such as FROM."""
        return SEPARATOR.split(self.text) if self.text else []


class Command(NamedTuple):
    """An instruction with its arguments read, but not checked.

    Attributes:
        instruction: As written.
        form: The form of its arguments, for an instruction that has forms.
        inner: The instruction behind ONBUILD.
        words: The words of an ARG, an ENV or a LABEL.
        trigger: The text that an ONBUILD stores in the image (ONB-2).
        documents: The here-documents below a RUN, COPY or ADD.
    """

    instruction: Instruction
    form: Form | None = None
    inner: Instruction | None = None
    words: tuple[str, ...] = ()
    trigger: str = ""
    documents: tuple[Document, ...] = ()


class Reader:
    """Reads one Dockerfile, or one trigger, which is read like a file of its own (ONB-7).

    Attributes:
        escape: The escape character, once the directives are read.
    """

    def __init__(self, dialect: Dialect, scope: Scope) -> None:
        """Prepare to read.

        Args:
            dialect: Decides how lines and forms are read.
            scope: Takes the steps: each at its line of the text.
        """
        self._dialect = dialect
        self._scope = scope
        self.escape = "\\"

    def commands(self, text: str) -> list[Command] | Refusal:
        """Read a text that must have an instruction.

        Returns:
            Its commands, at least one; or the refusal, at phase `parse`.
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
            Its commands, if any; or the refusal, at phase `parse`. Nothing may change the list.
        """
        scope = self._scope
        read, self.escape, steps = remembered(
            _read, (text, scope.phase, scope.image, scope.line), self._dialect
        )
        scope.extend(steps)
        return read

    def read_anew(self, text: str) -> list[Command] | Refusal:
        """Read a text, whether or not it was read before; see `read`."""
        lines = Lines(text, self._dialect, self._scope)
        if lines.physical and lines.physical[0].lstrip()[:1] == "#":
            directives = read_directives(lines.physical, self._dialect, self._scope)
            if isinstance(directives, Refusal):
                return directives
            lines.escape = self.escape = directives.escape
            lines.directives = directives.lines
        commands = []
        for line in lines:
            command = self._command(line, lines)
            if isinstance(command, Refusal):
                return command
            commands.append(command)
        if lines.too_long is not None:
            note = "reading ends before the line that is too long"
            self._scope.at(lines.too_long).note("LEX-3", "text", note=note)
            if commands and self._dialect.long_line == "refused":
                message = f"a line has more than {self._dialect.longest_line} bytes"
                return self._refuse("LEX-3", "line-too-long", message, lines.too_long)
        return commands

    def _command(self, line: Line, lines: Lines) -> Command | Refusal:
        scope = self._scope.at(line.number)
        read = self._instruction(line, scope)
        if line.comments:
            read = read._replace(comments=line.comments)
            if self._dialect.check_comment == "no answer" and "check" in lower("".join(line.comments)):
                scope.note("LEX-32", "line", note="a check comment above it may set its checks")
        inner: Instruction | None = None
        if read.keyword == "ONBUILD" and read.text:
            inner = self._instruction(Line(read.line, read.text, read.joined), scope)
            scope.note("FORM-18", "text", None, read.text, "read now, and again when it is triggered")
        arguments = inner or read
        form = self._form(arguments, scope)
        if isinstance(form, NotStrings):
            return Refusal("parse", "not-all-strings", "a JSON array must hold strings only", read.line)
        words: Words = ()
        if arguments.keyword in _WITH_ASSIGNMENTS:
            words = split_words(arguments.text, self.escape)
            if wrong := what_is_wrong(arguments.keyword, words, arguments.text):
                return self._refuse("LEX-31", "bad-syntax", wrong, read.line)
        documents: tuple[Document, ...] | Refusal = ()
        if "<<" in line.text and arguments.keyword in _WITH_HEREDOC and not isinstance(form, ExecForm):
            documents = self._documents(line, lines, scope)
        if isinstance(documents, Refusal):
            return documents
        if inner is None:
            return Command(read, form, words=words, documents=documents)
        stored = documents if self._dialect.heredoc_in_trigger == "stored" else ()
        bodies = "".join(f"\n{each.text}{each.heredoc.name}" for each in stored)
        return Command(read, None, inner, trigger=_ON_BUILD.sub("", read.original) + bodies)

    def _instruction(self, line: Line, scope: Scope) -> Instruction:
        return _split(line, self._flag_escape, scope)

    def _flag_escape(self) -> str:
        return self.escape if self._dialect.flag_escape == "as set" else "\\"

    def _form(self, read: Instruction, scope: Scope) -> Form | NotStrings | None:
        """The form of the arguments of an instruction that has forms."""
        if read.keyword in _WITH_FORM:
            if "<<" in read.text and read.keyword != "RUN":
                note = "no here-document: only RUN, COPY and ADD take one"
                scope.note("LEX-24", "text", read.text, read.text, note)
            form = read_form(read.text, self.escape, self._dialect, scope)
            if read.joined and isinstance(form, ExecForm):
                scope.note("FORM-9", "words", None, form.words, "an array over several lines")
            return form
        if read.keyword in _WITH_LIST and read.text.startswith("["):
            return read_form(read.text, self.escape, self._dialect, scope.apart())
        if read.keyword == "HEALTHCHECK" and read.text:
            kind, *rest = split_at_bytes(read.text)
            scope.note("FORM-17", "Healthcheck", note="its CMD is not the image's Cmd")
            command = "".join(rest) if kind else ""
            return read_form(command, self.escape, self._dialect, scope.apart())
        return None

    def _documents(self, line: Line, lines: Lines, scope: Scope) -> tuple[Document, ...] | Refusal:
        """The here-documents below a line."""
        documents: list[Document] = []
        for heredoc in heredocs(line.text, self._dialect):
            name = heredoc.name
            if self._dialect.heredocs == "instructions":
                scope.note("LEX-25", "text", name, name, "not supported: the lines below are instructions")
                break
            text = lines.body(name, chomp=heredoc.chomp)
            scope.note("LEX-25", "text", None, name, "the lines up to this word are data")
            if text is None:
                message = f"no line {name!r} ends the here-document"
                return self._refuse("LEX-25", "unterminated-heredoc", message, line.number)
            documents.append(Document(heredoc, text))
        return tuple(documents)

    def _refuse(self, rule: str, kind: Kind, message: str, line: int | None) -> Refusal:
        self._scope.at(line).note(rule, "build", None, "refused")
        return Refusal("parse", kind, message, line)


def _read(
    text: str, phase: StepPhase, image: str | None, line: int | None, dialect: Dialect
) -> tuple[list[Command] | Refusal, str, tuple[Step, ...]]:
    """What a reader reads of a text, the escape character, and the steps."""
    scope = Scope(phase, image, line, [])
    reader = Reader(dialect, scope)
    commands = reader.read_anew(text)
    return commands, reader.escape, scope.steps


def _split(line: Line, flag_escape: Callable[[], str], scope: Scope) -> Instruction:
    """Split a logical line into keyword, flags and arguments (LEX-19 to LEX-21, LEX-26, LEX-28).

    Source: moby/buildkit, `frontend/dockerfile/parser/split_command.go`.
    """
    stripped = line.text.strip(SPACE)
    keyword, *rest = SEPARATOR.split(stripped, maxsplit=1)
    if not keyword.isascii() and any(char in SPACE for char in keyword):
        scope.note("LEX-20", "keyword", note="only ASCII white space ends a keyword")
    if not rest:
        return Instruction(_upper(keyword, scope), (), "", line.number, line.text, line.joined)
    if stripped[len(keyword)] in "\v\f\r":
        scope.note("LEX-20", "keyword", note="vertical tab, form feed and carriage return end a keyword too")
    flags: tuple[str, ...] = ()
    text = rest[0]
    if text.startswith(_FLAGS_MAY_BEGIN):
        flags, text = split_flags(text, flag_escape())
    if flags:
        scope.note("LEX-26", "flags", None, flags)
    elif text != rest[0]:
        scope.note("LEX-28", "text", rest[0], text, "-- ends the flags, and is dropped")
    bare = text.strip(SPACE)
    if len(bare) != len(text) or len(stripped) != len(line.text.rstrip("\t ")):
        scope.note("LEX-19", "text", None, bare, "white space around it is dropped")
    return Instruction(_upper(keyword, scope), flags, bare, line.number, line.text, line.joined)


def _upper(keyword: str, scope: Scope) -> str:
    lowered = keyword if keyword.isascii() else lower(keyword)
    # Go only lowers it: the upper case of U+017F is S, yet it is no letter of SHELL.
    upper = lowered.upper() if lowered.isascii() else keyword
    if upper != keyword:
        scope.note("LEX-21", "keyword", keyword, upper, "letter case does not matter")
    return upper
