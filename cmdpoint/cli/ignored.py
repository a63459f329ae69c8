"""Which files of a build context a `.dockerignore` may leave out.

Builders differ in how they read its patterns. So a pattern counts for every path that any builder can match
with it, and a line that includes files again is not used: what is left is certainly part of the context.
"""

import posixpath
import re
from collections.abc import Iterable
from typing import Final

from cmdpoint.oracle.files import way_to

_WILDCARD: Final = re.compile(r"\*\*/?|\*|\?|\\.|\[[^\]]*\]?", re.DOTALL)


class Ignored:
    """The paths that the patterns of ignore files may match."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Read ignore files.

        Args:
            texts: Their contents.
        """
        lines = [line for text in texts for line in text.removeprefix("\ufeff").splitlines()]
        patterns = [line.strip() for line in lines if not line.startswith("#")]
        expressions = [_expression(each) for each in patterns if each and not each.startswith("!")]
        self._pattern = re.compile("|".join(expressions), re.DOTALL) if expressions else None

    def may_match(self, path: str) -> bool:
        """Whether a path of the context, or a folder that contains it, may be left out.

        Args:
            path: The path, with `/` for the root of the context.
        """
        if self._pattern is None:
            return False
        return any(self._pattern.fullmatch(each, 1) for each in way_to(path))


def _expression(pattern: str) -> str:
    """An expression for all paths that a pattern may match.

    Source: moby/patternmatcher, `patternmatcher.go:compile`.
    """
    cleaned = posixpath.normpath(pattern).lstrip("/")
    if cleaned in (".", "") or {"[", "\\"} <= set(cleaned):  # an escape may stand in brackets
        return ".*"
    expression, at = "", 0
    for found in _WILDCARD.finditer(cleaned):
        expression += re.escape(cleaned[at : found.start()]) + _wildcard(found[0])
        at = found.end()
    return expression + re.escape(cleaned[at:])


def _wildcard(text: str) -> str:
    if text.startswith("**"):
        return ".*"
    if text.startswith("\\"):
        return re.escape(text[1:])
    return "[^/]*" if text in ("*", "[") else "[^/]"
