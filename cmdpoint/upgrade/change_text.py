"""Changes of behaviours, and outcomes, as lines of text."""

from collections.abc import Iterator, Mapping

from cmdpoint.oracle.dialect.changes import Change
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Outcome, Process, Refusal


def change_lines(change: Change, before: Dialect, after: Dialect) -> Iterator[str]:
    """Yield the lines for a change: the values, the version that changed them, and the source."""
    yield from value_lines(change)
    yield from source_lines(change, before, after)


def source_lines(change: Change, before: Dialect, after: Dialect) -> Iterator[str]:
    """Yield the lines for what changed a behaviour: the versions with their sources, or what else differs."""
    if change.versions:
        for each in change.versions:
            source = f": {each.source}" if each.source else ""
            yield f"changed in {each.version}{source}"
        return
    yield _other(before, after)


def _other(before: Dialect, after: Dialect) -> str:
    """The reason for a difference that is not a change between versions."""
    own = "the engine's own"
    pairs = {
        "engine": (before.engine, after.engine),
        "image store": (before.store or own, after.store or own),
        "builder": (before.builder, after.builder),
        "runtime": (before.runtime, after.runtime),
    }
    what, (one, other) = next((what, pair) for what, pair in pairs.items() if pair[0] != pair[1])
    return f"because the {what} differs: {one} → {other}"


def value_lines(change: Change) -> Iterator[str]:
    """Yield the lines for the values of a change."""
    before, after = change.before, change.after
    match before, after:
        case tuple(), tuple():
            gone = [word for word in before if word not in after]
            new = [word for word in after if word not in before]
            if gone:
                yield f"before only: {', '.join(map(notation.quoted, gone))}"
            if new:
                yield f"after only: {', '.join(map(notation.quoted, new))}"
        case Mapping(), Mapping():
            for key in before:
                if before[key] != after.get(key):
                    yield f"{key}: {list(before[key])} → {list(after.get(key, ()))}"
        case _:
            yield f"{notation.value_text(before)} → {notation.value_text(after)}"


def outcome_text(seen: Outcome) -> str:
    """An outcome in one line."""
    match seen:
        case Process(argv):
            return notation.words_json(argv)
        case Refusal():
            line = "" if seen.line is None else f", line {seen.line}"
            return f"refused at {seen.phase}: {seen.kind}{line} ({notation.visible(seen.message)})"
