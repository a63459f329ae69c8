"""HTML as text: the content of an element is escaped, unless it is already markup."""

from collections.abc import Mapping
from html import escape
from typing import Final

_VOID: Final = frozenset({"meta", "input", "br", "col", "img"})


class Markup(str):
    """A text that is HTML."""

    __slots__ = ()


def raw(text: str) -> Markup:
    """Mark a text as HTML that needs no escapes; never use this for observed text."""
    return Markup(text)


def joined(*content: str) -> Markup:
    """Join pieces of text and markup."""
    return Markup(
        "".join(piece if isinstance(piece, Markup) else escape(piece, quote=False) for piece in content)
    )


def element(name: str, attributes: Mapping[str, str | None], *content: str) -> Markup:
    """An element.

    Args:
        name: The name of the element.
        attributes: Its attributes; an attribute with the value None is left out.
        content: Its content; text that is not markup is escaped.
    """
    attribute_text = "".join(
        f' {key}="{escape(value)}"' if value else f" {key}"
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(
        f"<{name}{attribute_text}>"
        if name in _VOID
        else f"<{name}{attribute_text}>{joined(*content)}</{name}>"
    )
