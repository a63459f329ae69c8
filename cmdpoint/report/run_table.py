"""The table at the end of a live run: the number of cases by rule and target, and by level and target."""

from collections.abc import Iterable, Iterator

from cmdpoint.observations.tally import Tally
from cmdpoint.oracle.comparison import LEVELS
from cmdpoint.spec.rule import Rule

_FEW = 3
"""The number of targets up to which columns have the targets' names; with more, they are numbered."""

_TITLE_WIDTH = 46


def render(tally: Tally, rules: Iterable[Rule], *, whole: bool) -> Iterator[str]:
    """The lines of the table.

    Args:
        tally: The counts.
        rules: The rules, in the order of the spec.
        whole: Whether all tests were selected; if not, the table has only the rules that some case tests.
    """
    targets = tally.targets
    rules = [rule for rule in rules if whole or any(tally.rules[target, rule.id] for target in targets)]
    missing = set(tally.unreached(rules)) if whole else set()
    names = targets if len(targets) <= _FEW else [f"[{number}]" for number in range(1, len(targets) + 1)]
    widths = [max(len(name), 6) for name in names]

    def row(*cells: str) -> str:
        head, *counts = cells
        return f"  {head:<{_TITLE_WIDTH + 10}}" + "".join(
            f"  {count:>{width}}" for count, width in zip(counts, widths, strict=True)
        )

    def count(target: str, rule: str) -> str:
        return str(tally.rules[target, rule] or ("NEVER" if (target, rule) in missing else "-"))

    if names != targets:
        yield from (f"  {name:>4}  {target}" for name, target in zip(names, targets, strict=True))
        yield ""
    yield row("rule, and the number of cases that test it", *names)
    for rule in rules:
        yield row(f"{rule.id:<9} {_short(rule.title)}", *(count(target, rule.id) for target in targets))
    yield ""
    for level in LEVELS:
        yield row(f"cases compared: {level}", *(str(tally.cases[target, level]) for target in targets))
        if level == "config":
            yield row(
                "  of these built, not refused", *(str(tally.built[target, level]) for target in targets)
            )


def _short(title: str) -> str:
    return title if len(title) <= _TITLE_WIDTH else title[: _TITLE_WIDTH - 1] + "…"
