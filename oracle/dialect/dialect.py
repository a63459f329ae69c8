"""A dialect: the value of every behaviour for one builder of one engine.

The rest of the oracle reads behaviours by name; only this folder knows about versions.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import Any, Final, Self

from cmdpoint.oracle.dialect.data import (
    dialect_data,
    newest_runtime,
    newest_version,
    store_of,
    store_suffix,
    version_number,
)
from cmdpoint.oracle.dialect.names import read_name
from cmdpoint.oracle.dialect.unknown import UnknownDialect
from cmdpoint.oracle.dialect.validation import ROW_KEYS, RUNTIME_KEYS
from cmdpoint.oracle.dialect.values import Behaviours


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect(Behaviours):
    """The behaviours of one builder of one engine, with one image store and one runtime.

    Attributes:
        engine: `docker` or `podman`.
        version: The version of the engine, numbers only.
        builder: `classic`, `buildkit` or `buildah`.
        store: `containerd` if containerd stores the images; empty for the engine's own store.
        runtime: What starts containers, with its version, such as `crun-1.21`.
        verified: Whether the version is not newer than every version that was compared.
    """

    engine: str
    version: str
    builder: str
    store: str
    runtime: str
    verified: bool = field(compare=False)

    def __str__(self) -> str:
        store = store_suffix(self.engine, self.version, self.store)
        name = f"{self.engine}-{self.version}{store}/{self.builder}"
        usual = _usual_runtime(self.engine, self.version, self.builder)
        return name if self.runtime == usual else f"{name}/{self.runtime}"

    @classmethod
    def of(cls, engine: str, version: str, builder: str, runtime: str | None = None, store: str = "") -> Self:
        """The dialect of a builder of an engine.

        Args:
            engine: `docker` or `podman`.
            version: As the engine reports it; what follows the numbers is ignored.
            builder: `classic`, `buildkit` or `buildah`.
            runtime: What starts containers, such as `crun-1.21`; None for the engine's usual one.
            store: `containerd` if containerd stores the images; empty for the engine's own store.

        Raises:
            UnknownDialect: The data file describes no such engine, version, builder, runtime or store.
        """
        number = version_number(version)
        described = dialect_data()["engine"].get(engine)
        if described is None:
            raise UnknownDialect.engine(engine)
        if builder not in described["builders"]:
            raise UnknownDialect.builder(engine, version, builder)
        behaviours = _of_rows(engine, number, builder, store)
        if not behaviours:
            raise UnknownDialect.version(engine, version)
        if store and not (
            store in described["stores"] and version_number(described["stores"][store]) <= number
        ):
            raise UnknownDialect.store(engine, version, store)
        behaviours |= {"runtime": runtime or behaviours["runtime"]}
        behaviours |= _of_runtime(behaviours["runtime"], engine, behaviours.pop("refused_start", ()))
        return cls(
            engine=engine,
            version=".".join(map(str, number)),
            builder=builder,
            store=store,
            verified=number <= version_number(described["verified"][-1]),
            **behaviours,
        )

    @classmethod
    def from_name(cls, name: str) -> Self:
        """The dialect of a name as people write it, such as `docker-28.5.2/classic`, `podman-5` or `28.5`.

        An incomplete version stands for the newest described version that begins with it, and an engine
        without a version for its newest verified one. Without a builder, the dialect is that of the builder
        that `docker build` or `podman build` uses by default, and without an image store that of the store
        of a fresh install: containerd's since Docker 29. `+graphdriver` names the engine's own store.

        Args:
            name: See `cmdpoint.oracle.dialect.names.read_name`.

        Raises:
            UnknownDialect: The name is not of that form, or the data file describes no such dialect.
        """
        read = read_name(name)
        if read is None or read.engine not in dialect_data()["engine"]:
            raise UnknownDialect.name(name)
        version = newest_version(read.engine, read.version)
        builder = read.builder or _default_builder(read.engine, version)
        if not builder:
            raise UnknownDialect.version(read.engine, version)
        store = store_of(read.engine, version, read.store)
        usual = cls.of(read.engine, version, builder, None, store)
        if not read.runtime:
            return usual
        runtime = read.runtime if "-" in read.runtime else newest_runtime(read.runtime, usual.runtime)
        return cls.of(read.engine, version, builder, runtime, store)

    @classmethod
    def newest(cls, builder: str = "buildkit") -> Self:
        """The dialect of the newest Docker Engine that was verified, as a fresh install has it."""
        version = newest_version("docker", "")
        return cls.of("docker", version, builder, store=store_of("docker", version, ""))

    def beside(self, builder: str) -> Self:
        """The dialect of another builder of the same engine, with this dialect's values for what they share.

        Args:
            builder: The other builder; this dialect is returned if the engine does not have it.
        """
        other = self._only_beside(builder)
        return self.with_values(other) if other else self

    def value_beside(self, builder: str, name: str) -> Any:
        """The value of a field in the dialect of another builder; see `beside`."""
        other = self._only_beside(builder)
        return other[name] if name in other else getattr(self, name)

    def _only_beside(self, builder: str) -> Mapping[str, Any]:
        """The values of another builder's dialect that are not this builder's."""
        target = (self.engine, self.version, self.runtime, self.store)
        return _differences(*target, self.builder, builder)

    def with_values(self, values: Mapping[str, Any]) -> Self:
        """The dialect with other values of some behaviours.

        Args:
            values: The values, by behaviour.
        """
        # `dataclasses.replace` takes three times as long, and a search makes tens of thousands of dialects.
        other = object.__new__(type(self))
        for set_field, value in zip(_SET_FIELDS, _GET_FIELDS(self), strict=True):
            set_field(other, value)
        for name, value in values.items():
            object.__setattr__(other, name, value)
        return other

    def meets(self, condition: str) -> bool:
        """Whether a condition holds, such as `classic`, `docker<27.1` or `docker>=27.1 buildkit`.

        Raises:
            ValueError: The text is not a condition.
        """
        return all(self._meets_one(term) for term in condition.split())

    def _meets_one(self, term: str) -> bool:
        match = re.fullmatch(r"([a-z]+)(?:(<|>=)(\d+(?:\.\d+)*))?", term)
        if match is None:
            raise ValueError(f"{term!r} is not a condition on a dialect")
        name, relation, bound = match.groups()
        runtime, _, runtime_version = self.runtime.partition("-")
        if relation is None:
            return name in (self.engine, self.builder, runtime, self.store)
        version = {self.engine: self.version, runtime: runtime_version}.get(name)
        if version is None:
            return False
        return (version_number(version) < version_number(bound)) == (relation == "<")


TARGET: Final = ("engine", "version", "builder", "runtime", "store")
"""The fields on which it depends which values another builder's dialect has."""


@cache
def _differences(
    engine: str, version: str, runtime: str, store: str, builder: str, other: str
) -> Mapping[str, Any]:
    """The values of the other builder's dialect that this one does not share; none if there is no other."""
    if other not in dialect_data()["engine"][engine]["builders"] or other == builder:
        return {}
    here, there = (Dialect.of(engine, version, each, runtime, store) for each in (builder, other))
    pairs = ((each.name, getattr(here, each.name), getattr(there, each.name)) for each in fields(Dialect))
    return {name: value for name, own, value in pairs if own != value}


_GET_FIELDS: Final = attrgetter(*(each.name for each in fields(Dialect)))
_SET_FIELDS: Final = tuple(getattr(Dialect, each.name).__set__ for each in fields(Dialect))


@cache
def _usual_runtime(engine: str, version: str, builder: str) -> str:
    """The runtime that an engine has by default, with its version."""
    return Dialect.of(engine, version, builder).runtime


def _default_builder(engine: str, version: str) -> str:
    """The builder that an engine's client uses by default; empty for a version that no row describes."""
    builders = dialect_data()["engine"][engine]["default_builder"]
    number = version_number(version)
    return next((builders[since] for since in reversed(builders) if version_number(since) <= number), "")


def _of_rows(engine: str, number: tuple[int, ...], builder: str, store: str) -> dict[str, Any]:
    """The behaviours of the rows that apply; a later row replaces the values of an earlier one."""
    found: dict[str, Any] = {}
    for row in dialect_data()["row"]:
        if (
            row["engine"] == engine
            and row.get("builder", builder) == builder
            and row.get("store", store) == store
            and version_number(row["since"]) <= number
        ):
            found |= {name: _frozen(value) for name, value in row.items() if name not in _ROW_KEYS}
    return found


def _of_runtime(name: str, engine: str, refused_start: tuple[int, ...]) -> dict[str, Any]:
    """The behaviours of a runtime such as `crun-1.21` under an engine.

    Args:
        name: The runtime, with its version.
        engine: The engine.
        refused_start: The status and the exit code that the engine has for every start that fails, if any.
    """
    kind, _, version = name.partition("-")
    behaviours: dict[str, Any] = {}
    for row in dialect_data()["runtime"]:
        if row["name"] == kind and version_number(row["since"]) <= version_number(version):
            behaviours |= row
    if not behaviours:
        raise UnknownDialect.runtime(name)
    codes = {why: (*refused_start, *numbers) for why, numbers in behaviours[f"{engine}_start"].items()}
    own = {key: value for key, value in behaviours.items() if key not in RUNTIME_KEYS}
    return own | {"start_codes": codes}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


_ROW_KEYS = ROW_KEYS.keys() - {"runtime", "refused_start"}
