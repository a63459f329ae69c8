"""What was found out of an engine, as text for people."""

from collections.abc import Iterator
from dataclasses import astuple
from itertools import chain
from typing import Any

from cmdpoint.characterise.pool import Question
from cmdpoint.characterise.predictions import Seen
from cmdpoint.characterise.session import Builder, Characterised
from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Outcome
from cmdpoint.upgrade.sentences import outcome


def render(told: Characterised) -> str:
    """The text."""
    lines = list(chain.from_iterable(["", *_builder(told, each)] for each in told.builders))[1:]
    for name in told.left_out:
        lines += ["", f"{told.name}/{name} was not asked: it builds for a client that holds a session only."]
    added = told.rows
    lines += ["", *_rows(told, added)]
    return "".join(f"{line}\n" for line in lines)


def _builder(told: Characterised, builder: Builder) -> Iterator[str]:
    found = builder.found
    asked, explained = len(found.asked), found.agreeing[0]
    yield f"{told.name}/{builder.name}"
    yield f"  {asked} questions, {builder.seconds:.0f} s"
    yield f"  nearest known: {found.nearest}, which explains {found.agreeing[1]} of them"
    if builder.start is None:
        yield "  no row of the data file is about it"
    else:
        new = [n for n in behaviours() if getattr(builder.start, n) != getattr(found.dialect, n)]
        count = f"{len(new)} behaviour{'' if len(new) == 1 else 's'}"
        what = f"otherwise than the data file says: {', '.join(new)}" if new else "as the data file says"
        yield from notation.fold(f"{count if new else 'all'} {what}", "  ", "    ")
    yield f"  with that, {explained} of {asked} are explained"
    if found.open:
        yield from notation.fold(
            f"{len(found.open)} open, for no example tells the values apart here:", "  ", "    "
        )
        for trait, values in found.open:
            kept = trait.of(found.dialect)
            others = " or ".join(_other(kept, value) for value in values)
            yield from notation.fold(f"{trait}: {_value(kept)}, or {others}", "    ", "      ")
    for trait, instead, value in found.rivals:
        kept, other = _value(trait.of(found.dialect)), _value(value)
        yield from notation.fold(f"{trait} {kept}, or in its place {instead} {other}", "    ", "      ")
    if found.idle:
        yield from notation.fold(
            f"{len(found.idle)} of no effect here, whatever their value: {', '.join(map(str, found.idle))}",
            "  ",
            "    ",
        )
    for question in found.unexplained:
        yield ""
        yield from _unexplained(builder, question, dict(found.asked)[question])


def _unexplained(builder: Builder, question: Question, seen: Seen) -> Iterator[str]:
    dialect = builder.found.dialect
    yield f"  UNEXPLAINED {question.name}"
    for origin in question.case.images:
        yield from (f"    {line}" for line in notation.how(origin))
    if "planned" in question.levels:
        yield from notation.fold(notation.request(question.case.request, "IMAGE"), "    ")
    told = builder.inference.told(question, dialect)
    wrong = [level for level in question.levels if not agree(told[level], seen[level])]
    for level in wrong:
        yield from notation.fold(_words(seen[level]), f"    {level}: seen ", "      ")
        yield from notation.fold(_words(told[level]), f"    {level}: told ", "      ")
    for trait, others in builder.inference.others(question, dialect).items():
        for value, other in others.items():
            ways = "; ".join(
                f"{level}: {_words(other[level])}" for level in wrong if other[level] != told[level]
            )
            if ways:
                yield from notation.fold(f"with {trait} {_value(value)}, {ways}", "    ", "      ")


def _rows(told: Characterised, added: str) -> Iterator[str]:
    if not added:
        yield "The data file says all of that: there is no row to add."
        return
    yield from notation.fold(
        "To add to oracle/dialect/dialects.toml, behind the rows of older versions and before newer ones:"
    )
    yield ""
    yield added


def _other(kept: Any, value: Any) -> str:
    """Another value than the one that was kept; of a list, what is in it and not in the other."""
    if not (isinstance(kept, tuple) and isinstance(value, tuple)):
        return _value(value)
    less = [word for word in kept if word not in value]
    more = [word for word in value if word not in kept]
    told = [
        f"{what} {notation.value(tuple(words))}" for what, words in (("less", less), ("more", more)) if words
    ]
    return ", ".join(told) or _value(value)


def _value(value: Any) -> str:
    return notation.value(value)


def _words(seen: Outcome | ImageConfig) -> str:
    if isinstance(seen, ImageConfig):
        return notation.value(seen)
    numbers = zip(("create", "start", "state", "exit"), astuple(seen.codes), strict=True)
    told = "".join(f", {name} {number}" for name, number in numbers if number is not None)
    return f"{outcome(seen)}{told}"
