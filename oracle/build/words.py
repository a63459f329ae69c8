"""Check the words of an instruction once their variables are replaced (STATE-26 to STATE-30).

CMD, ENTRYPOINT, SHELL and RUN keep their text as it is. Every other instruction has words in which variables
are replaced and quotes removed when the instruction is reached. The build is refused where that is not
possible, and where a port, a signal, a path or a source is not what the instruction takes.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from cmdpoint.oracle.build.environment import pairs
from cmdpoint.oracle.build.platforms import wrong_default
from cmdpoint.oracle.build.variables import Expanded
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.flag_checks import wrong_mode, wrong_mount
from cmdpoint.oracle.dockerfile.form import ExecForm
from cmdpoint.oracle.dockerfile.heredoc import heredocs
from cmdpoint.oracle.dockerfile.ports import wrong_port
from cmdpoint.oracle.dockerfile.signals import is_signal

_IN_SET: Final = r"(?:\\\\.|[^-\]\\\\])"
_PATTERN: Final = re.compile(rf"(?:[^\[\\\\]|\\\\.|\[\^?+(?:{_IN_SET}(?:-{_IN_SET})?)+\])*", re.DOTALL)
"""A pattern of Go's path.Match. In a set, - and ] need a backslash, and a set has at least one member."""


def check_words(
    command: Command,
    variables: Mapping[str, str],
    given: Mapping[str, str],
    escape: str,
    dialect: Dialect,
    *,
    all_known: bool,
) -> Wrong | None:
    """What is wrong with the words of an instruction, or None.

    Args:
        command: The instruction, checked as far as it can be without values.
        variables: The variables that are set.
        given: The build arguments, by name.
        escape: The file's escape character.
        dialect: How the builder behaves.
        all_known: Whether no other variable is set. Otherwise the base may set any, and only what is wrong
            whether they are set or not is reported.

    Source: moby/buildkit, `dockerfile2llb/convert.go:dispatch`; moby/moby,
    `builder/dockerfile/dispatchers.go`, `evaluator.go:dispatch`; openshift/imagebuilder,
    `evaluator.go:Resolve`.
    """
    checker = _CHECKS.get(command.instruction.keyword)
    if checker is None:
        return None
    wrong = checker(command, Expanded(variables, escape, dialect), given, dialect)
    if wrong is None or all_known:
        return wrong
    return checker(command, Expanded(_Anything(variables), escape, dialect), given, dialect) and wrong


def expand_flags(
    command: Command, variables: Mapping[str, str], escape: str, dialect: Dialect, *, all_known: bool
) -> Command | Wrong:
    """Replace the variables in the flags of an instruction, their names included, as Buildah does.

    Args:
        command: The instruction.
        variables: The variables that are set.
        escape: The file's escape character.
        dialect: How the builder behaves.
        all_known: Whether no other variable is set. Otherwise flags with variables are left out.

    Source: openshift/imagebuilder, `dispatchers.go:add`, `dispatchCopy`, `from`, `run`.
    """
    read = command.instruction
    takes_variables = read.keyword in ("ADD", "COPY", "FROM", "RUN")
    if not read.flags or not takes_variables or read.keyword in dialect.unchecked_flags:
        return command
    expanded = Expanded(variables, escape, dialect)
    flags: list[str] = []
    for flag in read.flags:
        if all_known or "$" not in flag:
            value = expanded(flag)
            if value is None:
                return _bad_word(flag)
            flags.append(value)
    return command._replace(instruction=read._replace(flags=tuple(flags)))


class _Anything(dict[str, str]):
    """Variables of which every one is set, to a number that is also a port, a signal and a path."""

    def get(self, name: str, default: object = None) -> str:
        """The value of a variable."""
        return super().get(name, "9")


def _pairs(command: Command, expanded: Expanded, given: Mapping[str, str], dialect: Dialect) -> Wrong | None:
    """ENV and LABEL: names and values."""
    for name, value in pairs(command):
        new_name = expanded(name)
        if new_name is None or expanded(value) is None:
            return _bad_word(f"{name}={value}")
        if command.instruction.keyword == "ENV" and not new_name and dialect.empty_words == "refused":
            return "STATE-29", "bad-syntax", "ENV needs a name that is not empty"
    return None


def _arguments(
    command: Command, expanded: Expanded, given: Mapping[str, str], dialect: Dialect
) -> Wrong | None:
    """ARG: names, and defaults where no value is given."""
    for word in command.words:
        name, assigned, default = word.partition("=")
        if dialect.argument_names == "as written":
            wrong = bool(assigned) and name not in given and expanded(default) is None
        else:
            wrong = expanded(name) is None or expanded(default) is None
        if wrong:
            return _bad_word(word)
        if assigned and (why := wrong_default(name, expanded(default) or "", dialect)):
            return "STATE-16", "bad-syntax", f"ARG {word}: {why}"
    return None


def _ports(command: Command, expanded: Expanded, given: Mapping[str, str], dialect: Dialect) -> Wrong | None:
    """EXPOSE: ports, of which a variable may hold several."""
    ports: list[str] = []
    for word in command.instruction.words:
        values = expanded.words(word)
        if values is None:
            return _bad_word(word)
        ports += values
    if dialect.exposed_ports == "any text":
        return None if ports else ("LEX-31", "missing-argument", "EXPOSE needs at least one argument")
    for port in ports:
        if wrong := wrong_port(port, dialect):
            return "STATE-27", "bad-port", f"EXPOSE {port}: {wrong}"
    return None


def _signal(command: Command, expanded: Expanded, given: Mapping[str, str], dialect: Dialect) -> Wrong | None:
    """STOPSIGNAL: the number or the name of a signal."""
    value = expanded(command.instruction.text)
    if value is None:
        return _bad_word(command.instruction.text)
    if not is_signal(value, dialect):
        return "STATE-28", "bad-signal", f"there is no signal {value!r}"
    return None


def _user(command: Command, expanded: Expanded, given: Mapping[str, str], dialect: Dialect) -> Wrong | None:
    text = command.instruction.text
    return _bad_word(text) if expanded(text) is None else None


def _folder(command: Command, expanded: Expanded, given: Mapping[str, str], dialect: Dialect) -> Wrong | None:
    """WORKDIR: a path, which the classic builder requires not to be empty."""
    value = expanded(command.instruction.text)
    if value is None:
        return _bad_word(command.instruction.text)
    if not value and dialect.empty_words == "refused":
        return "STATE-29", "bad-syntax", "WORKDIR needs a path that is not empty"
    return None


def _volumes(
    command: Command, expanded: Expanded, given: Mapping[str, str], dialect: Dialect
) -> Wrong | None:
    """VOLUME: paths that are not empty."""
    for word in _words(command):
        value = expanded(word)
        if value is None:
            return _bad_word(word)
        if not value:
            return "STATE-29", "bad-syntax", "VOLUME takes no empty path"
    return None


def _wrong_document(command: Command, expanded: Expanded, dialect: Dialect) -> Wrong | None:
    """What is wrong with the lines of a here-document, where variables are replaced in them."""
    for document in command.documents if dialect.heredoc_sources == "copied" else ():
        if not document.heredoc.is_quoted and not expanded.reads(document.text):
            why = f"the variables of the here-document {document.heredoc.name!r} cannot be read"
            return "STATE-26", "bad-syntax", why
    return None


def _copy(command: Command, expanded: Expanded, given: Mapping[str, str], dialect: Dialect) -> Wrong | None:
    """ADD and COPY: sources and a destination."""
    paths: list[str] = []
    for word in _words(command):
        value = expanded(word)
        if value is None:
            return _bad_word(word)
        paths.append(value)
    if wrong := _wrong_document(command, expanded, dialect):
        return wrong
    if dialect.front_end == "docker" and (wrong := _wrong_flag(command, expanded, dialect)):
        return wrong
    if not paths:  # refused for their number
        return None
    *sources, destination = paths
    files = [
        source
        for source in sources
        if isinstance(command.form, ExecForm) or not any(heredocs(source, dialect))
    ]
    if files != sources:
        if dialect.heredocs == "instructions":
            return "STATE-30", "bad-source", "here-documents are not read: no file has such a name"
        if dialect.heredoc_sources == "ignored":
            if not files:
                return "STATE-30", "bad-source", "the here-document is not copied: there is no source"
            sources = files
    for source in sources:
        if "<<" not in source and not _is_pattern(source):
            return "STATE-30", "bad-source", f"{source!r} matches no file: its bracket is never closed"
    to_folder = destination.endswith("/") or dialect.several_sources == "to any destination"
    if len(sources) > 1 and not to_folder:
        why = f"several sources need a destination that ends in a slash, not {destination!r}"
        return "STATE-30", "bad-source", why
    return None


def _wrong_flag(command: Command, expanded: Expanded, dialect: Dialect) -> Wrong | None:
    """What is wrong with --chown and --chmod of ADD and COPY; a mode that is not checked is not expanded.

    Source: moby/buildkit, `instructions/commands.go:CopyCommand.Expand`.
    """
    values = dict(flag.partition("=")[::2] for flag in command.instruction.flags)
    names = ("--chown",) if dialect.chmod_values == "any word" else ("--chown", "--chmod")
    for name in names:
        value = expanded(values.get(name, ""))
        if value is None:
            return _bad_word(f"{name}={values[name]}")
        if name == "--chmod" and (wrong := wrong_mode(value, dialect)):
            return "LEX-33", "bad-flag", f"{command.instruction.keyword} --chmod={value}: {wrong}"
    return None


def _run(command: Command, _: Expanded, __: Mapping[str, str], dialect: Dialect) -> Wrong | None:
    """RUN: the fields of mounts; the classic builder has no flag of RUN, though its parser knows them.

    Source: moby/moby, `builder/dockerfile/dispatchers.go:dispatchRun`.
    """
    for flag in command.instruction.flags if dialect.front_end == "docker" else ():
        if flag.startswith("--mount=") and (why := wrong_mount(flag[8:], dialect)):
            return "LEX-33", "bad-flag", f"RUN {flag}: {why}"
    if not command.instruction.flags or dialect.run_flags == "accepted":
        return None
    return "LEX-33", "bad-flag", f"RUN {command.instruction.flags[0]}: this flag needs BuildKit"


def _is_pattern(source: str) -> bool:
    """Whether Go's path.Match can read a source as a pattern.

    Source: Go, `path/match.go:Match`, `matchChunk`, `getEsc`.
    """
    return bool(_PATTERN.fullmatch(source))


def _words(command: Command) -> Sequence[str]:
    """The words of an instruction that can be an array."""
    return command.form.words if isinstance(command.form, ExecForm) else command.instruction.words


def _bad_word(word: str) -> Wrong:
    return "STATE-26", "bad-syntax", f"the variables or quotes of {word!r} cannot be read"


_CHECKS: Final[Mapping[str, Callable[[Command, Expanded, Mapping[str, str], Dialect], Wrong | None]]] = {
    "ADD": _copy,
    "ARG": _arguments,
    "COPY": _copy,
    "ENV": _pairs,
    "EXPOSE": _ports,
    "LABEL": _pairs,
    "RUN": _run,
    "STOPSIGNAL": _signal,
    "USER": _user,
    "VOLUME": _volumes,
    "WORKDIR": _folder,
}
"""The check of each instruction that can be refused when it is reached."""

WITH_WORDS: Final = _CHECKS.keys()
"""The instructions that are checked when they are reached."""
