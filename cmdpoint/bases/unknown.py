"""Find the keys of unknown base images that decide a result.

The keys are found by experiment. The result is computed again for several configs that each image could have.
A key that changes the result in any of them is needed. A result that no key changes is certain.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, Literal

from cmdpoint.oracle.case import ImageConfig, Words

Key = Literal["Entrypoint", "Cmd", "Shell", "OnBuild", "Front end"]
"""A key of an image's config that decides what runs; or the image is a front end, whose release decides."""

Configs = Mapping[str, ImageConfig]
"""The configs of images, by the name in FROM."""


@dataclass(frozen=True, slots=True)
class UnknownBase:
    """A base image that is not given, although a result depends on it.

    Attributes:
        name: Its name in FROM.
        keys: The keys of its config that the result depends on, at least one.
    """

    name: str
    keys: tuple[Key, ...]

    def __str__(self) -> str:
        if self.keys == ("Front end",):
            return f"the release of the front end {self.name}"
        return f"{', '.join(self.keys)} of {self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """A result that depends on base images that are not given. Two unknown results are never equal.

    Attributes:
        needs: These images, with the keys of their configs that decide the result.
    """

    needs: tuple[UnknownBase, ...]

    def __str__(self) -> str:
        return f"unknown, depends on {'; '.join(map(str, self.needs))}"


_ENTRYPOINT: Final = "/base/entrypoint"
_CMD: Final = "base-cmd"
_SHELL: Final = ("/base/shell", "-c")

_FULL: Final = ImageConfig((_ENTRYPOINT,), (_CMD,), _SHELL)
"""A config with a value for each key that an image can pass on."""

_VALUES: Final[Mapping[Key, tuple[Words, ...]]] = {
    "Entrypoint": ((), (_ENTRYPOINT,), ("",)),
    "Cmd": ((), (_CMD,), ("",)),
    "Shell": ((), _SHELL),
    "OnBuild": (
        (),
        ('CMD ["trigger-cmd"]',),
        ("CMD trigger-cmd",),
        ('ENTRYPOINT ["/trigger/entrypoint"]',),
        ("ENTRYPOINT /trigger/entrypoint",),
        ("ENTRYPOINT []",),
        ('SHELL ["/trigger/shell", "-c"]',),
    ),
}
"""For each key, values that show whether it decides a result."""

_FRONT_END: Final[tuple[Key, ...]] = ("Front end",)

_SET: Final[Mapping[Key, Callable[[ImageConfig, Words], ImageConfig]]] = {
    "Entrypoint": lambda config, words: replace(config, entrypoint=words),
    "Cmd": lambda config, words: replace(config, cmd=words),
    "Shell": lambda config, words: replace(config, shell=words),
    "OnBuild": lambda config, words: replace(config, on_build=words),
}
"""For each key, a config with another value of it."""


def witnesses(names: Sequence[str]) -> Iterator[Configs]:
    """Configs that images could have.

    Args:
        names: The names of the images.

    Returns:
        At least one assignment; the first gives every image an empty config.
    """
    for context in _contexts(names):
        yield context
        for name in names:
            for key in _VALUES:
                yield from _variants(context, name, key)


def needs(names: Sequence[str], result: Callable[[Configs], object]) -> tuple[UnknownBase, ...]:
    """The images, and the keys of their configs, that decide a result.

    Args:
        names: The names of the unknown images.
        result: Computes the result from their configs.

    Returns:
        Those that decide it, in the order of `names`; empty if the result does not depend on any.
    """
    contexts = [(context, result(context)) for context in _contexts(names)]
    found = []
    for name in names:
        keys = tuple(
            key
            for key in _VALUES
            if any(
                result(variant) != usual
                for context, usual in contexts
                for variant in _variants(context, name, key)
            )
        )
        if keys:
            found.append(UnknownBase(name, keys))
    return tuple(found)


def united(*several: Iterable[UnknownBase]) -> tuple[UnknownBase, ...]:
    """Several lists of bases as one, in which each base has the keys of all."""
    keys: dict[str, set[Key]] = {}
    for base in chain.from_iterable(several):
        keys.setdefault(base.name, set()).update(base.keys)
    return tuple(
        UnknownBase(name, tuple(key for key in (*_VALUES, *_FRONT_END) if key in keys[name])) for name in keys
    )


def _contexts(names: Sequence[str]) -> Iterator[Configs]:
    """The configs of all images while one key of one image varies: all empty, or all full."""
    yield dict.fromkeys(names, ImageConfig())
    if names:
        yield dict.fromkeys(names, _FULL)


def _variants(context: Configs, name: str, key: Key) -> Iterator[Configs]:
    """A context with each value of one key of one image."""
    for value in _VALUES[key]:
        changed = _SET[key](context[name], value)
        if changed != context[name]:
            yield {**context, name: changed}
