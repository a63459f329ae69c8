"""Parser directives: the comments at the top of a file that say how to read it.

Docker and Buildah have separate readers, because their parsers differ in every step. Around the key and the
`=`, Docker accepts tabs, line feeds, form feeds, carriage returns and spaces; Buildah accepts tabs and
spaces. Docker lower-cases the key and compares the whole value; Buildah lower-cases the whole line and
compares only the first character of the value. Docker knows several directives; Buildah knows only
`escape`. Both stop at a directive that they do not know.
"""

import re
from typing import Final, NamedTuple

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.check_comments import are_options, fails_on_findings
from cmdpoint.oracle.dockerfile.go_strings import SPACE, lower
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope

DEFAULT_ESCAPE: Final = "\\"
"""The escape character of a file without an escape directive."""

_ESCAPE = re.compile(r"#[\t ]*escape[\t ]*=[\t ]*(.).*", re.DOTALL)
_DIRECTIVE = re.compile(r"#[\t\n\f\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*")


class Directives(NamedTuple):
    """What the directives of a file say.

    Attributes:
        escape: The character that continues a line.
        lines: How many lines they are.
    """

    escape: str
    lines: int


def read_directives(lines: list[str], dialect: Dialect, scope: Scope) -> Directives | Refusal:
    """Read the directives (LEX-4, LEX-5, LEX-7, LEX-8).

    Args:
        lines: The physical lines of a Dockerfile.
        dialect: Decides which directives exist.
        scope: Takes the steps, each at its line.

    Returns:
        What they say; or the refusal, at phase `parse`.

    Source: moby/buildkit, `parser/directives.go:DirectiveParser.ParseLine`, `parser.go:setEscapeToken`.
    """
    if dialect.escape_value == "first character":
        return _first_character(lines, scope)
    escape = DEFAULT_ESCAPE
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        match = _DIRECTIVE.fullmatch(line.lstrip(SPACE))
        if match is None:
            break
        here = scope.at(number)
        key, value = match[1].lower(), match[2]
        if key not in dialect.directives:
            rule = "LEX-5" if key == "check" else "LEX-4"
            here.note(rule, "directive", key, None, "not supported: it is a comment, and ends the directives")
            break
        if key == "check" and (refused := _wrong_check(value, dialect, here)):
            return refused
        if key in seen:
            here.note("LEX-8", "build", None, "refused")
            return Refusal("parse", "bad-directive", f"only one {key} directive is allowed", number)
        seen.add(key)
        if key == "escape":
            if value not in ("\\", "`"):
                here.note("LEX-7", "build", None, "refused")
                return Refusal("parse", "bad-directive", f"{value!r} is not an escape character", number)
            here.note("LEX-4", "escape", escape, value, "a parser directive")
            escape = value
    return Directives(escape, len(seen))


def _wrong_check(value: str, dialect: Dialect, here: Scope) -> Refusal | None:
    """The refusal of a check directive whose options the linter does not have (LEX-5)."""
    note = "supported: directives may follow it"
    if dialect.check_options == "options":
        if not are_options(value):
            here.note("LEX-5", "build", None, "refused")
            return Refusal("parse", "bad-directive", f"the linter has no such options: {value!r}", here.line)
        if fails_on_findings(value):
            note += "; the build is refused if the linter finds something, which is not predicted"
    here.note("LEX-5", "directive", None, "check", note)
    return None


def _first_character(lines: list[str], scope: Scope) -> Directives | Refusal:
    """Read the directives where `escape` is the only one, and only the first character of its value counts.

    Source: openshift/imagebuilder, `dockerfile/parser/parser.go:possibleParserDirective`.
    """
    escape = ""
    for number, line in enumerate(lines, start=1):
        here = scope.at(number)
        bare = lower(line.lstrip(SPACE))
        match = _ESCAPE.fullmatch(bare)
        if match is None:
            other = _DIRECTIVE.fullmatch(bare)
            if other is not None:
                rule = {"syntax": "LEX-6", "check": "LEX-5"}.get(other[1], "LEX-4")
                note = "not supported: it is a comment, and ends the directives"
                here.note(rule, "directive", other[1], None, note)
            break
        if escape:
            here.note("LEX-8", "build", None, "refused")
            return Refusal("parse", "bad-directive", "only one escape directive is allowed", number)
        escape = match[1]
        if escape not in ("\\", "`"):
            here.note("LEX-7", "build", None, "refused")
            return Refusal("parse", "bad-directive", f"{escape!r} is not an escape character", number)
        here.note("LEX-4", "escape", DEFAULT_ESCAPE, escape, "a parser directive")
        if bare.rstrip("\t ")[-1:] != escape:
            here.note("LEX-7", "escape", escape, escape, "only the first character of the value counts")
    return Directives(escape or DEFAULT_ESCAPE, int(bool(escape)))
