"""The parser of command lines: argparse, in which a repeated option is an error."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from cmdpoint.cli.printing import write_error, write_output
from cmdpoint.exit_codes import ExitCode


class Parser(argparse.ArgumentParser):
    """An argument parser that refuses repeated options, and reports output that cannot be written."""

    def __init__(self, **settings: Any) -> None:
        """Prepare the parser; see `argparse.ArgumentParser`."""
        settings |= {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}
        super().__init__(**settings)
        # None is the action of an option that names no action.
        self.register("action", None, _StoreOnce)
        self.register("action", "store", _StoreOnce)

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print a help text. argparse itself ignores errors here, and Python would then fail at exit."""
        write_output(message)

    def error(self, message: str) -> NoReturn:
        """Report an error in the command line, and exit."""
        write_error(f"{self.format_usage()}{self.prog}: error: {message}\n")
        sys.exit(ExitCode.USAGE)


class _StoreOnce(argparse.Action):
    """Stores the value of an option, which may be given once."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        given: set[str] = namespace.__dict__.setdefault("given_options", set())
        if option_string is not None and self.dest in given:
            raise argparse.ArgumentError(self, "is given twice; give it once")
        given.add(self.dest)
        setattr(namespace, self.dest, values)
