"""The table at the end of a live run: rules by engine and builder, and the count of cases at each cost."""

from collections.abc import Iterator, Mapping

from report.tally import COSTS, Tally

_TITLE_WIDTH = 46


def render(tally: Tally, titles: Mapping[str, str]) -> Iterator[str]:
    """The lines of the table.

    Args:
        tally: The counts.
        titles: The title of each rule, by id, in the order of the spec.
    """
    places = tally.places
    widths = [max(len(place), 8) for place in places]

    def row(*cells: str) -> str:
        head, *counts = cells
        return f"  {head:<{_TITLE_WIDTH + 10}}" + "".join(
            f"  {count:>{width}}" for count, width in zip(counts, widths, strict=True)
        )

    yield row("rule, and the cases that put it to the test", *places)
    for rule, title in titles.items():
        counts = (str(tally.rules[place, rule] or "NEVER") for place in places)
        yield row(f"{rule:<9} {_short(title)}", *counts)
    yield ""
    for cost in COSTS:
        yield row(f"cases compared: {cost}", *(str(tally.cases[place, cost]) for place in places))
        if cost == "config":
            yield row("  of these built, not refused", *(str(tally.built[place, cost]) for place in places))


def _short(title: str) -> str:
    return title if len(title) <= _TITLE_WIDTH else title[: _TITLE_WIDTH - 1] + "…"
