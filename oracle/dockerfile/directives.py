"""Parser directives: the comments at the top of a file that tell how to read it."""

import re
from typing import Final

from oracle.dialect import Dialect
from oracle.dockerfile.text import SPACE
from oracle.outcome import Refusal
from oracle.trace import Trace

DEFAULT_ESCAPE: Final = "\\"
"""What continues a line where no directive says otherwise."""

_DIRECTIVE = re.compile(r"#[\t\n\f\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*")


def read_escape(lines: list[str], dialect: Dialect, trace: Trace) -> str | Refusal:
    """Read the directives (LEX-4, LEX-5, LEX-7, LEX-8).

    Args:
        lines: The physical lines of a Dockerfile.
        dialect: Knows some directives and not others.
        trace: Takes the steps.

    Returns:
        The character that continues a line; or the refusal, at stage `parse`.

    Source: moby/buildkit, `parser/directives.go:DirectiveParser.ParseLine`, `parser.go:setEscapeToken`.
    """
    escape = DEFAULT_ESCAPE
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        match = _DIRECTIVE.fullmatch(line.lstrip(SPACE))
        if match is None:
            break
        trace.line = number
        key, value = match[1].lower(), match[2]
        if key not in dialect.directives:
            rule = "LEX-5" if key == "check" else "LEX-4"
            trace.note(
                rule, "directive", key, None, "not known here: it is a comment, and ends the directives"
            )
            break
        if key == "check":
            trace.note("LEX-5", "directive", None, key, "known here: directives may follow it")
        if key in seen:
            trace.note("LEX-8", "build", None, "refused")
            return Refusal("parse", "bad-directive", f"there may be one {key} directive only", number)
        seen.add(key)
        if key == "escape":
            if value not in ("\\", "`"):
                trace.note("LEX-7", "build", None, "refused")
                return Refusal("parse", "bad-directive", f"{value!r} is no escape character", number)
            trace.note("LEX-4", "escape", escape, value, "a parser directive")
            escape = value
    return escape
