"""What was done, or foretold, in few words: as the spec's examples write it, and cut where it grows long."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Outcome, Process, Refusal

ROOM: Final = 400
"""How many characters of a line are shown."""

LINES: Final = 60
"""How many lines of a Dockerfile are shown."""


def said(answer: Outcome | ImageConfig) -> str:
    """An answer in one line: an argv, a config, or a refusal with the numbers that are known of it."""
    if isinstance(answer, Process):
        return notation.words(answer.argv)
    if isinstance(answer, ImageConfig):
        return notation.value(answer)
    return refused(answer)


def refused(refusal: Refusal) -> str:
    """A refusal in one line."""
    codes = refusal.codes
    numbers = {"line": refusal.line, "exit": codes.run, "start": codes.start, "state": codes.state}
    told = "".join(f", {name} {number}" for name, number in numbers.items() if number is not None)
    return f"refused at {refusal.phase}: {refusal.kind}{told}"


def asked(case: Case, level: Level) -> str:
    """The command that shows what is compared at some cost."""
    if level == "config":
        return "docker image inspect IMAGE"
    line = notation.request(case.request, "IMAGE")
    return line if level == "observed" else line.replace("docker run", "docker create", 1)


def clipped(text: str, room: int = ROOM) -> str:
    """A line, cut where it is longer than anybody reads."""
    return text if len(text) <= room else f"{text[:room]}… ({len(text) - room:,} characters more)"


def lines(told: Iterable[str]) -> Iterator[str]:
    """Lines, each of them cut, and not more than anybody reads."""
    rest = list(told)
    yield from map(clipped, rest[:LINES])
    if len(rest) > LINES:
        yield f"… ({len(rest) - LINES:,} lines more)"


def together(targets: Sequence[str], everybody: int) -> str:
    """The names of places, those of one engine together.

    Args:
        targets: The names.
        everybody: How many places there are to name.
    """
    if len(targets) == everybody > 1:
        return f"all {everybody} places"
    engines: dict[str, list[str]] = {}
    for target in targets:
        engine, _, rest = target.partition("/")
        engines.setdefault(engine, []).append(rest)
    return "; ".join(f"{engine} {', '.join(rests)}" for engine, rests in engines.items())
