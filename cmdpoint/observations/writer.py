"""Write a file of observations line by line, from its header to its footer."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from cmdpoint.observations.records import Footer, Header, Line, Observation, header_line, line


class ObservationWriter:
    """A file that is being written.

    The footer is written when the context ends without an exception. Without it, readers report the file as
    truncated.
    """

    def __init__(self, path: Path, header: Header) -> None:
        """Begin a file.

        Args:
            path: The file, which is replaced if it exists.
            header: The first line.
        """
        self._file = path.open("wb")
        self._digest = sha256()
        self._count = 0
        self._append(header_line(header))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if kind is None:
                self._append(line(Footer(self._count, self._digest.hexdigest())))

    def write(self, content: Line) -> None:
        """Append a line; a target must be described before a line names it."""
        self._count += isinstance(content, Observation)
        self._append(line(content))

    def _append(self, content: bytes) -> None:
        self._digest.update(content)
        self._file.write(content)


def footer_of(path: Path) -> bytes:
    """Compute the footer for a file without one."""
    digest, count = sha256(), 0
    with path.open("rb") as file:
        for each in file:
            digest.update(each)
            # The writer begins every observation, and no other line, with this key.
            count += each.startswith(b'{"case":')
    return line(Footer(count, digest.hexdigest()))


def write(path: Path, header: Header, lines: Iterable[Line]) -> None:
    """Write a whole file."""
    with ObservationWriter(path, header) as writer:
        for each in lines:
            writer.write(each)
