"""What a prediction touches: the lines of the oracle that it executes, the behaviours that it reads."""

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import fields
from functools import partial
from itertools import accumulate
from types import CodeType, FrameType
from typing import Any, Final

from cmdpoint.oracle import Case, Dialect, predict
from cmdpoint.oracle.dialect.reads import with_reads
from tests.mutants.code import ORACLE, files, forget

Touched = bytes
"""Numbers of lines and of behaviours, sorted, two bytes each; `numbers` reads them."""

_LENGTHS: Final = [len(path.read_bytes().splitlines()) for path in files()]

_FILES: Final = dict(zip(map(str, files()), accumulate(_LENGTHS, initial=0), strict=False))
"""The number before that of the first line of each file."""


def line_key(file: str, line: int) -> int:
    """Return the number that stands for a line.

    Args:
        file: The file, such as `oracle/predict.py`.
        line: The line, from 1.
    """
    return _FILES[str(ORACLE / file.removeprefix("oracle/"))] + line


_BEHAVIOURS: Final = sum(_LENGTHS) + 1
"""The number of the first behaviour; lines have lower ones."""

_NAMES: Final = {each.name: _BEHAVIOURS + number for number, each in enumerate(fields(Dialect))}


def behaviour_key(name: str) -> int:
    """Return the number that stands for a behaviour."""
    return _NAMES[name]


def numbers(what: Touched) -> Iterable[int]:
    """Return the numbers of lines and of behaviours."""
    found = array("H")
    found.frombytes(what)
    return found


def touched(case: Case, dialect: Dialect, *, lines: bool = True) -> Touched:
    """What a prediction touches.

    Args:
        case: The case.
        dialect: The dialect.
        lines: Whether to find out which lines it executes, which takes much longer.
    """
    forget()
    executed: set[int] = set()
    with _traced(executed) if lines else nullcontext():
        _, read = with_reads(partial(predict, case), dialect)
    return array("H", sorted(executed | {_NAMES[name] for name in read})).tobytes()


def behaviours_in(what: Touched) -> tuple[str, ...]:
    """The behaviours, and the other attributes of the dialect, that were read."""
    return tuple(_BY_NUMBER[number] for number in numbers(what) if number >= _BEHAVIOURS)


_BY_NUMBER: Final = {number: name for name, number in _NAMES.items()}


@contextmanager
def _traced(lines: set[int]) -> Iterator[None]:
    tracers: dict[CodeType, Callable[..., Any] | None] = {}

    def called(frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
        code = frame.f_code
        if code not in tracers:
            number = _FILES.get(code.co_filename)
            tracers[code] = None if number is None else _tracer(lines.add, number)
        return tracers[code]

    before = sys.gettrace()
    sys.settrace(called)
    try:
        yield
    finally:
        sys.settrace(before)


def _tracer(add: Callable[[int], None], base: int) -> Callable[..., Any]:
    def trace(frame: FrameType, event: str, argument: object) -> Callable[..., Any]:
        add(base + frame.f_lineno)
        return trace

    return trace
