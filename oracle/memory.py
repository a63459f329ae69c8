"""Remember what was computed of texts and images. This makes predictions faster, and nothing else.

An image is run in many ways, is the beginning of many longer chains, and is the same for all dialects that do
not differ in what its build reads.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, cast

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.reads import ReadTree

T = TypeVar("T")


def remembered(
    compute: Callable[..., T],
    arguments: tuple[object, ...],
    dialect: Dialect,
    content: Callable[[T], object] | None = None,
) -> T:
    """Compute something, or return what was computed before for a dialect with the same reads.

    Args:
        compute: A pure function of a module, whose last argument is the dialect.
        arguments: The others, which can be hashed. An argument that is compared by identity should be a
            result of this function, too.
        dialect: The dialect.
        content: As for `ReadTree`; always the same for one function.

    Returns:
        The result, which nothing may change.
    """
    tree = _tree(compute, arguments, content)
    return cast("T", tree.get(dialect, lambda read: compute(*arguments, read)))


def forget() -> None:
    """Forget everything."""
    _tree.cache_clear()


@lru_cache(maxsize=1024)
def _tree(
    compute: Callable[..., object],
    arguments: tuple[object, ...],
    content: Callable[..., object] | None,
) -> ReadTree[object]:
    return ReadTree(content)
