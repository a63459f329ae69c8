"""The records of observations: their values, and the lines of JSON in which they are stored.

`writer` writes a file of records, `reader` reads it, and `schema/` has its JSON Schema. Verdicts are not
stored: they are computed with the present oracle.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Any, Final, cast, get_args

from cmdpoint.observations.shard import WHOLE, Shard
from cmdpoint.oracle.case import Case, ImageConfig, Words
from cmdpoint.oracle.comparison import LEVELS, Level
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.interchange.case import case_data, read_case
from cmdpoint.oracle.interchange.json_values import Malformed, members, of, one_of, words
from cmdpoint.oracle.interchange.outcome import observed_data, read_observed
from cmdpoint.oracle.outcome import Outcome
from cmdpoint.oracle.refusals import Kind, Phase

SCHEMA: Final = 2
"""The number of the schema, which increases when the meaning of a line changes."""

Result = Outcome | ImageConfig
"""The result of a case on a target."""


@dataclass(frozen=True, slots=True)
class Target:
    """The target of an observation.

    Attributes:
        engine: `docker` or `podman`.
        version: The version that the engine reports, without the distribution's suffix.
        store: The image store, such as `containerd`; empty for the engine's own.
        builder: The builder of its images.
        runtime: The runtime of its containers, such as `runc-1.3.6`; empty if the engine does not report it.
    """

    engine: str
    version: str
    store: str
    builder: str
    runtime: str

    @property
    def dialect(self) -> Dialect:
        """The dialect of the target.

        Raises:
            UnknownDialect: No dialect describes it.
        """
        return _dialect_of(self)


@cache
def _dialect_of(target: Target) -> Dialect:
    return Dialect.of(target.engine, target.version, target.builder, target.runtime or None, target.store)


@dataclass(frozen=True, slots=True)
class Observation:
    """The result of a case, the same on several targets.

    Attributes:
        case: The case.
        level: The level at which it was observed.
        targets: The names of the targets.
        result: The result.
        confirmed: Whether this is the smallest case of a divergence, which the engine repeated.
        line: The number of its line in the file, from 1; 0 if it was not read from a file.
    """

    case: Case
    level: Level
    targets: Words
    result: Result
    confirmed: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class RecordedFault:
    """A harness fault of a run, which is no verdict on an engine.

    Attributes:
        words: What happened.
        targets: The names of the affected targets; the file may not describe them.
    """

    words: str
    targets: Words


@dataclass(frozen=True, slots=True)
class Footer:
    """The last line of a file.

    Attributes:
        observations: The number of observations in the file.
        sha256: The digest of all bytes before this line.
    """

    observations: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a file.

    Attributes:
        date: The day in UTC, such as `2026-11-25`.
        seed: The seed that generated the cases, if there is one.
        targets: The targets by name; later lines may add more.
        shard: The shard of the run that the file is of.
    """

    date: str
    seed: int | None
    targets: Mapping[str, Target] = field(default_factory=dict)
    shard: Shard = WHOLE


Line = Observation | RecordedFault | Footer | tuple[str, Target]
"""A line after the header; a name with a target describes a target that the run reached later."""

_HEADER_KEYS: Final = ("cmdpoint", "schema", "date", "seed", "targets", "shard")

_TARGET_KEYS: Final = tuple(each.name for each in fields(Target))


def schema() -> str:
    """The JSON Schema of a line, with the cases of `cmdpoint predict` and the kinds of refusals."""
    own, case = (
        json.loads(files("cmdpoint").joinpath(path).read_text("utf-8"))
        for path in ("observations/schema/observations.schema.json", "schema/predict-input.schema.json")
    )
    own["$defs"] |= case["$defs"]
    refusal = own["$defs"]["refusal"]["properties"]
    refusal["kind"]["enum"], refusal["phase"]["enum"] = list(get_args(Kind)), list(get_args(Phase))
    return json.dumps(own, indent=2, ensure_ascii=False) + "\n"


def header_line(header: Header) -> bytes:
    """The first line of a file."""
    targets = {name: asdict(target) for name, target in header.targets.items()}
    entry = {"date": header.date, "seed": header.seed, "targets": targets}
    if not header.shard.is_whole:
        entry["shard"] = str(header.shard)
    return _line({"cmdpoint": "observations", "schema": SCHEMA, **entry})


def line(content: Line) -> bytes:
    """A line after the header."""
    match content:
        case Observation(case, level, targets, result, confirmed):
            what = {"case": case_data(case), "level": level, "targets": list(targets)}
            flag = {"confirmed": True} if confirmed else {}
            return _line({**what, "observed": observed_data(result), **flag})
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
    """Translate a line of schema 1 to schema 2, which has other keys for the same values.

    The case does not change, because none of its keys was renamed.
    """
    if not isinstance(data, dict):
        return data
    return {
        _SCHEMA_1.get(key, key): value if key == "case" else from_schema_1(value)
        for key, value in data.items()
    }


def read_header(data: object) -> Header:
    """Read the first line of a file; see `read_line`."""
    entry = members(data, "the header", _HEADER_KEYS)
    seed = None if entry.get("seed") is None else of(entry["seed"], int, "the seed")
    targets = of(entry.get("targets"), dict, "targets")
    shard = Shard.read(of(entry.get("shard", "1/1"), str, "the shard"))
    if shard is None:
        raise Malformed(f"{entry['shard']!r} is not a shard")
    return Header(
        of(entry.get("date"), str, "the date"),
        seed,
        {name: _target(target, f"the target {name}") for name, target in targets.items()},
        shard,
    )


def read_line(data: object, number: int = 0) -> Line:
    """Read a line after the header.

    Args:
        data: The line's JSON.
        number: The number of the line, from 1.

    Raises:
        Malformed: The line does not match the schema.
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
    members(entry, "an observation", ("case", "level", "targets", "observed", "confirmed"))
    level = cast("Level", one_of(entry.get("level"), LEVELS, "the level"))
    targets = words(entry.get("targets"), "the targets of an observation")
    if not targets or len(set(targets)) < len(targets):
        raise Malformed("an observation has no target, or the same one twice")
    confirmed = of(entry.get("confirmed", False), bool, "confirmed")
    result = read_observed(entry.get("observed"))
    return Observation(read_case(entry.get("case")), level, targets, result, confirmed, number)


def _target(data: object, what: str) -> Target:
    entry = members(data, what, _TARGET_KEYS)
    return Target(*(of(entry.get(key), str, f"the {key} of {what}") for key in _TARGET_KEYS))


def _line(data: dict[str, Any]) -> bytes:
    # ASCII with escapes, because UTF-8 cannot encode a lone surrogate.
    return json.dumps(data, separators=(",", ":")).encode("ascii") + b"\n"
