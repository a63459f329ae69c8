"""The command `cmdpoint completion`."""

import argparse
from typing import Final

from cmdpoint.cli.faults import NotInstalled, install
from cmdpoint.cli.printing import write_output
from cmdpoint.dispatch import whole_parser
from cmdpoint.exit_codes import ExitCode, help_text

SUMMARY = "Print a script with which a shell completes cmdpoint's commands and options"

SHELLS: Final = ("bash", "zsh", "fish")

_FILES: Final = frozenset({"path", "paths", "file", "old", "new", "config", "output", "target_file"})
"""The arguments that are completed with names of files."""

_MORE: Final = """\
bash: cmdpoint completion bash > ~/.local/share/bash-completion/completions/cmdpoint
zsh:  cmdpoint completion zsh > "${fpath[1]}/_cmdpoint"
fish: cmdpoint completion fish > ~/.config/fish/completions/cmdpoint.fish

Needs the library shtab: pip install '.[completion]', in a clone of cmdpoint
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.description = f"{SUMMARY}."
    parser.epilog = f"{_MORE}\n{help_text(ExitCode.DONE, ExitCode.NOT_INSTALLED)}"
    parser.add_argument("shell", choices=SHELLS, help="the shell")


def run(options: argparse.Namespace) -> int:
    """Print the script."""
    try:
        import shtab  # noqa: PLC0415 - see `cmdpoint.commands`
    except ModuleNotFoundError as error:
        raise NotInstalled(
            "no script can be made",
            f"the Python library {error.name} is not installed",
            install("completion"),
        ) from error
    parser = whole_parser()
    for each in _parsers(parser):
        for action in each._actions:
            if action.dest in _FILES:
                action.complete = shtab.FILE  # type: ignore[attr-defined]
    write_output(f"{shtab.complete(parser, options.shell)}\n")
    return ExitCode.DONE


def _parsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """A parser, and those of its commands."""
    found = [parser]
    for each in found:
        for action in each._actions:
            if isinstance(action, argparse._SubParsersAction):
                found += action.choices.values()
    return found
