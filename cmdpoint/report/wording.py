"""Results, commands and targets in one line each, in the notation of the spec; long lines are shortened."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Outcome, Process, Refusal

ROOM: Final = 400
"""The maximum length of a line."""

LINES: Final = 60
"""The maximum number of lines of a Dockerfile."""


def one_line(result: Outcome | ImageConfig) -> str:
    """A result in one line: an argv, a config, or a refusal with the known codes."""
    if isinstance(result, Process):
        return notation.words_json(result.argv)
    if isinstance(result, ImageConfig):
        return notation.value_text(result)
    return refusal_line(result)


def refusal_line(refusal: Refusal) -> str:
    """A refusal in one line."""
    codes = refusal.codes
    numbers = {"line": refusal.line, "exit": codes.run, "start": codes.start, "state": codes.state}
    codes_text = "".join(f", {name} {number}" for name, number in numbers.items() if number is not None)
    return f"refused at {refusal.phase}: {refusal.kind}{codes_text}"


def command(case: Case, level: Level) -> str:
    """The command whose effect is compared at a level."""
    if level == "config":
        return "docker image inspect IMAGE"
    line = notation.request_line(case.request, "IMAGE")
    return line if level == "observed" else line.replace("docker run", "docker create", 1)


def clipped(text: str, room: int = ROOM) -> str:
    """A line, shortened if it is too long."""
    return text if len(text) <= room else f"{text[:room]}… ({len(text) - room:,} characters more)"


def clipped_lines(lines: Iterable[str]) -> Iterator[str]:
    """Lines, each shortened if it is too long, up to a maximum number."""
    rest = list(lines)
    yield from map(clipped, rest[:LINES])
    if len(rest) > LINES:
        yield f"… ({len(rest) - LINES:,} lines more)"


def grouped(targets: Sequence[str], total: int) -> str:
    """The names of targets, grouped by engine.

    Args:
        targets: The names.
        total: The number of all targets.
    """
    if len(targets) == total > 1:
        return f"all {total} targets"
    engines: dict[str, list[str]] = {}
    for target in targets:
        engine, _, rest = target.partition("/")
        engines.setdefault(engine, []).append(rest)
    return "; ".join(f"{engine} {', '.join(rests)}" for engine, rests in engines.items())
