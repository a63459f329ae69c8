"""The command `cmdpoint manual`."""

import argparse
import re
from collections.abc import Iterator

from cmdpoint.cli.printing import write_output
from cmdpoint.dispatch import whole_parser
from cmdpoint.exit_codes import ExitCode, help_text

SUMMARY = "Print the manual page: the help of all commands, for man"

_MORE = """\
To read it:    cmdpoint manual | man -l -
To install it: cmdpoint manual > ~/.local/share/man/man1/cmdpoint.1
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.description = f"{SUMMARY}."
    parser.epilog = f"{_MORE}\n{help_text(ExitCode.DONE)}"


def run(options: argparse.Namespace) -> int:
    """Print the page."""
    write_output("".join(f"{line}\n" for line in page(whole_parser())))
    return ExitCode.DONE


def page(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the lines of a manual page, in the language of `man`.

    Args:
        parser: The parser of all commands.
    """
    (commands,) = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    yield '.TH CMDPOINT 1 "" cmdpoint "User Commands"'
    yield from (".SH NAME", "cmdpoint \\- predict which process a Docker container runs")
    yield from (".SH SYNOPSIS", ".B cmdpoint", ".I COMMAND", "[...]")
    yield from (".SH DESCRIPTION", _escaped(parser.description or ""))
    yield ".SH COMMANDS"
    for choice in commands._choices_actions:
        yield from (".TP", f".B {_escaped(choice.dest)}", _escaped(choice.help or ""))
    for name, command in commands.choices.items():
        yield f".SH CMDPOINT {_escaped(name.upper())}"
        yield from _preformatted(command.format_help())
    yield from (".SH EXIT STATUS", *_preformatted((parser.epilog or "").partition("\n")[2]))


def _preformatted(text: str) -> Iterator[str]:
    yield from (".nf", *map(_escaped, text.rstrip().splitlines()), ".fi")


def _escaped(line: str) -> str:
    """A line in which nothing has a meaning for `man`."""
    return re.sub(r"^([.'])", r"\\&\1", line.replace("\\", "\\e").replace("-", "\\-"))
