"""The short labels of targets and verdicts on the page."""

from collections.abc import Iterable

from cmdpoint.report.matrix import CellVerdict


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
