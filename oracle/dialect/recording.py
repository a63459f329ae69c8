"""A dialect that records what is read of it: whole values, and single words of lists and of tables."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final, NamedTuple, Self, cast

from cmdpoint.oracle.dialect.dialect import TARGET, Dialect

_FIELDS: Final = frozenset(each.name for each in fields(Dialect))

Record = dict["Read", Any]
"""What was read, in the order of reading, with the values."""


class Read(NamedTuple):
    """Something that is read of a dialect.

    Attributes:
        field: The field.
        word: The word that is looked up in the field's list or table; None if the whole value is read.
        builder: The builder of whose dialect it is read (see `Dialect.beside`); empty for the dialect's own.
    """

    field: str
    word: str | None = None
    builder: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The fields on which the value depends."""
        return (self.field, *TARGET) if self.builder else (self.field,)

    def value(self, dialect: Dialect) -> Any:
        """The value in a dialect: of the field, or what its table has for the word, or if its list has it."""
        if self.builder:
            return _looked_up(dialect.value_beside(self.builder, self.field), self.word)
        return _looked_up(getattr(dialect, self.field), self.word)


def _looked_up(whole: Any, word: str | None) -> Any:
    if word is None:
        return whole
    return whole[word] if isinstance(whole, Mapping) else word in whole


_WHOLE: Final = {name: Read(name) for name in _FIELDS}
"""The reads of whole fields."""


class RecordingDialect(Dialect):
    """A dialect that records what is read of it; comparing it with another reads nothing.

    Its fields are empty until they are read. Of a list, only the words that are looked up count as read.

    Attributes:
        values: The dialect whose values it returns.
        plain: The dialect whose values are recorded.
        record: The record.
        other_builder: The builder whose dialect it is, if it is one beside the dialect that is recorded.
    """

    __slots__ = ("other_builder", "plain", "record", "values")
    values: Dialect
    plain: Dialect
    record: Record
    other_builder: str

    __hash__ = object.__hash__
    __eq__ = object.__eq__

    @classmethod
    def of_values(cls, values: Dialect, plain: Dialect, record: Record, other_builder: str = "") -> Self:
        """A dialect with the given attributes."""
        dialect = object.__new__(cls)
        object.__setattr__(dialect, "values", values)
        object.__setattr__(dialect, "plain", plain)
        object.__setattr__(dialect, "record", record)
        object.__setattr__(dialect, "other_builder", other_builder)
        return dialect

    @property
    def is_plain(self) -> bool:
        """Whether it returns the values that it records."""
        return self.values is self.plain and not self.other_builder

    def __getattr__(self, name: str) -> Any:
        """The value of a field that is read for the first time."""
        if name not in _FIELDS:
            raise AttributeError(name)
        value = plain = getattr(self.values, name)
        if self.plain is not self.values:
            plain = getattr(self.plain, name)
        read = Read(name, None, self.other_builder) if self.other_builder else _WHOLE[name]
        if (view := _VIEWS.get(type(value))) is not None:
            value = view(value, plain, read, self.record)
        else:
            self.record.setdefault(read, plain)
        object.__setattr__(self, name, value)
        return value

    def beside(self, builder: str) -> Self:
        """The dialect of another builder; what is read of it counts as read of this dialect."""
        if self.is_plain:
            other = self.plain.beside(builder)
            return self.of_values(other, other, self.record, builder)
        for name in TARGET:
            getattr(self, name)
        return self.of_values(self.values.beside(builder), self.plain, self.record, self.other_builder)

    def add(self, reads: Record) -> None:
        """Count what was read of the dialect whose values it returns as read of this one."""
        if self.is_plain:
            for read, value in reads.items():
                self.record.setdefault(read, value)
            return
        for read in reads:
            seen = getattr(self.beside(read.builder) if read.builder else self, read.field)
            if isinstance(seen, _Recording):
                seen.value_of(read.word)

    def with_values(self, values: Mapping[str, Any]) -> Self:
        """The dialect with other values; what is read of it counts as read of this dialect."""
        return self.of_values(self.values.with_values(values), self.plain, self.record, self.other_builder)


class _Recording:
    """A list or a table of a dialect that records what is looked up in it, or all of it if all is read."""

    __slots__ = ("_plain", "_read", "_record", "_values")

    def __init__(self, values: Any, plain: Any, read: Read, record: Record) -> None:
        """Record nothing yet.

        Args:
            values: The list or table whose values it returns.
            plain: The one whose values are recorded.
            read: The read of the whole list or table.
            record: Takes the reads.
        """
        self._values, self._plain = values, plain
        self._read, self._record = read, record

    def value_of(self, word: str | None) -> Any:
        """The value for a word, or the whole list or table."""
        read = self._read if word is None else self._read._replace(word=word)
        self._record.setdefault(read, _looked_up(self._plain, word))
        return _looked_up(self._values, word)

    def __eq__(self, other: object) -> bool:
        return bool(self.value_of(None) == other)

    def __hash__(self) -> int:
        return hash(self.value_of(None))


class _RecordingList(_Recording):
    __slots__ = ()

    def __contains__(self, word: str) -> bool:
        return cast("bool", self.value_of(word))

    def __iter__(self) -> Iterator[Any]:
        return iter(self.value_of(None))

    def __len__(self) -> int:
        return len(self.value_of(None))


class _RecordingTable(_Recording):
    __slots__ = ()

    def __getitem__(self, key: str) -> Any:
        return self.value_of(key)


_VIEWS: Final[Mapping[type, type[_Recording]]] = {tuple: _RecordingList, dict: _RecordingTable}
"""What records the reads of a list, and of a table."""
