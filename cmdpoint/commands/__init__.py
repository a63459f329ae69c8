"""The commands, each a module of this folder: its name, what it says of itself, its options and what it does.

To add a command, add its module; nothing else needs to know of it. `python3 -m cmdpoint explain` has to run
where nothing is installed, so what needs third parties is imported in `run`, not at the top.
"""

import argparse
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, Protocol, cast

DIALECT: Final = (
    "such as docker-28.5.2/classic, docker-28, 28.5 or podman; without a builder, the default one; "
    "by default the newest verified Docker. `cmdpoint dialect` lists them"
)
"""The help of `--dialect`."""


class Command(Protocol):
    """What a module of this folder holds."""

    SUMMARY: str
    """What it does, in one clause; stands in the list of commands."""

    def add(self, parser: argparse.ArgumentParser) -> None:
        """Give the command's parser its options, and if it likes a description, an epilog, a usage.

        `parser.set_defaults(takes_words=True)` lets words stand after `--`; they come as `options.words`. So
        do options that the parser does not know, with `takes_options=True`.
        """

    def run(self, options: argparse.Namespace) -> int:
        """Do it, and print the answer with `cmdpoint.printing.printed`.

        Returns:
            The exit status.

        Raises:
            Fault: Something of the surroundings, or of what the person gave, is wrong; it is told, and its
                exit code is the status.
        """


def commands() -> Iterator[tuple[str, Command]]:
    """The commands by name, in the order of their names."""
    for module in sorted(iter_modules(__path__), key=lambda module: module.name):
        yield module.name, cast("Command", import_module(f"{__name__}.{module.name}"))
