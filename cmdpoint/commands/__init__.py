"""The commands: one small module each, with the command's name, summary, options and `run`.

To add a command, add its module to this folder; there is no other list of commands. `explain` must run
without any other package, so a module imports third-party packages in `run`, not at the top.
"""

import argparse
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, Protocol, cast

DIALECT: Final = (
    "such as docker-28.5.2/classic, docker-28, 28.5 or podman; without a builder, the default one; "
    "by default the newest verified Docker. An incomplete version is the newest described one "
    "that begins with it (20.10 is 20.10.24). `cmdpoint dialect` lists them"
)
"""The help of `--dialect`."""

BUILD_ARGUMENT: Final = "as for `docker build`; without a value, the environment's"
"""The help of `--build-arg`."""


class Command(Protocol):
    """The members of a module in this folder."""

    SUMMARY: str
    """What the command does: one sentence without its full stop, for the list of commands."""

    def add(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options to its parser, and a description, an epilog and a usage if it needs them.

        `parser.set_defaults(takes_words=True)` allows words after `--`; they arrive as `options.words`. So do
        options that the parser does not know, with `takes_options=True`.
        """

    def run(self, options: argparse.Namespace) -> int:
        """Run the command, and write its output with `cmdpoint.cli.printing.write_output`.

        Returns:
            The exit code.

        Raises:
            Fault: Something in the arguments or the environment is wrong. The fault is printed to standard
                error, and its exit code is that of the process.
        """


def commands(only: str = "") -> Iterator[tuple[str, Command]]:
    """The commands by name, in alphabetical order.

    Args:
        only: The name of the command that is needed: importing all takes a quarter of the time of `explain`.
            If it names none, all are given.
    """
    modules = sorted(iter_modules(__path__), key=lambda module: module.name)
    for module in [each for each in modules if each.name == only] or modules:
        yield module.name, cast("Command", import_module(f"{__name__}.{module.name}"))
