"""Find the `# syntax=` line of a Dockerfile, which names the front end that reads it (LEX-34)."""

import json
import re
from typing import Final

from cmdpoint.oracle.case import Image
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import SPACE

_ARGUMENT: Final = "BUILDKIT_SYNTAX"
_DIRECTIVE: Final = r"{}[\t\n\f\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*"
_COMMENTS: Final = (re.compile(_DIRECTIVE.format("#")), re.compile(_DIRECTIVE.format("//")))


def named_front_end(image: Image, dialect: Dialect) -> str | None:
    """The front end that a build names: the first word of the value; None if it names none.

    A `#` or `//` must be the first character of its line, and only other directives may come before it. The
    build argument `BUILDKIT_SYNTAX` counts more than the line.

    Args:
        image: The Dockerfile and the build arguments.
        dialect: Decides whether the line is looked for, and in which forms.

    Source: moby/buildkit, `frontend/dockerfile/parser/directives.go:DetectSyntax`;
    `frontend/dockerfile/dockerfile2llb/directives.go` before v0.11.
    """
    text = image.dockerfile
    argument = dict(image.build_args).get(_ARGUMENT)
    if dialect.syntax_line == "ignored":
        return None
    if argument is not None:
        return argument.strip(SPACE).partition(" ")[0]
    if dialect.syntax_line == "a comment":
        return _in_comments(text, _COMMENTS[0], known=None)
    if dialect.syntax_line == "any form, also behind a byte-order mark":
        text = text.removeprefix("\ufeff")
    if text.startswith("#!"):
        text = text.partition("\n")[2]
    for comment in _COMMENTS:
        name = _in_comments(text, comment, known=(*dialect.directives, "syntax", "escape"))
        if name is not None:
            return name
    return _in_json(text) if text.lstrip().startswith("{") else None


def _in_comments(text: str, comment: re.Pattern[str], known: tuple[str, ...] | None) -> str | None:
    seen: set[str] = set()
    found = None
    for line in text.split("\n"):
        match = comment.fullmatch(line.removesuffix("\r"))
        if match is None:
            break
        key = match[1].lower()
        if known is not None and (key not in known or key in seen):
            break
        seen.add(key)
        if key == "syntax":
            found = match[2].partition(" ")[0]
            if known is not None:
                break
    return found


def _in_json(text: str) -> str | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    name = value.get("syntax") if isinstance(value, dict) else None
    return name if isinstance(name, str) else None
