"""Read several files of observations: for each case and level, the result of each target."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cmdpoint.observations.faults import NoDialect, NoObservations
from cmdpoint.observations.reader import ObservationReader
from cmdpoint.observations.records import Observation, RecordedFault, Result, Target
from cmdpoint.observations.replay import ObservedCase
from cmdpoint.observations.targets import has_other_runtime
from cmdpoint.oracle.case import Case
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.dialect.data import version_number
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.unknown import UnknownDialect


@dataclass
class ObservationSet:
    """The observations of several files.

    Attributes:
        cases: The results of the targets, by case and level.
        confirmed: The targets whose divergence was confirmed, by case and level.
        targets: The targets by name; if two files use a name for different ones, the runtime is added to it.
        errors: The harness faults, by target.
        date: The day of the newest file.
    """

    cases: dict[tuple[Case, Level], list[tuple[str, Result]]] = field(default_factory=dict)
    confirmed: dict[tuple[Case, Level], set[str]] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    date: str = ""

    @property
    def compared(self) -> Iterator[ObservedCase]:
        """The observed cases, with their results in the order of the targets."""
        order = {name: at for at, name in enumerate(self._ordered)}
        for (case, level), seen in self.cases.items():
            results = tuple(sorted(seen, key=lambda one: order[one[0]]))
            yield ObservedCase(case, level, results, frozenset(self.confirmed.get((case, level), ())))

    @property
    def dialects(self) -> dict[str, Dialect]:
        """The dialect of each target by name: engine by engine, old before new.

        Raises:
            NoDialect: The oracle has no dialect for a target.
        """
        return {name: _dialect(name, self.targets[name]) for name in self._ordered}

    @property
    def _ordered(self) -> list[str]:
        return sorted(self.targets, key=lambda name: _order(name, self.targets[name]))


@dataclass
class _Shards:
    """The shards of a run that were read, and the targets in them."""

    present: set[int] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)


def _order(name: str, target: Target) -> tuple[object, ...]:
    builders = {"classic": 0, "buildkit": 1}
    version = (target.engine, version_number(target.version), target.store)
    return (*version, has_other_runtime(name), builders.get(target.builder, 2), name)


def _dialect(name: str, target: Target) -> Dialect:
    try:
        return target.dialect
    except UnknownDialect as error:
        raise NoDialect(
            f"the observations of {name} cannot be compared",
            f"no dialect describes it: {error}",
            "leave its file out, or describe it in oracle/dialect/dialects.toml",
        ) from error


def read_observations(paths: Iterable[Path]) -> ObservationSet:
    """Read files.

    Args:
        paths: Files, or folders with files named `*.jsonl`.

    Raises:
        Fault: A file cannot be read or is incomplete, or there are no observations.
    """
    collected = ObservationSet()
    shards: dict[tuple[int | None, int], _Shards] = {}
    for path in observation_files(paths):
        with ObservationReader(path) as reader:
            collected.date = max(collected.date, reader.header.date)
            for content in reader:
                _add(collected, content, reader.targets)
            names = {_name(collected, name, target) for name, target in reader.targets.items()}
            shard = reader.header.shard
            run = shards.setdefault((reader.header.seed, shard.count), _Shards())
            run.present.add(shard.number)
            run.targets |= names
    if not collected.targets:
        raise NoObservations(
            "there is nothing to report",
            "the files have no observations",
            "name a file of observations, or a folder of them",
        )
    for (seed, count), run in shards.items():
        if missing := ", ".join(
            f"{number}/{count}" for number in range(1, count + 1) if number not in run.present
        ):
            for target in sorted(run.targets):
                fault = f"of the run with the seed {seed}, these shards are missing: {missing}"
                collected.errors.setdefault(target, []).append(fault)
    return collected


def observation_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that are read: files, and the files named `*.jsonl` in folders.

    Args:
        paths: Files and folders.
    """
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.jsonl"))
        else:
            yield path


def _add(collected: ObservationSet, content: Observation | RecordedFault, targets: dict[str, Target]) -> None:
    names = [_name(collected, name, targets[name]) if name in targets else name for name in content.targets]
    if isinstance(content, RecordedFault):
        for name in names:
            collected.errors.setdefault(name, []).append(content.words)
        return
    seen = collected.cases.setdefault((content.case, content.level), [])
    if content.confirmed:
        collected.confirmed.setdefault((content.case, content.level), set()).update(names)
    for name in names:
        if (name, content.result) not in seen:
            seen.append((name, content.result))


def _name(collected: ObservationSet, name: str, target: Target) -> str:
    known = collected.targets.setdefault(name, target)
    if known == target:
        return name
    full_name = f"{name}/{target.runtime}"
    collected.targets.setdefault(full_name, target)
    return full_name
