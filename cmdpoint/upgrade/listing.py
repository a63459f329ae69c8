"""The list of behaviours that changed between two dialects, each with its smallest example."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import agree, answer
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.changes import Change, changes
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Prediction
from cmdpoint.oracle.prediction_cache import CachedCase
from cmdpoint.upgrade.change_text import change_lines, outcome_text
from cmdpoint.upgrade.text import doubts


@dataclass(frozen=True, slots=True)
class Example:
    """An example of the spec that shows a change.

    Attributes:
        rule: The id of its rule.
        case: The case.
        before: The prediction before the change of this behaviour alone.
        after: The prediction after it.
    """

    rule: str
    case: Case
    before: Prediction
    after: Prediction


def render(before: Dialect, after: Dialect, titles: Mapping[str, str]) -> str:
    """The list as text.

    Args:
        before: The first dialect.
        after: The second dialect.
        titles: The rules' titles by id.
    """
    found = changes(before, after)
    count = {0: "nothing", 1: "one behaviour"}.get(len(found), f"{len(found)} behaviours")
    lines = [f"{before} → {after}", "", f"Between these, {count} changed."]
    for change in found:
        lines += ["", "─" * 8, *notation.fold(behaviours()[change.name].subject)]
        for line in change_lines(change, before, after):
            lines += notation.fold(line, "  ", "      ")
        shown = example(change, before, after)
        rule = behaviours()[change.name].rules[0]
        lines += notation.fold(f"{rule}  {titles.get(rule, '')}".rstrip(), "  ", " " * 11)
        if shown is not None:
            lines += ["", *_example(shown)]
    if examples() is None and found:
        lines += [
            "",
            *notation.fold("Examples are left out: to read them, install the package markdown-it-py."),
        ]
    lines += doubts(before, after)
    return "".join(f"{line}\n" for line in lines)


def example(change: Change, before: Dialect, after: Dialect) -> Example | None:
    """The smallest example of the spec that shows a change, or None if no example shows it alone.

    All other behaviours are those of the first dialect or, if no example differs there, those of the second.
    Examples of the behaviour's own rules come first.
    """
    own = behaviours()[change.name].rules
    by_size = sorted(examples() or (), key=lambda each: (each.rule not in own, each.size))
    values = {change.name: change.after}, {change.name: change.before}
    pairs = ((before, before.with_values(values[0])), (after.with_values(values[1]), after))
    for one, other in pairs:
        for each in by_size:
            if change.name in each.predictions.behaviours_read(one):
                first, second = each.predictions.predict(one), each.predictions.predict(other)
                if answer(first) != answer(second):
                    return Example(each.rule, each.case, first, second)
    return None


@dataclass(frozen=True, slots=True)
class SpecExample:
    """An example of the spec.

    Attributes:
        rule: The id of its rule.
        case: The case.
        size: The length of the case as text.
        predictions: Its predictions.
    """

    rule: str
    case: Case
    size: int
    predictions: CachedCase[Prediction]


@cache
def examples() -> tuple[SpecExample, ...] | None:
    """The spec's examples; None if markdown-it-py is not installed."""
    try:
        from cmdpoint.spec.rules import all_rules  # noqa: PLC0415 - see `cmdpoint.commands`
    except ModuleNotFoundError:
        return None
    return tuple(
        SpecExample(example.rule, example.case, _size(example.case), CachedCase(example.case, _all))
        for rule in all_rules().values()
        for example in rule.examples
    )


def _all(prediction: Prediction) -> Prediction:
    """What is cached of a prediction."""
    return prediction


def _size(case: Case) -> int:
    return sum(len(notation.instructions_text(image)) + 20 for image in case.images) + len(
        notation.request_line(case.request, "IMAGE")
    )


def _example(shown: Example) -> Iterator[str]:
    for image in shown.case.images:
        yield from (f"    {line}" for line in notation.creation_lines(image))
    before, after = shown.before, shown.after
    same = agree(before.outcome, after.outcome)
    if same and before.config is not None and after.config is not None:
        yield "    docker inspect IMAGE"
        yield from _pair(_config(before.config), _config(after.config))
        return
    yield f"    {notation.request_line(shown.case.request, 'IMAGE')}"
    one, other = outcome_text(before.outcome), outcome_text(after.outcome)
    if one == other:
        one, other = (f"{one}, exit {seen.outcome.codes.run}" for seen in (before, after))
    yield from _pair(one, other)


def _config(config: ImageConfig) -> str:
    return notation.value_text(config)


def _pair(before: str, after: str) -> Iterator[str]:
    yield from notation.fold(before, "      before  ")
    yield from notation.fold(after, "      after   ")
