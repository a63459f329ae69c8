"""The ledger: each way in which engines, builders, versions or the documentation differ, with an example.

`ledger.toml` holds what people know of it. Who does what since when, and the example, follow from
the dialects, the spec and observations. `ledger_text` writes it.
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
"""What differs: two builders of one engine, two versions, and so on; or something is plainly wrong."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What people know of one difference.

    Attributes:
        name: The behaviour's, where it is one of a dialect's; or any other.
        title: In a few words.
        found: The day, as `2026-11-24`.
        kind: One of `KINDS`.
        about: What differs, as Markdown.
        rules: The ids of the rules that tell of it.
        sources: Where it comes from, as Markdown.
        upstream: Whether those who make it know, as Markdown.
        behaviour: Whether it is a behaviour of a dialect.
        case: An example that somebody chose, or None.
        documented: What the documentation says of the case, as an example of the spec writes it; or nothing.
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
class Shown:
    """An example and who does what with it.

    Attributes:
        case: The case.
        level: What is looked at.
        answers: What is done, by whom.
        observed: Whether it was seen, and not only foretold.
    """

    case: Case
    level: Level
    answers: tuple[tuple[Result, tuple[str, ...]], ...]
    observed: bool


@cache
def entries() -> tuple[Entry, ...]:
    """The entries, the oldest first; those of one day in the order of the file."""
    data = tomllib.loads(files("cmdpoint.report").joinpath("ledger.toml").read_text("utf-8"))
    found = [_entry(name, told, behaviour=True) for name, told in data["behaviour"].items()]
    found += [_entry(name, told, behaviour=False) for name, told in data["finding"].items()]
    return tuple(sorted(found, key=lambda entry: entry.found))


def _entry(name: str, told: Mapping[str, Any], *, behaviour: bool) -> Entry:
    known = behaviours()[name] if behaviour else None
    return Entry(
        name=name,
        title=told["title"],
        found=told["found"].isoformat(),
        kind=told["kind"],
        about=" ".join((told["about"] if known is None else told.get("about", known.meaning)).split()),
        # That the rules of a behaviour are written is for the test of the behaviours to tell.
        rules=tuple(rule for rule in known.rules if rule in all_rules())
        if known
        else tuple(told.get("rules", ())),
        sources=" ".join(told.get("sources", "").split()),
        upstream=" ".join(told["upstream"].split()),
        behaviour=behaviour,
        case=read_case(told["case"]) if "case" in told else None,
        documented=told.get("documented", ""),
    )


def differing() -> Iterator[str]:
    """The behaviours that have more than one value."""
    for name in behaviours():
        if len({repr(getattr(dialect, name)) for dialect in (*known_dialects(), *runtime_dialects())}) > 1:
            yield name


def histories(name: str) -> list[tuple[list[str], list[tuple[str, Any]]]]:
    """Since when who has which value of a behaviour.

    Returns:
        Those who have always had the same, such as `docker/classic` or `runc`, with the versions since which
        they have which value; a first version is that of the first row.
    """
    of_runtime = any(name in row for row in dialect_data()["runtime"])
    found: dict[str, list[tuple[str, Any]]] = {}
    for dialect in runtime_dialects() if of_runtime else known_dialects():
        kind, _, version = dialect.runtime.partition("-")
        rows = dialect_data()["row"]
        if dialect.store and not any(name in row for row in rows if row.get("store") == dialect.store):
            continue
        who = kind if of_runtime else f"{dialect.engine}/{dialect.builder}{_stored(dialect)}"
        turns = found.setdefault(who, [])
        value = getattr(dialect, name)
        if not turns or turns[-1][1] != value:
            turns.append((version if of_runtime else dialect.version, value))
    alike: list[tuple[list[str], list[tuple[str, Any]]]] = []
    for who, turns in found.items():
        same = next((others for others, known in alike if known == turns), None)
        if same is None:
            alike.append(([who], turns))
        else:
            same.append(who)
    return alike


def _stored(dialect: Dialect) -> str:
    return f" with the {dialect.store} store" if dialect.store else ""


def example(entry: Entry, compared: Sequence[ObservedCase], targets: Mapping[str, Dialect]) -> Shown | None:
    """The example of an entry: the one somebody chose, or the smallest in which places differ.

    Args:
        entry: The entry.
        compared: What was seen, the smallest first.
        targets: The dialect of each place, by name.

    Returns:
        It, with what was seen where that is known, or else with what the oracle says of every dialect; None
        for an entry without.
    """
    if entry.case is not None:
        at_costs = [each for each in compared if each.case == entry.case]
        seen = max(at_costs, key=lambda each: LEVELS.index(each.level), default=None)
        return _foretold(entry.case, LEVELS[-1]) if seen is None else _observed(seen)
    if not entry.behaviour:
        return None
    own = [[example.case for example in all_rules()[rule].examples] for rule in entry.rules]
    # The sort is stable: examples of the first rule, of the second and so on, then the others.
    apart = sorted(filter(_apart, compared), key=lambda each: [each.case not in cases for cases in own])
    for each in apart:
        if _explains(entry.name, each, targets):
            return _observed(each)
    known = (*known_dialects(), *runtime_dialects())
    for case, level in product(chain.from_iterable(own), reversed(LEVELS)):
        if _shows(entry.name, case, level, known):
            return _foretold(case, level)
    return None


def _apart(compared: ObservedCase) -> bool:
    first = compared.results[0][1]
    return not all(agree(first, seen) for _, seen in compared.results)


def _explains(name: str, compared: ObservedCase, targets: Mapping[str, Dialect]) -> bool:
    """Whether a behaviour alone is why two places differ: the one, given the other's value, does the same."""
    case, level = compared.case, compared.level
    for (one, seen), (other, seen_there) in permutations(_grouped_once(compared.results), 2):
        here, there = targets[one], targets[other]
        value = getattr(there, name)
        if value != getattr(here, name) and not agree(seen, seen_there):
            given = _answer(case, level, replace(here, **{name: value}))
            if agree(given, seen_there) and agree(_answer(case, level, here), seen):
                return True
    return False


def _grouped_once(seen: Iterable[tuple[str, Result]]) -> list[tuple[str, Result]]:
    """Of places that did the same, two: the first and the last."""
    return [(target, what) for what, who in _grouped(seen) for target in dict.fromkeys((who[0], who[-1]))]


def _shows(name: str, case: Case, level: Level, dialects: Sequence[Dialect]) -> bool:
    """Whether a behaviour alone makes a difference: a dialect with another's value answers otherwise."""
    values = {repr(getattr(dialect, name)): getattr(dialect, name) for dialect in dialects}
    return any(
        not agree(_answer(case, level, dialect), _answer(case, level, replace(dialect, **{name: value})))
        for dialect in dialects
        for value in values.values()
    )


@cache
def _answer(case: Case, level: Level, dialect: Dialect) -> Result:
    return expected_at(level, predict(case, dialect))


def _observed(compared: ObservedCase) -> Shown:
    return Shown(compared.case, compared.level, _grouped(compared.results), observed=True)


def _foretold(case: Case, level: Level) -> Shown:
    answers = [(each, _answer(case, level, each)) for each in known_dialects()]
    told = _spans(
        (f"{each.engine}/{each.builder}{_stored(each)}", each.version, seen) for each, seen in answers
    )
    started: list[tuple[str, str, Result]] = []
    for each in runtime_dialects():
        kind, _, version = each.runtime.partition("-")
        started.append((kind, version, _answer(case, level, each)))
    if not all(agree(seen, started[0][2]) for _, _, seen in started):
        told += _spans(started)
    return Shown(case, level, _grouped(told), observed=False)


def _spans(answers: Iterable[tuple[str, str, Result]]) -> list[tuple[str, Result]]:
    """The answers of one after the other version, as spans of versions: who, since and until when, and what.

    Args:
        answers: Who, in which version, and what.
    """
    found: dict[str, list[tuple[str, Result]]] = {}
    for who, version, seen in answers:
        turns = found.setdefault(who, [])
        if not turns or not agree(turns[-1][1], seen):
            turns.append((version, seen))
    spans = []
    for who, turns in found.items():
        ends = [f" until {version}" for version, _ in turns[1:]]
        for at, ((version, seen), end) in enumerate(zip(turns, [*ends, ""], strict=True)):
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
