"""Files of observations put together: for each case at some cost, what each place did."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from oracle.dialect import Dialect, UnknownDialect, version_number
from oracle.model import Case
from report.faults import NoDialect, NoObservations
from report.observation_reader import ObservationReader
from report.observations import HarnessError, Observation, Place, Seen
from report.places import has_other_runtime
from report.replay import Compared
from report.tally import Cost


@dataclass
class Collected:
    """What files hold.

    Attributes:
        cases: What each place did, by case and cost.
        places: The places by name; where two files mean different ones by a name, with the runtime in it.
        errors: What went wrong around an engine, by place.
        date: The day of the newest file.
    """

    cases: dict[tuple[Case, Cost], list[tuple[str, Seen]]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    date: str = ""

    @property
    def compared(self) -> Iterator[Compared]:
        """The cases; what was seen, in the order of the places."""
        order = {name: at for at, name in enumerate(self._ordered)}
        for (case, cost), seen in self.cases.items():
            yield Compared(case, cost, tuple(sorted(seen, key=lambda one: order[one[0]])))

    @property
    def dialects(self) -> dict[str, Dialect]:
        """The dialect of each place by name: engine by engine, old before new.

        Raises:
            NoDialect: The oracle knows none for a place.
        """
        return {name: _dialect(name, self.places[name]) for name in self._ordered}

    @property
    def _ordered(self) -> list[str]:
        return sorted(self.places, key=lambda name: _order(name, self.places[name]))


def _order(name: str, place: Place) -> tuple[object, ...]:
    builders = {"classic": 0, "buildkit": 1}
    where = (place.engine, version_number(place.version), place.store)
    return (*where, has_other_runtime(name), builders.get(place.builder, 2), name)


def _dialect(name: str, place: Place) -> Dialect:
    try:
        return place.dialect
    except UnknownDialect as error:
        raise NoDialect(
            f"what was seen on {name} cannot be held against anything",
            f"no dialect describes it: {error}",
            "leave its file out, or describe it in oracle/dialects.toml",
        ) from error


def collect(paths: Iterable[Path]) -> Collected:
    """Read files.

    Args:
        paths: The files; of a folder, those in it that are called `*.jsonl`.

    Raises:
        Fault: One cannot be read, or is not whole, or there is none.
    """
    collected = Collected()
    for path in _files(paths):
        with ObservationReader(path) as reader:
            collected.date = max(collected.date, reader.header.date)
            for content in reader:
                _add(collected, content, reader.places)
            for name, place in reader.places.items():
                _name(collected, name, place)
    if not collected.places:
        raise NoObservations(
            "there is nothing to report",
            "the files tell of no place where anything was seen",
            "name a file of observations, or a folder of them",
        )
    return collected


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.jsonl"))
        else:
            yield path


def _add(collected: Collected, content: Observation | HarnessError, places: dict[str, Place]) -> None:
    names = [_name(collected, name, places[name]) if name in places else name for name in content.places]
    if isinstance(content, HarnessError):
        for name in names:
            collected.errors.setdefault(name, []).append(content.words)
        return
    seen = collected.cases.setdefault((content.case, content.cost), [])
    for name in names:
        if (name, content.seen) not in seen:
            seen.append((name, content.seen))


def _name(collected: Collected, name: str, place: Place) -> str:
    known = collected.places.setdefault(name, place)
    if known == place:
        return name
    told = f"{name}/{place.runtime}"
    collected.places.setdefault(told, place)
    return told
