"""Predictions that are made once: anew only where a dialect differs in what counts for the case.

Hundreds of dialects that differ in one behaviour each are asked about hundreds of cases, and most cases have
to do with few behaviours. So it is watched which of its fields a dialect is asked for. What is asked first is
always the same, and what next depends on the answers alone: what was asked makes a tree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Any, Final, Self, cast

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import LEVELS, Level, expected_at
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Outcome
from cmdpoint.oracle.predict import predict

Seen = Mapping[Level, Outcome | ImageConfig]
"""What was seen of a case, or is to be seen, at some costs."""

_NAMES: Final = tuple(each.name for each in fields(Dialect))

_FIELDS: Final = frozenset(_NAMES)

_PLACE: Final = ("engine", "version", "builder", "runtime", "store")
"""What the data file is asked with for another builder's dialect."""


@dataclass(slots=True)
class _Node:
    """A field that is asked for, and what follows each of its values."""

    name: str
    next: dict[Any, "_Node | Seen"] = field(default_factory=dict)


class _Watched(Dialect):
    """A dialect that notes which of its fields it is asked for; to be told from another asks for none."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__

    def __getattribute__(self, name: str) -> Any:
        if name in _FIELDS:
            state = super().__getattribute__("__dict__")
            if "asked" in state:
                state["asked"].setdefault(name, _key(getattr(state["plain"], name)))
        return super().__getattribute__(name)

    def beside(self, builder: str) -> Self:
        """The dialect of another builder, which notes for this one what it is asked for."""
        for name in _PLACE:
            getattr(self, name)
        plain = self.__dict__["plain"]
        return cast("Self", _watched(plain.beside(builder), plain, self.__dict__["asked"]))


def _watched(values: Dialect, plain: Dialect, asked: dict[str, Any]) -> _Watched:
    """A dialect that is watched.

    Args:
        values: What it answers.
        plain: Whose values are noted: the dialect that it was made of.
        asked: Where they are noted.
    """
    watched = _Watched(**{name: getattr(values, name) for name in _NAMES})
    watched.__dict__.update(plain=plain, asked=asked)
    return watched


class Recall:
    """What dialects are predicted to do."""

    def __init__(self) -> None:
        self._trees: dict[Case, _Node | Seen] = {}

    def told(self, case: Case, dialect: Dialect) -> Seen:
        """What a dialect is predicted to do with a case, at each cost."""
        at = self._trees.get(case)
        while isinstance(at, _Node):
            at = at.next.get(_key(getattr(dialect, at.name)))
        if at is None:
            at, asked = _predicted(case, dialect)
            self._keep(case, asked, at)
        return at

    def asked(self, case: Case, dialect: Dialect) -> set[str]:
        """The behaviours that a dialect is asked for."""
        self.told(case, dialect)
        names, at = set(), self._trees[case]
        while isinstance(at, _Node):
            names.add(at.name)
            at = at.next[_key(getattr(dialect, at.name))]
        return names

    def _keep(self, case: Case, asked: Mapping[str, Any], told: Seen) -> None:
        steps = list(asked.items())
        if not steps:
            self._trees[case] = told
            return
        node = self._trees.setdefault(case, _Node(steps[0][0]))
        for (name, value), (following, _) in pairwise(steps):
            assert isinstance(node, _Node)
            assert node.name == name, case
            node = node.next.setdefault(value, _Node(following))
        assert isinstance(node, _Node)
        node.next[steps[-1][1]] = told


def _predicted(case: Case, dialect: Dialect) -> tuple[Seen, Mapping[str, Any]]:
    asked: dict[str, Any] = {}
    prediction = predict(case, _watched(dialect, dialect, asked))
    return {level: expected_at(level, prediction) for level in LEVELS}, asked


def _key(value: Any) -> Any:
    return tuple(sorted(value.items())) if isinstance(value, dict) else value
