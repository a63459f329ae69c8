"""Examples with one word in place of another, for behaviours that are sets of words.

The examples of such a behaviour show some of its words; that the others are in the set, or are not, shows
where they stand in their place.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cmdpoint.characterise.known_values import Trait
from cmdpoint.characterise.pool import Question
from cmdpoint.oracle.case import Case, CommandLine, Commit, Image, Import, Origin
from cmdpoint.oracle.dialect.behaviours import behaviours


def variants(pool: Sequence[Question], traits: Sequence[Trait]) -> Iterator[Question]:
    """The variants of the questions that are about a set of words, in what images are made of.

    Args:
        pool: The questions.
        traits: The behaviours with their known values.
    """
    known = {question.case for question in pool}
    for trait in traits:
        words = _words(trait)
        rules = behaviours()[trait.behaviour].rules
        if trait.behaviour == "unknown_run_options":
            # Without an image nothing comes of it, but that it is known shows, if it takes no value.
            for word in words:
                case = Case((), CommandLine((f"--{word}",)))
                yield Question(case, ("planned",), rules[0], f"{rules[0]}, the option {word}")
            continue
        for question in pool:
            if question.rule in rules:
                for old in words:
                    for new in words:
                        case = Case(
                            tuple(_put(each, old, new) for each in question.case.images),
                            question.case.request,
                        )
                        if case not in known:
                            known.add(case)
                            yield replace(question, case=case, name=f"{question.name}, with {new} for {old}")


def _words(trait: Trait) -> list[str]:
    """The words of all known sets; nothing where the values are no sets."""
    if not all(isinstance(value, tuple) for value in trait.values):
        return []
    words = {word: None for value in trait.values for word in value if isinstance(word, str)}
    # A syntax directive calls for another front end, which BuildKit would have to fetch.
    return [word for word in words if word != "syntax"]


def _put(origin: Origin, old: str, new: str) -> Origin:
    left, right = (r"(?<!\w)", r"(?!\w)") if re.fullmatch(r"\w+", old) else (r"(?<=\w)", r"(?=\w)")
    pattern = re.compile(left + re.escape(old) + right)
    match origin:
        case Image():
            return replace(origin, dockerfile=pattern.sub(lambda _: new, origin.dockerfile))
        case Commit() | Import():
            return replace(origin, changes=tuple(pattern.sub(lambda _: new, each) for each in origin.changes))
    return origin
