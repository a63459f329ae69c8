"""The short labels of targets and verdicts on the page, and the labelled controls of its forms."""

from collections.abc import Iterable, Sequence

from cmdpoint.report.matrix import CellVerdict
from cmdpoint.report.page.markup import Markup, element


def class_of(verdict: CellVerdict) -> str:
    """The CSS class of a verdict."""
    return verdict.replace(" ", "-")


def groups(targets: Iterable[str]) -> list[tuple[str, list[str]]]:
    """The targets of each engine, by the engine's name."""
    engines: dict[str, list[str]] = {}
    for target in targets:
        engines.setdefault(target.partition("/")[0], []).append(target)
    return list(engines.items())


def column_of(target: str) -> str:
    """The label of a target under its engine: the builder, and the runtime if the name has one."""
    return target.partition("/")[2].replace("/", " ")


def labelled(label: str, control: Markup) -> Markup:
    """A control with a label."""
    return element("label", {}, element("span", {}, label), control)


def select(label: str, name: str, options: Sequence[tuple[str, str]], chosen: str = "") -> Markup:
    """A list of options to choose from.

    Args:
        label: Its label.
        name: Its name in the form.
        options: The value and the text of each option.
        chosen: The value of the option that is chosen at first; by default the first.
    """
    shown = [
        element("option", {"value": value, "selected": "" if value == chosen != "" else None}, text)
        for value, text in options
    ]
    return labelled(label, element("select", {"name": name}, *shown))
