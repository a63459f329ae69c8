"""Measure which mutants change a prediction, and what finds each."""

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any, Final, TypeVar

from cmdpoint.conformance.value_mutants import ValueMutant
from cmdpoint.oracle import Dialect, predict
from cmdpoint.oracle.prediction_cache import PredictionCache
from tests.mutants.code import NotCodeError, Part, changed, users
from tests.mutants.coverage import line_key
from tests.mutants.evidence import SOURCES, Item, quick_dialects
from tests.mutants.index import Index, touched_by
from tests.mutants.rows import of_engines, row_mutants
from tests.mutants.sites import Lines, mutations

PATIENCE: Final = 2.0
"""After how many seconds of its own CPU time a prediction does not end, however busy the machine is."""

FIRST: Final = 2000
"""Whether a mutant changes a prediction is decided by so many items of each source, unlike ones first.

For most lines that is all there are. For one that does, all items are tried.
"""

Report = Callable[[str, int, int], None]
"""Called with what is done, how much of it is done, and how much there is."""

Agrees = Callable[[Item], bool]
"""Whether a wrong oracle agrees with a piece of evidence."""

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Measured:
    """A mutant, and what finds it.

    Attributes:
        group: What the table counts it under: the kind of a code mutant, the behaviour of a dialect.
        where: Where it is, and what is wrong there.
        reached: The sources that execute its line, or read its behaviour.
        found: The sources that find it.
        on_quick: Whether it changes a prediction for a target of the quick runs.
        shown_by: If neither replay nor the spec's examples find it: small evidence that would.
    """

    group: str
    where: str
    reached: frozenset[str]
    found: frozenset[str]
    on_quick: bool
    shown_by: tuple[Item, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether it changes a prediction; otherwise it counts as equivalent."""
        return bool(self.found)


class _Endless(BaseException):
    """A prediction does not end."""


def _interrupt(*_: object) -> None:
    raise _Endless


def measure_code(index: Index, part: Part, every: int = 1, kind: str = "") -> list[Measured]:
    """Measure the mutants of a function or a constant.

    Args:
        index: The evidence.
        part: The function or the constant.
        every: Take only every n-th mutant.
        kind: Take only mutants of this kind; empty for all.
    """
    found = []
    known: dict[Lines, dict[str, list[Item]]] = {}
    read = None if part.is_function else [(file, lines) for file, lines in users(part)]
    for number, mutation in enumerate(mutations(part.node, part.lines), start=part.node.lineno):
        # The numbers begin at the line, so that functions, most with few mutants, miss different ones.
        if number % every or kind not in ("", mutation.kind):
            continue
        if mutation.lines not in known:
            places = [(part.file, mutation.lines)] if read is None else read
            keys = {line_key(file, line) for file, lines in places for line in lines}
            known[mutation.lines] = {source: index.executing(source, keys) for source in SOURCES}
        where = f"{part.file}:{mutation.line} {mutation.kind}: {mutation.was} -> {mutation.now}"
        # Without code that can be executed there is no oracle to find.
        with suppress(NotCodeError), changed(part):
            found.append(_measured(mutation.kind, where, known[mutation.lines], _agrees))
    return found


def measure_values(index: Index, dialects: Sequence[Dialect], every: int = 1) -> list[Measured]:
    """Measure the mutants of the dialects of one engine.

    Args:
        index: The evidence.
        dialects: The dialects, one for each builder; or some of them.
        every: Take only every n-th mutant.
    """
    found = []
    for mutants in islice(row_mutants(dialects), 0, None, every):
        behaviour = mutants[0].behaviour
        items = {
            source: [item for each in mutants for item in index.reading(source, each.dialect, behaviour)]
            for source in SOURCES
        }
        where = f"{' '.join(str(each.dialect) for each in mutants)} {behaviour}: {_value(mutants[0])}"
        wrong = {each.dialect: each.wrong for each in mutants}
        found.append(_measured(behaviour, where, items, partial(_agrees_in, wrong)))
    return found


def _value(mutant: ValueMutant) -> str:
    right = getattr(mutant.dialect, mutant.behaviour)
    return mutant.now if isinstance(right, tuple | dict) else f"{right!r} -> {mutant.now}"


def _measured(group: str, where: str, items: dict[str, list[Item]], agrees: Agrees) -> Measured:
    shows = {source: _shows(some[:FIRST], agrees) for source, some in items.items()}
    shown = [item for item in shows.values() if item is not None]
    if shown:
        for source in SOURCES[:-1]:
            shows[source] = shows[source] or _shows(items[source][FIRST:], agrees)
            _to_the_front(items[source], shows[source])
    found = frozenset(source for source, item in shows.items() if item)
    on_quick = any(map(_is_on_quick, shown))
    if shown and not on_quick:
        on_quick = any(_shows(filter(_is_on_quick, some), agrees) for some in items.values())
    reached = frozenset(source for source in SOURCES if items[source])
    shown_by: tuple[Item, ...] = ()
    if found and found <= {"quick", "pool"}:
        shown_by = _smallest([*items["quick"], *items["pool"]], agrees)
    return Measured(group, where, reached, found, on_quick, shown_by)


def _smallest(items: Iterable[Item], agrees: Agrees) -> tuple[Item, ...]:
    """The smallest item that shows that the oracle is wrong, and the smallest on a target of a quick run."""
    showing = sorted((item for item in items if not agrees(item)), key=lambda item: len(repr(item.case)))
    on_quick = [item for item in showing if _is_on_quick(item)]
    return tuple(dict.fromkeys([*showing[:1], *on_quick[:1]]))


def _to_the_front(items: list[Item], item: Item | None) -> None:
    """Put an item first: the next mutant is often shown by the same."""
    if item is not None:
        items.remove(item)
        items.insert(0, item)


def _shows(items: Iterable[Item], agrees: Agrees) -> Item | None:
    """The first item that shows that the oracle is wrong."""
    return next((item for item in items if not agrees(item)), None)


def _is_on_quick(item: Item) -> bool:
    return item.dialect in quick_dialects()


def _agrees(item: Item) -> bool:
    """Whether the changed code agrees with an item; an error or an endless prediction does not."""
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
        try:
            return item.agrees(predict(item.case, item.dialect))
        except Exception:
            return False
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except _Endless:  # also where the time is up while the timer is stopped
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        return False


_PREDICTIONS: Final = PredictionCache(lambda prediction: replace(prediction, steps=()))
"""The predictions of changed dialects, which have most of their values in common."""


def _agrees_in(wrong: Mapping[Dialect, Dialect], item: Item) -> bool:
    """Whether the oracle with changed dialects agrees with an item."""
    return item.agrees(_PREDICTIONS.predict(item.case, wrong[item.dialect]))


def build_index(items: Sequence[Item], jobs: int, report: Report, *, lines: bool = True) -> Index:
    """Find out what each item touches.

    Args:
        items: The items.
        jobs: How many processes to use.
        report: Called with the progress.
        lines: Whether mutants of code are measured, too.
    """
    size = 500
    chunks = [items[at : at + size] for at in range(0, len(items), size)]
    index = Index()
    for number, what in enumerate(in_processes(partial(touched_by, lines=lines), chunks, jobs)):
        for item, one in zip(chunks[number], what, strict=True):
            index.add(item, one)
        report("cases traced", min((number + 1) * size, len(items)), len(items))
    return index


_WORK: dict[str, Any] = {}
"""What forked processes inherit: evidence holds functions, and cannot be sent."""


def in_processes(
    function: Callable[[Task], Result], tasks: Sequence[Task], jobs: int, chunk: int = 1
) -> Iterator[Result]:
    """The results of a function, in the order of the tasks."""
    _WORK["function"], _WORK["tasks"] = function, tasks
    with multiprocessing.get_context("fork").Pool(jobs, interrupt_endless_predictions) as pool:
        yield from pool.imap(_work, range(len(tasks)), chunk)


def interrupt_endless_predictions() -> None:
    """Prepare this process: what measures mutants needs it."""
    signal.signal(signal.SIGVTALRM, _interrupt)


def _work(number: int) -> Any:
    return _WORK["function"](_WORK["tasks"][number])


def measure(
    index: Index,
    parts: Sequence[Part],
    dialects: Sequence[Dialect],
    report: Report,
    *,
    jobs: int,
    every: int = 1,
) -> Iterable[Measured]:
    """Measure mutants of code and of dialects.

    Args:
        index: The evidence.
        parts: The functions and constants to change.
        dialects: The dialects to change.
        report: Called with the progress.
        jobs: How many processes to use.
        every: Take only every n-th mutant.
    """
    work: tuple[tuple[Sequence[Part | Sequence[Dialect]], str], ...]
    work = (parts, "functions changed"), (of_engines(dialects), "engines changed")
    for tasks, name in work:
        for number, some in enumerate(in_processes(partial(_mutants, index, every), tasks, jobs)):
            yield from some
            report(name, number + 1, len(tasks))


def _mutants(index: Index, every: int, task: Part | Sequence[Dialect]) -> list[Measured]:
    if isinstance(task, Part):
        return measure_code(index, task, every)
    return measure_values(index, task, every)
