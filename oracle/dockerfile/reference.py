"""Check whether a text has the form of an image reference."""

import re
from typing import Final

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import lower

_COMPONENT: Final = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_HOST: Final = r"(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])"
_DOMAIN: Final = re.compile(rf"{_HOST}(?:\.{_HOST})*(?::[0-9]+)?|\[[a-fA-F0-9:]+\](?::[0-9]+)?")
_REST: Final = re.compile(
    rf"{_COMPONENT}(?:/{_COMPONENT})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}})?"
    r"(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?"
)
_ID: Final = re.compile(r"[a-f0-9]{64}")


def is_reference(text: str, *, capital_hosts: bool = True) -> bool:
    """Whether a text can name an image in FROM.

    The text before the first slash is a registry's domain only if it looks like one. Otherwise it belongs to
    the image's path, which has no capitals.

    Args:
        text: The text.
        capital_hosts: Whether a word with capitals looks like a domain.

    Source: distribution/reference, `normalize.go:ParseNormalizedNamed`, `regexp.go`.
    """
    first, slash, rest = text.partition("/")
    has_capitals = capital_hosts and first != lower(first)
    if slash and (re.search(r"[.:]", first) or first == "localhost" or has_capitals):
        return bool(_DOMAIN.fullmatch(first) and _REST.fullmatch(rest))
    return bool(_REST.fullmatch(text)) and not _ID.fullmatch(text)


def can_name_image(text: str, dialect: Dialect) -> bool:
    """Whether a builder reads a text as an image reference; see `is_reference`."""
    return is_reference(text, capital_hosts=dialect.capital_hosts == "hosts")
