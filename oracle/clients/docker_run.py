"""From the words after `docker run` to the request they make: its options, and where the image stands."""

import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from cmdpoint.oracle.case import CommandLine, Request, Words
from cmdpoint.oracle.clients.entrypoint_option import read_option
from cmdpoint.oracle.clients.run_options import RUN_OPTIONS
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import readable
from cmdpoint.oracle.outcome import Codes, Refusal
from cmdpoint.oracle.trace import Scope

IMAGE: Final = "IMAGE"
"""The word that stands for the case's image; none can be called so, in capitals."""

_TRUE: Final = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE: Final = frozenset({"0", "f", "F", "FALSE", "false", "False"})


def command_line(entrypoint: str | None, arguments: Sequence[str]) -> CommandLine:
    """The command line of an entrypoint and arguments.

    Args:
        entrypoint: The value of `--entrypoint`: one word, whatever it holds; None where it is not given.
        arguments: The words after the image.
    """
    options = () if entrypoint is None else ("--entrypoint", entrypoint)
    return CommandLine((*options, IMAGE, *arguments))


def of_image(words: Words, dialect: Dialect) -> CommandLine:
    """A command line whose first word that is no option, whatever it is, stands for the case's image.

    Args:
        words: The words after `docker run`.
        dialect: Whose client reads them.
    """
    options = _Options(words, dialect)
    with suppress(_BadOptionError):
        for _ in options:
            pass
        if options.rest:
            at = len(words) - len(options.rest)
            return CommandLine((*words[:at], IMAGE, *words[at + 1 :]))
    return CommandLine(words)


def read(words: Words, dialect: Dialect, scope: Scope) -> Request | Refusal:
    """Read the words after `docker run`, as its client does.

    What an option's value must look like (a size, an address ...) is for the client and the daemon to judge
    and is not looked at here, but for the switches.

    Args:
        words: The words, as the program finds them in its own argv.
        dialect: Whose client it is.
        scope: Takes the steps.

    Returns:
        The request to create the container, or the refusal, in phase `client`, of a line that makes none; at
        phase `create` of one for another image than the case's.

    Source: docker/cli, `cli/command/container/opts.go:parse`; spf13/pflag, `flag.go:parseArgs`;
    containers/podman, `pkg/specgenutil/specgen.go:FillOutSpecGen`.
    """
    scope = scope.in_phase("client")
    options = _Options(words, dialect)
    values: dict[str, list[str]] = {}
    try:
        for name, value in options:
            values.setdefault(name, []).append(value)
    except _BadOptionError as bad:
        scope.note("CLI-17", "request", None, None, str(bad))
        return Refusal("client", "bad-option", str(bad), codes=Codes(run=125))
    if refusal := _no_request(options, values, dialect, scope):
        return refusal
    if others := [name for name in values if name not in ("entrypoint", "help")]:
        scope.note("CLI-10", "request", note=f"--{' --'.join(others)}: no say in the words")
    image, *arguments = map(readable, options.rest)
    if image != IMAGE:
        scope.note("CLI-1", "image", None, image, "the first word that is no option")
        return Refusal("create", "no-such-image", f"there is no image {image!r}", codes=Codes(404, run=125))
    _note_arguments(tuple(options.rest[1:]), tuple(arguments), scope)
    entrypoint = _entrypoint(values.get("entrypoint", []), dialect, scope)
    return _request(entrypoint, tuple(arguments) or None, values)


def _request(entrypoint: Words | None, words: Words | None, values: dict[str, list[str]]) -> Request:
    """The request; of an option that is given twice the last value counts, but for `--env`."""
    last = {name: readable(given[-1]) for name, given in values.items()}
    return Request(
        entrypoint,
        words,
        env=tuple(map(readable, values.get("env", ()))),
        working_dir=last.get("workdir", ""),
        user=last.get("user", ""),
        init=last.get("init") in _TRUE,
    )


def _entrypoint(given: list[str], dialect: Dialect, scope: Scope) -> Words | None:
    if not given:
        return None
    if len(given) > 1:
        scope.note("CLI-5", "--entrypoint", tuple(given), given[-1], "the last one counts")
    entrypoint = read_option(readable(given[-1]), dialect, scope)
    if entrypoint == ():
        scope.note("MERGE-20", "Entrypoint", (), None, "the client does not send an empty list")
        return None
    return entrypoint


class _BadOptionError(Exception):
    """The client cannot read an option."""


class _Options:
    """The options at the beginning of a command line, as pairs of name and value.

    Attributes:
        rest: The words that follow them, once they were read.
        ended: Whether the word `--` ended them.
    """

    def __init__(self, words: Words, dialect: Dialect) -> None:
        self.rest = list(words)
        self.ended = False
        self._unknown = frozenset(dialect.unknown_run_options)
        self._known = RUN_OPTIONS[dialect.engine]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        while self.rest and self.rest[0].startswith("-") and self.rest[0] != "-":
            word = self.rest.pop(0)
            if word == "--":
                self.ended = True
                return
            yield from self._long(word) if word.startswith("--") else self._short(word)

    def _long(self, word: str) -> Iterator[tuple[str, str]]:
        name, equals, value = word[2:].partition("=")
        if name == "" or name.startswith("-"):
            raise _BadOptionError(f"{word} is no option")
        if name in self._unknown or name not in self._known.switches | self._known.valued:
            raise _BadOptionError(f"the client knows no option --{name}")
        if equals:
            yield self._checked(name, value)
        else:
            yield name, "true" if name in self._known.switches else self._next(f"--{name}")

    def _short(self, word: str) -> Iterator[tuple[str, str]]:
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            name = self._known.short.get(letter)
            if name is None or self._unknown & {name, letter}:
                raise _BadOptionError(f"the client knows no option -{letter}")
            if letters.startswith("=") and len(letters) > 1:
                yield self._checked(name, letters[1:])
                return
            if name in self._known.valued:
                yield name, letters or self._next(f"-{letter}")
                return
            yield name, "true"

    def _next(self, option: str) -> str:
        if not self.rest:
            raise _BadOptionError(f"{option} lacks its value")
        return self.rest.pop(0)

    def _checked(self, name: str, value: str) -> tuple[str, str]:
        if name in self._known.switches and value not in _TRUE | _FALSE:
            raise _BadOptionError(f"--{name} is on or off, and {value!r} is neither")
        return name, value


def _no_request(
    options: _Options, values: dict[str, list[str]], dialect: Dialect, scope: Scope
) -> Refusal | None:
    """The refusal of a line without errors that makes no request: it wants help, or names no image."""
    if values.get("help", ["false"])[-1] in _TRUE:
        scope.note("CLI-18", "request", None, None, "--help makes no request")
        return Refusal(
            "client", "help-asked", "--help shows the options, and nothing else", codes=Codes(run=0)
        )
    if options.ended:
        scope.note("CLI-2", "options", None, None, "-- ends them")
    if not options.rest:
        scope.note("CLI-18", "request", None, None, "no word is left for the image")
        codes = Codes(run=dialect.no_image_code)
        return Refusal("client", "missing-image", "no image is named", codes=codes)
    return None


def _note_arguments(given: Words, arguments: Words, scope: Scope) -> None:
    """Take the steps that make the words after the image the Cmd of the request."""
    scope.note("CLI-1", "Cmd", None, arguments, "the words after the image, options or not")
    if "--" in arguments:
        scope.note("CLI-2", "Cmd", None, "--", "behind the image it is an argument")
    if arguments != given:
        scope.note("CLI-6", "Cmd", given, arguments, "what is not UTF-8 is lost")
    elif any(shlex.quote(word) != word for word in arguments):
        scope.note("CLI-6", "Cmd", arguments, arguments, "nothing is split, quoted or expanded")
