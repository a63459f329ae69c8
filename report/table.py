"""The table at the end of a live run: rules by engine and builder, and the count of cases at each cost."""

from collections.abc import Iterable, Iterator

from report.tally import COSTS, Tally
from spec.rules import Rule

_FEW = 3
"""How many places may bear their names at the head of their columns; more are numbered."""

_TITLE_WIDTH = 46


def render(tally: Tally, rules: Iterable[Rule]) -> Iterator[str]:
    """The lines of the table.

    Args:
        tally: The counts.
        rules: The rules, in the order of the spec.
    """
    rules = list(rules)
    places = tally.places
    missing = set(tally.unreached(rules))
    names = places if len(places) <= _FEW else [f"[{number}]" for number in range(1, len(places) + 1)]
    widths = [max(len(name), 6) for name in names]

    def row(*cells: str) -> str:
        head, *counts = cells
        return f"  {head:<{_TITLE_WIDTH + 10}}" + "".join(
            f"  {count:>{width}}" for count, width in zip(counts, widths, strict=True)
        )

    def count(place: str, rule: str) -> str:
        return str(tally.rules[place, rule] or ("NEVER" if (place, rule) in missing else "-"))

    if names != places:
        yield from (f"  {name:>4}  {place}" for name, place in zip(names, places, strict=True))
        yield ""
    yield row("rule, and the cases that put it to the test", *names)
    for rule in rules:
        yield row(f"{rule.id:<9} {_short(rule.title)}", *(count(place, rule.id) for place in places))
    yield ""
    for cost in COSTS:
        yield row(f"cases compared: {cost}", *(str(tally.cases[place, cost]) for place in places))
        if cost == "config":
            yield row("  of these built, not refused", *(str(tally.built[place, cost]) for place in places))


def _short(title: str) -> str:
    return title if len(title) <= _TITLE_WIDTH else title[: _TITLE_WIDTH - 1] + "…"
