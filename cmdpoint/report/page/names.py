"""The short names that the page has for places and verdicts."""

from collections.abc import Iterable

from cmdpoint.report.matrix import Verdict


def class_of(verdict: Verdict) -> str:
    """The class of what bears a verdict."""
    return verdict.replace(" ", "-")


def groups(targets: Iterable[str]) -> list[tuple[str, list[str]]]:
    """The places of each engine, by the engine's name."""
    engines: dict[str, list[str]] = {}
    for target in targets:
        engines.setdefault(target.partition("/")[0], []).append(target)
    return list(engines.items())


def column_of(target: str) -> str:
    """What to call a place under its engine: the builder, and the runtime where one is named."""
    return target.partition("/")[2].replace("/", " ")
