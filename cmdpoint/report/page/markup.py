"""HTML as text: whatever is put into an element is escaped, unless it is markup already."""

from collections.abc import Mapping
from html import escape
from typing import Final

_VOID: Final = frozenset({"meta", "input", "br", "col"})


class Markup(str):
    """A text that is HTML."""

    __slots__ = ()


def raw(text: str) -> Markup:
    """Mark a text as HTML, or as the content of an element without escapes; never anything observed."""
    return Markup(text)


def joined(*content: str) -> Markup:
    """Several pieces as one."""
    return Markup(
        "".join(piece if isinstance(piece, Markup) else escape(piece, quote=False) for piece in content)
    )


def element(name: str, attributes: Mapping[str, str | None], *content: str) -> Markup:
    """An element.

    Args:
        name: Its name.
        attributes: Its attributes; one of None is left out.
        content: What is in it; a text that is no markup is escaped.
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
