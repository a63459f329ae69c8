"""The small scope: every combination of a few shapes of CMD and ENTRYPOINT, and its classes."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from random import Random
from typing import Final

from cmdpoint.oracle import Case, Dialect, Image, predict

SHAPES: Final = {
    "CMD": (None, "CMD", "CMD []", 'CMD [""]', 'CMD ["/c"]', "CMD c"),
    "ENTRYPOINT": (
        None,
        "ENTRYPOINT",
        "ENTRYPOINT []",
        'ENTRYPOINT [""]',
        'ENTRYPOINT ["/e"]',
        "ENTRYPOINT e",
    ),
}
"""Absent, without arguments, an empty array, an array of one empty word, exec form, shell form."""

SHELL: Final = 'SHELL ["/bin/bash", "-c"]'

_DECIDING: Final = frozenset(
    {"STATE-2", "STATE-3", "STATE-6", "STATE-7", "STATE-8", "SHELL-4", "SHELL-7", "SHELL-8", "ONB-4"}
)
"""The rules that distinguish classes with the same config."""

Chain = tuple[Image, Image]

Lines = tuple[str, ...]


def chains() -> Iterator[Chain]:
    """Every chain of two images, each with CMD, ENTRYPOINT, both or neither, with and without SHELL."""
    return (_chain(*each) for each in _combinations())


def some_chains(random: Random, count: int) -> list[Chain]:
    """Some of the chains, all different."""
    return [_chain(*each) for each in random.sample(list(_combinations()), count)]


def _combinations() -> Iterator[tuple[Lines, Lines, bool]]:
    """The lines of the base, those of the image, and whether the lines of the base are triggers."""
    bodies = list(_bodies())
    return product(bodies, bodies, (False, True))


def _chain(lines: Lines, own: Lines, as_triggers: bool) -> Chain:
    base = [f"ONBUILD {line}" for line in lines] if as_triggers else list(lines)
    return (
        Image("base", "\n".join(["FROM probe", *base, ""])),
        Image("image", "\n".join(["FROM base", *own, ""])),
    )


def _bodies() -> Iterator[Lines]:
    for cmd, entrypoint, shell, is_reversed in product(*SHAPES.values(), (False, True), (False, True)):
        pair = [line for line in (cmd, entrypoint) if line is not None]
        if is_reversed and len(pair) < 2:
            continue
        yield (*([SHELL] if shell else []), *(reversed(pair) if is_reversed else pair))


def classes(of: Iterable[Chain], dialects: Sequence[Dialect]) -> list[Chain]:
    """One chain for each class; a class has the same config by the same deciding rules in each dialect."""
    found: dict[object, Chain] = {}
    for chain in of:
        predictions = [predict(Case(chain), dialect) for dialect in dialects]
        key = tuple((each.config, each.rules & _DECIDING) for each in predictions)
        found.setdefault(key, chain)
    return list(found.values())
