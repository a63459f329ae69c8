"""The command `cmdpoint conform`."""

import argparse
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cmdpoint.cli.faults import NotInstalled, install
from cmdpoint.cli.printing import say
from cmdpoint.conformance.exit_status import TABLE
from cmdpoint.conformance.keywords import expressions, no_test
from cmdpoint.exit_codes import ExitCode
from cmdpoint.spec.titles import titles

if TYPE_CHECKING:
    import pytest

SUMMARY = "Test a live engine against the specification"

_MORE: Final = """\
Every other option is pytest's. Those that a conformance run knows:

  --engine NAME                  the engine: auto (the default) takes the daemon of this machine or starts a
                                 private one; host, private, docker-28.5.2, podman-5.4.2, unix:///PATH,
                                 tcp://HOST:PORT, ssh://USER@HOST, container:IMAGE, all; may be repeated
  --hypothesis-profile PROFILE   how many cases to generate: brief, quick (the default), thorough, nightly
  --hypothesis-seed SEED         repeat a run
  --observations FILE            the file for the observations; by default a new file in
                                 .cmdpoint/observations of this folder; none for no file
  --shard K/N                    run the K-th of N shards, on N machines with the same --hypothesis-seed
  --example-database DATABASE    a folder or a redis:// address, where runs store what diverges, and which
                                 they try first; several may share it (the default: .cmdpoint/examples)
  -k EXPRESSION, FILE[::TEST]    run only some tests, for example test_spec.py
  -x, -v, --durations=N, --junit-xml=FILE, ...

No pytest configuration of the current folder is read. The command needs the libraries of
`pip install '.[live]'`, in a clone of cmdpoint.

"""

_FOLDER: Final = Path(__file__).parents[1] / "conformance"

_LIBRARIES: Final = ("docker", "hypothesis", "markdown_it", "pytest", "xdist")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.set_defaults(takes_words=True, takes_options=True)
    parser.usage = "cmdpoint conform [--engine NAME]... [PYTEST OPTION]..."
    parser.description = f"{SUMMARY}."
    parser.epilog = _MORE + TABLE


def run(options: argparse.Namespace) -> int:
    """Run the conformance tests.

    Returns:
        The exit status of the run; see `cmdpoint.conformance.exit_status`.

    Raises:
        NotInstalled: A library is missing.
        UnknownEngine: `--engine` names no engine.
    """
    if missing := [library for library in _LIBRARIES if not _is_installed(library)]:
        raise NotInstalled(
            "the conformance tests cannot run",
            f"not installed: {', '.join(missing)}",
            install("live"),
        )
    from cmdpoint.engines.find import check_name  # noqa: PLC0415 - see `cmdpoint.commands`

    for name in _engines(options.words):
        if name != "all":
            check_name(name)
    import pytest  # noqa: PLC0415 - see `cmdpoint.commands`

    for expression in expressions(options.words):
        if why := no_test(expression, _FOLDER / "tests", titles()):
            say(f"-k {expression} selects no test: {why}. -k takes rules, such as FORM-2, and names of tests")
            return int(pytest.ExitCode.NO_TESTS_COLLECTED)
    ending = _Ending()
    words = ["-c", str(_FOLDER / "pytest.ini"), *arguments(options.words, _FOLDER / "tests")]
    status = int(pytest.main(words, plugins=[ending]))
    is_interrupted = ending.is_interrupted and status == pytest.ExitCode.INTERRUPTED
    return ExitCode.INTERRUPTED if is_interrupted else status


class _Ending:
    """A pytest plugin that sees how a run ends.

    Attributes:
        is_interrupted: Whether Ctrl-C was pressed. pytest has the same status for other ends.
    """

    is_interrupted = False

    def pytest_keyboard_interrupt(self, excinfo: "pytest.ExceptionInfo[BaseException]") -> None:
        """Notice Ctrl-C; pytest calls this for other ends, too."""
        self.is_interrupted = excinfo.type is KeyboardInterrupt


def arguments(words: list[str], tests: Path) -> list[str]:
    """Translate the words after `conform` into the words after `pytest`.

    Args:
        words: Options, and names of test files such as `test_spec.py::test_start_example`.
        tests: The folder of the conformance tests, all of which run if no file is named.
    """
    names = {each.name for each in tests.iterdir()}
    files = {word for word in words if word.partition("::")[0] in names}
    translated = [str(tests / word) if word in files else word for word in words]
    return translated if files else [*translated, str(tests)]


def _engines(words: list[str]) -> Iterator[str]:
    """The values of `--engine` among the words."""
    for word, following in pairwise([*words, None]):
        if word == "--engine" and following is not None:
            yield following
        elif word is not None and word.startswith("--engine="):
            yield word.removeprefix("--engine=")


def _is_installed(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ModuleNotFoundError:
        return False
