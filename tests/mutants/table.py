"""The figures as a table, and the list of what was not found."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from cmdpoint.oracle.explain import notation
from tests.mutants.evidence import Item
from tests.mutants.measure import Measured

COLUMNS: Final[dict[str, Callable[[Measured], bool]]] = {
    "replay": lambda one: "replay" in one.found,
    "spec": lambda one: "spec" in one.found,
    "both": lambda one: bool(one.found & {"replay", "spec"}),
    "quick": lambda one: "quick" in one.found,
}
"""The columns of shares. `both` is what needs no engine."""

_OF_QUICK: Final = "quick"
"""The column of the quick runs: the share is of the mutants that change a prediction for their targets."""


def table(title: str, measured: Sequence[Measured]) -> str:
    """The figures of some mutants, in a row for each group.

    Args:
        title: What they are.
        measured: The mutants.
    """
    groups: dict[str, list[Measured]] = defaultdict(list)
    for one in measured:
        groups[one.group].append(one)
    width = max(map(len, (*groups, title)))
    head = f"{title:{width}} {'mutants':>8} {'unreached':>10} {'equivalent':>11} {'changing':>9}"
    lines = [head + "".join(f"{name:>12}" for name in COLUMNS)]
    for name, some in (*sorted(groups.items()), ("all", measured)):
        changing = [one for one in some if one.changes]
        unreached = sum(not one.reached for one in some)
        counts = f"{len(some):>8,} {unreached:>10,} {len(some) - unreached - len(changing):>11,}"
        shares = "".join(f"{share(column, changing):>12}" for column in COLUMNS)
        lines.append(f"{name:{width}} {counts} {len(changing):>9,}{shares}")
    return "\n".join(lines)


def share(column: str, changing: Sequence[Measured]) -> str:
    """The share that a column finds, as a percentage, rounded down: 100 % means every one.

    Args:
        column: The column.
        changing: Mutants that change a prediction.
    """
    some = _concerning(column, changing)
    if not some:
        return "-"
    return f"{int(1000 * sum(map(COLUMNS[column], some)) / len(some)) / 10:.1f} %"


def survivors(measured: Iterable[Measured], column: str) -> list[str]:
    """Where the mutants are that change a prediction and that a column does not find, with what would."""
    changing = [one for one in measured if one.changes]
    missed = [one for one in _concerning(column, changing) if not COLUMNS[column](one)]
    return ["".join([one.where, *map(_shown, one.shown_by[:1])]) for one in missed]


def _shown(item: Item) -> str:
    """A case that shows a mutant, as text below it."""
    lines = [line for image in item.case.images for line in notation.creation_lines(image)]
    request = notation.request_line(item.case.request, "IMAGE")
    return "".join(f"\n      | {line}" for line in [f"in {item.dialect}:", *lines, f"$ {request}"])


def _concerning(column: str, changing: Sequence[Measured]) -> list[Measured]:
    return [one for one in changing if one.on_quick or column != _OF_QUICK]


def unreached(measured: Iterable[Measured]) -> list[str]:
    """Where the mutants are that no prediction reaches."""
    return [one.where for one in measured if not one.reached]
