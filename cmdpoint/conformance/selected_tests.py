"""Which tests a command line of pytest selects: live tests, conformance tests, all of them."""

from collections.abc import Iterable
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Final

import pytest

from cmdpoint.conformance.profiles import at_least

TESTS: Final = Path(__file__).parent / "tests"
"""The conformance tests, in a checkout and in an installed package."""

EXAMPLES: Final = "test_spec.py"
"""The file with the tests of the specification's examples."""


def selects(config: pytest.Config, folders: Iterable[Path]) -> bool:
    """Whether the command line selects an engine, and tests in one of some folders."""
    if config.getoption("--engine") == ["none"] or config.option.collectonly:
        return False
    return any(
        path.is_relative_to(folder) or folder.is_relative_to(path)
        for path in _paths(config)
        for folder in map(Path.resolve, folders)
    )


def selects_only(config: pytest.Config, folder: Path) -> bool:
    """Whether the command line selects tests in one folder only."""
    return all(path.is_relative_to(folder.resolve()) for path in _paths(config))


def is_whole_run(config: pytest.Config) -> bool:
    """Whether all conformance tests are selected, with enough examples to reach every rule."""
    option = config.option
    selected = option.keyword or option.markexpr or option.deselect or not option.shard.is_whole
    if selected or not at_least("quick"):
        return False
    whole = [argument for argument in config.args if "::" not in argument]
    return any(TESTS.resolve().is_relative_to(Path(argument).resolve()) for argument in whole)


def ordered(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The order in which each worker begins with its share of what is best run first.

    These are the specification's examples, which test every rule and take the least time to do so, and tests
    with the marker `long`, which one worker would run to its end while the others have nothing left to do.
    The examples of images, of requests and of starts are mixed, and so are their levels: there is soon a
    verdict on each kind. Of the other tests, those that draw the same pool for several targets follow each
    other, so that one worker draws it once.

    Args:
        items: The tests.
        workers: How many workers there are; xdist gives each a piece of the list, all of the same length.
    """
    examples = [item for item in items if item.path.name == EXAMPLES]
    long = [item for item in items if item.get_closest_marker("long") is not None]
    first = [*long, *_mixed(examples)]
    chosen = set(first)
    others = _pools_together(item for item in items if item not in chosen)
    ends = [round(len(items) * number / workers) for number in range(workers + 1)]
    found: list[pytest.Item] = []
    for number, (begin, end) in enumerate(pairwise(ends)):
        share = first[number::workers]
        room = max(0, end - begin - len(share))
        found += share + others[:room]
        del others[:room]
    return [*found, *others]


def _pools_together(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """The tests in the same order, but those of one function by the number of their portion."""
    functions: dict[str, list[pytest.Item]] = {}
    for item in items:
        functions.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return [item for each in functions.values() for item in sorted(each, key=_portion)]


def _portion(item: pytest.Item) -> int:
    """The number of the portion that a test checks; see `portions`."""
    parametrized = getattr(item, "callspec", None)
    return parametrized.params.get("portion", 0) if parametrized else 0


def _mixed(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """The tests of each kind, spread evenly over all: the first of each kind come first."""
    kinds: dict[tuple[str, str], list[pytest.Item]] = {}
    for item in items:
        kinds.setdefault(_kind(item), []).append(item)
    positions = [(at / len(each), item) for each in kinds.values() for at, item in enumerate(each)]
    return [item for _, item in sorted(positions, key=itemgetter(0))]


def _kind(item: pytest.Item) -> tuple[str, str]:
    """The function of a test, and the level that its example is about, if it has one."""
    parametrized = getattr(item, "callspec", None)
    example = parametrized.params.get("example") if parametrized else None
    return item.nodeid.partition("[")[0], getattr(example, "level", "")


def is_conformance_test(path: Path) -> bool:
    """Whether a file has conformance tests; all other live tests are tests of cmdpoint itself."""
    return path.resolve().is_relative_to(TESTS.resolve())


def is_live_test(config: pytest.Config, path: Path) -> bool:
    """Whether a file or folder has tests that need an engine."""
    return any(path.resolve().is_relative_to(folder.resolve()) for folder in config.getini("live_tests"))


def _paths(config: pytest.Config) -> list[Path]:
    return [Path(argument.split("::")[0]).resolve() for argument in config.args]
