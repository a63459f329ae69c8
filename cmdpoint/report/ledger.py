"""The ledger: each way in which engines, builders, versions or the documentation differ, with an example.

`ledger.toml` has the descriptions. The history of each behaviour, and the example, are computed from the
dialects, the spec and observations. `ledger_text` renders the ledger.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import chain, permutations, product
from typing import Any, Final

from cmdpoint.observations.replay import ObservedCase, Result
from cmdpoint.oracle.case import Case
from cmdpoint.oracle.comparison import LEVELS, Level, agree, expected_at
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.data import dialect_data
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects, runtime_dialects
from cmdpoint.oracle.interchange.case import read_case
from cmdpoint.oracle.predict import predict
from cmdpoint.spec.rules import all_rules

KINDS: Final = ("builder", "version", "engine", "runtime", "store", "documentation", "bug")
"""What differs: two builders of one engine, two versions, and so on; or it is a bug."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The description of one difference.

    Attributes:
        name: The name of the behaviour, if it is a behaviour of a dialect; any other name otherwise.
        title: The title.
        found: The day on which it was found, as `2026-11-24`.
        kind: One of `KINDS`.
        about: What differs, as Markdown.
        rules: The ids of the rules that describe it.
        sources: The sources, as Markdown.
        upstream: Whether the maintainers know, as Markdown.
        behaviour: Whether it is a behaviour of a dialect.
        case: A chosen example, or None to search for one.
        documented: The documented result in the notation of the spec; empty if the documentation has none.
    """

    name: str
    title: str
    found: str
    kind: str
    about: str
    rules: tuple[str, ...]
    sources: str
    upstream: str
    behaviour: bool
    case: Case | None
    documented: str


@dataclass(frozen=True, slots=True)
class LedgerExample:
    """An example and its results.

    Attributes:
        case: The case.
        level: The level of the comparison.
        results: The results, each with the names of the targets.
        observed: Whether the results were observed; otherwise they are predicted.
    """

    case: Case
    level: Level
    results: tuple[tuple[Result, tuple[str, ...]], ...]
    observed: bool


@cache
def entries() -> tuple[Entry, ...]:
    """The entries, the oldest first, and in the order of the file within a day."""
    data = tomllib.loads(files("cmdpoint.report").joinpath("ledger.toml").read_text("utf-8"))
    found = [_entry(name, entry, behaviour=True) for name, entry in data["behaviour"].items()]
    found += [_entry(name, entry, behaviour=False) for name, entry in data["finding"].items()]
    return tuple(sorted(found, key=lambda entry: entry.found))


def _entry(name: str, data: Mapping[str, Any], *, behaviour: bool) -> Entry:
    known = behaviours()[name] if behaviour else None
    return Entry(
        name=name,
        title=data["title"],
        found=data["found"].isoformat(),
        kind=data["kind"],
        about=" ".join((data["about"] if known is None else data.get("about", known.meaning)).split()),
        # A test of the behaviours checks that their rules exist.
        rules=tuple(rule for rule in known.rules if rule in all_rules())
        if known
        else tuple(data.get("rules", ())),
        sources=" ".join(data.get("sources", "").split()),
        upstream=" ".join(data["upstream"].split()),
        behaviour=behaviour,
        case=read_case(data["case"]) if "case" in data else None,
        documented=data.get("documented", ""),
    )


def differing() -> Iterator[str]:
    """The behaviours that have more than one value."""
    for name in behaviours():
        if len({repr(getattr(dialect, name)) for dialect in (*known_dialects(), *runtime_dialects())}) > 1:
            yield name


def histories(name: str) -> list[tuple[list[str], list[tuple[str, Any]]]]:
    """The values of a behaviour over the versions.

    Returns:
        Builders or runtimes with the same history, such as `docker/classic` or `runc`, with each value and
        the version that introduced it; the first version is that of the first row.
    """
    of_runtime = any(name in row for row in dialect_data()["runtime"])
    found: dict[str, list[tuple[str, Any]]] = {}
    for dialect in runtime_dialects() if of_runtime else known_dialects():
        kind, _, version = dialect.runtime.partition("-")
        rows = dialect_data()["row"]
        if dialect.store and not any(name in row for row in rows if row.get("store") == dialect.store):
            continue
        who = kind if of_runtime else f"{dialect.engine}/{dialect.builder}{_stored(dialect)}"
        changes = found.setdefault(who, [])
        value = getattr(dialect, name)
        if not changes or changes[-1][1] != value:
            changes.append((version if of_runtime else dialect.version, value))
    alike: list[tuple[list[str], list[tuple[str, Any]]]] = []
    for who, changes in found.items():
        same = next((others for others, known in alike if known == changes), None)
        if same is None:
            alike.append(([who], changes))
        else:
            same.append(who)
    return alike


def _stored(dialect: Dialect) -> str:
    return f" with the {dialect.store} store" if dialect.store else ""


def example(
    entry: Entry, observed: Sequence[ObservedCase], targets: Mapping[str, Dialect]
) -> LedgerExample | None:
    """The example of an entry: the chosen one, or the smallest observed case in which targets differ.

    Args:
        entry: The entry.
        observed: The observed cases, the smallest first.
        targets: The dialect of each target, by name.

    Returns:
        The example with the observed results or, if it was not observed, the predicted ones; None for an
        entry without an example.
    """
    if entry.case is not None:
        at_levels = [each for each in observed if each.case == entry.case]
        largest = max(at_levels, key=lambda each: LEVELS.index(each.level), default=None)
        return _predicted(entry.case, LEVELS[-1]) if largest is None else _observed(largest)
    if not entry.behaviour:
        return None
    own = [[example.case for example in all_rules()[rule].examples] for rule in entry.rules]
    # The sort is stable: the examples of the first rule, of the second and so on, then the others.
    candidates = sorted(
        filter(_differs, observed), key=lambda each: [each.case not in cases for cases in own]
    )
    for each in candidates:
        if _explains(entry.name, each, targets):
            return _observed(each)
    known = (*known_dialects(), *runtime_dialects())
    for case, level in product(chain.from_iterable(own), reversed(LEVELS)):
        if _shows(entry.name, case, level, known):
            return _predicted(case, level)
    return None


def _differs(compared: ObservedCase) -> bool:
    first = compared.results[0][1]
    return not all(agree(first, seen) for _, seen in compared.results)


def _explains(name: str, compared: ObservedCase, targets: Mapping[str, Dialect]) -> bool:
    """Whether one behaviour alone makes two targets differ: with the other's value, the results agree."""
    case, level = compared.case, compared.level
    for (one, result), (other, other_result) in permutations(_grouped_once(compared.results), 2):
        here, there = targets[one], targets[other]
        value = getattr(there, name)
        if value != getattr(here, name) and not agree(result, other_result):
            given = _answer(case, level, replace(here, **{name: value}))
            if agree(given, other_result) and agree(_answer(case, level, here), result):
                return True
    return False


def _grouped_once(seen: Iterable[tuple[str, Result]]) -> list[tuple[str, Result]]:
    """The first and the last of the targets that did the same."""
    return [(target, what) for what, who in _grouped(seen) for target in dict.fromkeys((who[0], who[-1]))]


def _shows(name: str, case: Case, level: Level, dialects: Sequence[Dialect]) -> bool:
    """Whether a behaviour alone makes a difference: a dialect with another value has another result."""
    values = {repr(getattr(dialect, name)): getattr(dialect, name) for dialect in dialects}
    return any(
        not agree(_answer(case, level, dialect), _answer(case, level, replace(dialect, **{name: value})))
        for dialect in dialects
        for value in values.values()
    )


@cache
def _answer(case: Case, level: Level, dialect: Dialect) -> Result:
    return expected_at(level, predict(case, dialect))


def _observed(compared: ObservedCase) -> LedgerExample:
    return LedgerExample(compared.case, compared.level, _grouped(compared.results), observed=True)


def _predicted(case: Case, level: Level) -> LedgerExample:
    results = [(each, _answer(case, level, each)) for each in known_dialects()]
    spans = _spans(
        (f"{each.engine}/{each.builder}{_stored(each)}", each.version, seen) for each, seen in results
    )
    started: list[tuple[str, str, Result]] = []
    for each in runtime_dialects():
        kind, _, version = each.runtime.partition("-")
        started.append((kind, version, _answer(case, level, each)))
    if not all(agree(seen, started[0][2]) for _, _, seen in started):
        spans += _spans(started)
    return LedgerExample(case, level, _grouped(spans), observed=False)


def _spans(results: Iterable[tuple[str, str, Result]]) -> list[tuple[str, Result]]:
    """Merge equal results of successive versions into spans of versions.

    Args:
        results: A name, a version and a result for each, with versions in ascending order.
    """
    found: dict[str, list[tuple[str, Result]]] = {}
    for who, version, seen in results:
        changes = found.setdefault(who, [])
        if not changes or not agree(changes[-1][1], seen):
            changes.append((version, seen))
    spans = []
    for who, changes in found.items():
        ends = [f" until {version}" for version, _ in changes[1:]]
        for at, ((version, seen), end) in enumerate(zip(changes, [*ends, ""], strict=True)):
            since = f" since {version}" if at or end else ""
            spans.append((f"{who}{since}{end}", seen))
    return spans


def _grouped(seen: Iterable[tuple[str, Result]]) -> tuple[tuple[Result, tuple[str, ...]], ...]:
    groups: list[tuple[Result, list[str]]] = []
    for target, what in seen:
        same = next((who for known, who in groups if agree(known, what)), None)
        if same is None:
            groups.append((what, [target]))
        elif target not in same:
            same.append(target)
    return tuple((what, tuple(who)) for what, who in groups)
