"""Read the words after `docker run`: the options, the image, and the request they make."""

import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from cmdpoint.oracle.case import CommandLine, Request, Words
from cmdpoint.oracle.clients.entrypoint_option import read_option
from cmdpoint.oracle.clients.option_values import DESCRIPTIONS, is_read
from cmdpoint.oracle.clients.run_options import RUN_OPTIONS, RunOptions
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import readable
from cmdpoint.oracle.outcome import Codes, Refusal
from cmdpoint.oracle.trace import Scope

IMAGE: Final = "IMAGE"
"""The word that stands for the case's image. No image can have this name, because of its capitals."""

_TRUE: Final = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE: Final = frozenset({"0", "f", "F", "FALSE", "false", "False"})


def command_line(entrypoint: str | None, arguments: Sequence[str]) -> CommandLine:
    """The command line of an entrypoint and arguments; with Podman, that of its client on Linux.

    Args:
        entrypoint: The value of `--entrypoint`, which is always one word; None if the option is not given.
        arguments: The words after the image.
    """
    options = () if entrypoint is None else ("--entrypoint", entrypoint)
    return CommandLine((*options, IMAGE, *arguments), local=True)


def of_image(words: Words, dialect: Dialect) -> CommandLine:
    """A command line in which `IMAGE` replaces the name of the image, the first word that is not an option.

    Args:
        words: The words after `docker run`.
        dialect: The dialect of the client.
    """
    options = _Options(words, dialect)
    with suppress(_BadOptionError):
        for _ in options:
            pass
        if options.rest:
            at = len(words) - len(options.rest)
            return CommandLine((*words[:at], IMAGE, *words[at + 1 :]))
    return CommandLine(words)


def read(line: CommandLine, dialect: Dialect, scope: Scope) -> Request | Refusal:
    """Read the words after `docker run`, as its client does.

    Of the values of options, only those of switches, numbers, durations and sizes are checked here. Others,
    such as addresses, are checked by the client and the daemon.

    Args:
        line: The words, as in the argv of the client, and which client it is.
        dialect: The dialect of the client.
        scope: Receives the steps.

    Returns:
        The request to create the container; or the refusal, in phase `client` if the client sends no request,
        in phase `create` if the image is not the case's.

    Source: docker/cli, `cli/command/container/opts.go:parse`; spf13/pflag, `flag.go:parseArgs`;
    containers/podman, `pkg/specgenutil/specgen.go:FillOutSpecGen`.
    """
    scope = scope.in_phase("client")
    options = _Options(line.words, dialect)
    values: dict[str, list[str]] = {}
    try:
        for name, value in options:
            values.setdefault(name, []).append(value)
    except _BadOptionError as bad:
        return _bad_option(str(bad), scope)
    if refusal := _no_request(options, values, dialect, scope):
        return refusal
    if any(variable.startswith("=") for variable in values.get("env", ())):
        return _bad_option("a variable has no name", scope)
    if others := [name for name in values if name not in ("entrypoint", "help")]:
        scope.note("CLI-10", "request", note=f"--{' --'.join(others)} changes neither Entrypoint nor Cmd")
    image, *arguments = map(readable, options.rest)
    if image != IMAGE:
        scope.note("CLI-1", "image", None, image, "the first word that is not an option")
        return Refusal("create", "no-such-image", f"there is no image {image!r}", codes=Codes(404, run=125))
    _note_arguments(tuple(options.rest[1:]), tuple(arguments), scope)
    entrypoint = _entrypoint(values.get("entrypoint", []), dialect, scope, local=line.local)
    return _request(entrypoint, tuple(arguments) or None, values)


def _bad_option(why: str, scope: Scope) -> Refusal:
    scope.note("CLI-17", "request", None, None, why)
    return Refusal("client", "bad-option", why, codes=Codes(run=125))


def _request(entrypoint: Words | None, words: Words | None, values: dict[str, list[str]]) -> Request:
    """The request. If an option is repeated, the last value counts, except for `--env`."""
    last = {name: readable(given[-1]) for name, given in values.items()}
    return Request(
        entrypoint,
        words,
        env=tuple(map(readable, filter(None, values.get("env", ())))),
        working_dir=last.get("workdir", ""),
        user=last.get("user", ""),
        init=last.get("init") in _TRUE,
    )


def _entrypoint(given: list[str], dialect: Dialect, scope: Scope, *, local: bool) -> Words | None:
    if not given:
        return None
    if len(given) > 1:
        scope.note(
            "CLI-5", "--entrypoint", tuple(given), given[-1], "the option is repeated: the last value counts"
        )
    entrypoint = read_option(readable(given[-1]), dialect, scope)
    if entrypoint == () and not local:
        scope.note(
            "MERGE-20",
            "Entrypoint",
            (),
            None,
            "the client does not send an empty list, so the image's Entrypoint applies",
        )
        return None
    return entrypoint


class _BadOptionError(Exception):
    """The client cannot read an option."""


class _Options:
    """The options at the beginning of a command line, as pairs of name and value.

    Attributes:
        rest: The words after the options, once the options are read.
        ended: Whether the word `--` ended the options.
    """

    def __init__(self, words: Words, dialect: Dialect) -> None:
        self.rest = list(words)
        self.ended = False
        self._dialect = dialect

    def __iter__(self) -> Iterator[tuple[str, str]]:
        while self.rest and self.rest[0].startswith("-") and self.rest[0] != "-":
            word = self.rest.pop(0)
            if word == "--":
                self.ended = True
                return
            yield from self._long(word) if word.startswith("--") else self._short(word)

    @property
    def _known(self) -> RunOptions:
        return RUN_OPTIONS[self._dialect.engine]

    def _long(self, word: str) -> Iterator[tuple[str, str]]:
        name, equals, value = word[2:].partition("=")
        if name == "" or name.startswith("-"):
            raise _BadOptionError(f"{word} is not an option")
        known = name in self._known.switches or name in self._known.valued
        if not known or name in self._dialect.unknown_run_options:
            raise _BadOptionError(f"the client knows no option --{name}")
        if not equals:
            value = "true" if name in self._known.switches else self._next(f"--{name}")
        yield self._checked(name, value)

    def _short(self, word: str) -> Iterator[tuple[str, str]]:
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            name = self._known.short.get(letter)
            unknown = self._dialect.unknown_run_options
            if name is None or name in unknown or letter in unknown:
                raise _BadOptionError(f"the client knows no option -{letter}")
            if letters.startswith("=") and len(letters) > 1:
                yield self._checked(name, letters[1:], letter)
                return
            if name in self._known.valued:
                yield self._checked(name, letters or self._next(f"-{letter}"), letter)
                return
            yield name, "true"

    def _next(self, option: str) -> str:
        if not self.rest:
            raise _BadOptionError(f"{option} needs a value")
        return self.rest.pop(0)

    def _checked(self, name: str, value: str, letter: str = "") -> tuple[str, str]:
        shown = f"-{letter} is --{name}, which" if letter else f"--{name}"
        nameless = name == "env" and value[:1] in ("", "=")
        if nameless and self._dialect.nameless_option == "refused":
            raise _BadOptionError(f"the variable {value!r} has no name")
        if name in self._known.switches and value not in _TRUE | _FALSE:
            raise _BadOptionError(f"--{name} must be true or false, not {value!r}")
        kind = self._known.kinds.get(name)
        if kind is not None and not is_read(kind, value):
            raise _BadOptionError(f"{shown} takes {DESCRIPTIONS[kind]}, not {value!r}")
        return name, value


def _no_request(
    options: _Options, values: dict[str, list[str]], dialect: Dialect, scope: Scope
) -> Refusal | None:
    """The refusal of a command line that is valid but makes no request: `--help`, or no image."""
    if values.get("help", ["false"])[-1] in _TRUE:
        scope.note("CLI-18", "request", None, None, "--help shows the options; no request is sent")
        return Refusal("client", "help-asked", "--help only shows the options", codes=Codes(run=0))
    if options.ended:
        scope.note("CLI-2", "options", None, None, "the word -- ends them")
    if not options.rest:
        scope.note("CLI-18", "request", None, None, "no image is named")
        codes = Codes(run=dialect.no_image_code)
        return Refusal("client", "missing-image", "no image is named", codes=codes)
    return None


def _note_arguments(given: Words, arguments: Words, scope: Scope) -> None:
    """Note the steps by which the words after the image become the Cmd of the request."""
    scope.note("CLI-1", "Cmd", None, arguments, "the words after the image, even if they look like options")
    if "--" in arguments:
        scope.note("CLI-2", "Cmd", None, "--", "after the image, -- is an argument like any other")
    if arguments != given:
        scope.note("CLI-6", "Cmd", given, arguments, "bytes that are not UTF-8 become U+FFFD")
    elif any(shlex.quote(word) != word for word in arguments):
        scope.note("CLI-6", "Cmd", arguments, arguments, "the client does not split, unquote or expand words")
