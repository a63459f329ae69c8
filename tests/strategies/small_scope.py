"""The small scope: every combination of a few shapes of CMD and ENTRYPOINT, and its classes."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
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


def chains() -> Iterator[Chain]:
    """Every chain of two images, each with CMD, ENTRYPOINT, both or neither, with and without SHELL."""
    bodies = list(_bodies())
    for lines, own, as_triggers in product(bodies, bodies, (False, True)):
        base = [f"ONBUILD {line}" for line in lines] if as_triggers else list(lines)
        yield (
            Image("base", "\n".join(["FROM probe", *base, ""])),
            Image("image", "\n".join(["FROM base", *own, ""])),
        )


def _bodies() -> Iterator[tuple[str, ...]]:
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
