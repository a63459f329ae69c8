"""What engines were seen to do, as it is kept: the words for it, and the lines of JSON they are written as.

`observation_writer` writes a file of them, `observation_reader` reads it; `report/schema` tells
machines what it is. Verdicts are not kept: they follow from asking the oracle of today.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from importlib.resources import files
from typing import Any, Final, cast

from cmdpoint.oracle.case import Case, ImageConfig, Words
from cmdpoint.oracle.comparison import LEVELS, Level
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.interchange.case import case_data, read_case
from cmdpoint.oracle.interchange.json_values import Malformed, members, of, one_of, words
from cmdpoint.oracle.interchange.outcome import observed_data, read_observed
from cmdpoint.oracle.outcome import Outcome

SCHEMA: Final = 2
"""The number of the schema, which grows when a line comes to mean something else."""

Result = Outcome | ImageConfig
"""What a place did."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where something was seen.

    Attributes:
        engine: `docker` or `podman`.
        version: As the engine reports it, without what a distribution adds.
        store: The image store, such as `containerd`; empty for the usual one.
        builder: What builds its images.
        runtime: What starts its containers, such as `runc-1.3.6`; empty where it does not say.
    """

    engine: str
    version: str
    store: str
    builder: str
    runtime: str

    @property
    def dialect(self) -> Dialect:
        """The dialect that the oracle knows it by.

        Raises:
            UnknownDialect: It knows none.
        """
        return Dialect.of(self.engine, self.version, self.builder, self.runtime or None, self.store)


@dataclass(frozen=True, slots=True)
class Observation:
    """What places did of a case, all of them the same.

    Attributes:
        case: The case.
        level: What was looked at.
        targets: Their names.
        result: What they did.
        line: The line of the file that it was read from, from 1; 0 where it was not.
    """

    case: Case
    level: Level
    targets: Words
    result: Result
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class RecordedFault:
    """A fault around an engine; no verdict on it.

    Attributes:
        words: What happened.
        targets: The names of the places where; they may be unknown otherwise.
    """

    words: str
    targets: Words


@dataclass(frozen=True, slots=True)
class Footer:
    """The last line of a file.

    Attributes:
        observations: How many of the lines above are observations.
        sha256: The digest of all bytes above.
    """

    observations: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a file.

    Attributes:
        date: The day, in UTC, as `2026-11-25`.
        seed: What the cases were drawn from, if from one.
        targets: The places by name; lines that follow may add some.
    """

    date: str
    seed: int | None
    targets: Mapping[str, Target] = field(default_factory=dict)


Line = Observation | RecordedFault | Footer | tuple[str, Target]
"""A line but the first; a place with its name is one of which a run learned on its way."""

_PLACE: Final = tuple(each.name for each in fields(Target))


def schema() -> str:
    """The JSON Schema of a line."""
    return files("cmdpoint.observations").joinpath("schema/observations.schema.json").read_text("utf-8")


def header_line(header: Header) -> bytes:
    """The first line of a file."""
    targets = {name: asdict(target) for name, target in header.targets.items()}
    entry = {"date": header.date, "seed": header.seed, "targets": targets}
    return _line({"cmdpoint": "observations", "schema": SCHEMA, **entry})


def line(content: Line) -> bytes:
    """A line but the first."""
    match content:
        case Observation(case, level, targets, result):
            what = {"case": case_data(case), "level": level}
            return _line({**what, "targets": list(targets), "observed": observed_data(result)})
        case RecordedFault(text, targets):
            return _line({"harness_fault": text, "targets": list(targets)})
        case Footer(observations, sha256):
            return _line({"end": True, "observations": observations, "sha256": sha256})
        case (name, target):
            return _line({"target": name, **asdict(target)})


_SCHEMA_1: Final = {
    "place": "target",
    "places": "targets",
    "cost": "level",
    "stage": "phase",
    "seen": "observed",
    "harness_error": "harness_fault",
}
"""The keys of schema 1 that schema 2 renamed."""


def from_schema_1(data: Any) -> Any:
    """A line of schema 1 as schema 2 has it: the keys are named differently, the values are the same.

    The case stays as it is; none of its keys was renamed.
    """
    if not isinstance(data, dict):
        return data
    return {
        _SCHEMA_1.get(key, key): value if key == "case" else from_schema_1(value)
        for key, value in data.items()
    }


def read_header(data: object) -> Header:
    """The first line of a file; see `read_line`."""
    entry = members(data, "the header", ("cmdpoint", "schema", "date", "seed", "targets"))
    seed = None if entry.get("seed") is None else of(entry["seed"], int, "the seed")
    targets = of(entry.get("targets"), dict, "targets")
    return Header(
        of(entry.get("date"), str, "the date"),
        seed,
        {name: _target(target, f"the target {name}") for name, target in targets.items()},
    )


def read_line(data: object, number: int = 0) -> Line:
    """A line but the first.

    Args:
        data: The line's JSON.
        number: Which line it is, from 1.

    Raises:
        Malformed: It is not of the schema.
    """
    entry = of(data, dict, "the line")
    if "harness_fault" in entry:
        members(entry, "a harness fault", ("harness_fault", "targets"))
        what = of(entry["harness_fault"], str, "a harness fault")
        return RecordedFault(what, words(entry.get("targets"), "the targets of a harness fault"))
    if "end" in entry:
        members(entry, "the footer", ("end", "observations", "sha256"))
        if entry["end"] is not True:
            raise Malformed("end is not true")
        count = of(entry.get("observations"), int, "the count of observations")
        return Footer(count, of(entry.get("sha256"), str, "the digest"))
    if "target" in entry:
        name = of(entry["target"], str, "the name of a target")
        return name, _target({key: entry[key] for key in entry if key != "target"}, f"the target {name}")
    members(entry, "an observation", ("case", "level", "targets", "observed"))
    level = cast("Level", one_of(entry.get("level"), LEVELS, "the level"))
    targets = words(entry.get("targets"), "the targets of an observation")
    if not targets or len(set(targets)) < len(targets):
        raise Malformed("an observation names no target, or one twice")
    return Observation(
        read_case(entry.get("case")), level, targets, read_observed(entry.get("observed")), number
    )


def _target(data: object, what: str) -> Target:
    entry = members(data, what, _PLACE)
    return Target(*(of(entry.get(key), str, f"the {key} of {what}") for key in _PLACE))


def _line(data: dict[str, Any]) -> bytes:
    # As ASCII, which can hold what UTF-8 cannot: a lone surrogate.
    return json.dumps(data, separators=(",", ":")).encode("ascii") + b"\n"
