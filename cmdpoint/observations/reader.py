"""Read a file of observations line by line, and report every defect in it as a fault."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from cmdpoint.observations.faults import (
    Edited,
    MalformedObservations,
    NewerObservations,
    Truncated,
    UnreadableObservations,
)
from cmdpoint.observations.records import (
    SCHEMA,
    Footer,
    Header,
    Observation,
    RecordedFault,
    Target,
    from_schema_1,
    read_header,
    read_line,
)
from cmdpoint.oracle.interchange.json_values import Malformed, of

LONGEST_LINE: Final = 64 * 1024 * 1024
"""How many bytes of a line are read at most, in case it does not end."""

_AGAIN: Final = "record it again, or leave the file out"


class ObservationReader:
    """A file that is being read. It can be iterated once, over its observations and harness faults.

    The file is known to be complete only after the iteration has ended without an exception.

    Attributes:
        header: The first line.
        targets: The targets that were read so far, by name.
    """

    def __init__(self, path: Path) -> None:
        """Open a file and read its header.

        Args:
            path: The file.

        Raises:
            Fault: The file cannot be read, is no file of observations, or has a newer schema. The iteration
                raises one if the file is truncated, edited or malformed.
        """
        self.path = path
        self._schema = SCHEMA
        try:
            self._file: BinaryIO = path.open("rb")
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise UnreadableObservations(
                f"{path} cannot be read", why, "name a file of observations that this user may read"
            ) from error
        self._digest = sha256()
        self._number = 0
        try:
            self.header = self._read_header()
        except BaseException:
            self._file.close()
            raise
        self.targets: dict[str, Target] = dict(self.header.targets)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __iter__(self) -> Iterator[Observation | RecordedFault]:
        count = 0
        while True:
            digest = self._digest.hexdigest()
            data = self._next()
            try:
                content = read_line(data, self._number)
            except Malformed as error:
                raise self._malformed(str(error)) from error
            match content:
                case Footer():
                    self._check(content, count, digest)
                    return
                case (name, target):
                    self._add_target(name, target)
                case Observation():
                    if unknown := [name for name in content.targets if name not in self.targets]:
                        raise self._malformed(f"no line before it describes the target {unknown[0]}")
                    count += 1
                    yield content
                case RecordedFault():
                    yield content

    def _read_header(self) -> Header:
        try:
            data = of(self._next(), dict, "the first line")
            if data.get("cmdpoint") != "observations":
                raise Malformed("its first line is not the header of a file of observations")
            schema = of(data.get("schema"), int, "the schema's number")
            if schema > SCHEMA:
                raise NewerObservations(
                    f"{self.path} cannot be read by this version of cmdpoint",
                    f"it has schema {schema}, and this version reads up to {SCHEMA}",
                    "read it with a newer cmdpoint",
                )
            if schema < 1:
                raise Malformed(f"there is no schema {schema}")
            self._schema = schema
            data = from_schema_1(data) if schema == 1 else data
            return read_header(data)
        except Malformed as error:
            raise self._malformed(str(error)) from error

    def _next(self) -> object:
        """The JSON of the next line."""
        content = self._file.readline(LONGEST_LINE)
        self._number += 1
        if not content.endswith(b"\n"):
            if len(content) == LONGEST_LINE:
                raise self._malformed("the line is longer than any that cmdpoint writes")
            raise Truncated(
                f"{self.path} is truncated",
                "it ends without a footer: the run was stopped, or the end of the file is missing",
                _AGAIN,
            )
        self._digest.update(content)
        try:
            data = json.loads(content.decode("utf-8"))
            return from_schema_1(data) if self._schema == 1 else data
        except UnicodeDecodeError as error:
            raise self._malformed(f"the line is not UTF-8: byte {error.start + 1} is invalid") from error
        except (ValueError, RecursionError) as error:
            raise self._malformed(f"the line is not JSON: {error}") from error

    def _add_target(self, name: str, target: Target) -> None:
        if self.targets.setdefault(name, target) != target:
            raise self._malformed(f"an earlier line describes the target {name} differently")

    def _check(self, footer: Footer, count: int, digest: str) -> None:
        if self._file.read(1):
            raise self._malformed("there is text after the footer")
        if footer != (actual := Footer(count, digest)):
            expected = f"{footer.observations} observations with the digest {footer.sha256[:12]}"
            raise Edited(
                f"{self.path} was edited",
                f"its footer has {expected}…, but the file has {actual.observations} with {digest[:12]}…",
                "undo the edit, or record it again",
            )

    def _malformed(self, why: str) -> MalformedObservations:
        return MalformedObservations(
            f"{self.path} is not a file of observations that cmdpoint wrote",
            f"line {self._number}: {why}",
            _AGAIN,
        )
