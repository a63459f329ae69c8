"""The patterns in `${NAME#pattern}`, `${NAME%pattern}` and `${NAME/pattern/text}` (STATE-16)."""

import re
from collections.abc import Iterable
from functools import partial
from typing import Final, Literal

_REFERENCE: Final = re.compile(r"\$(?:\$|\w+|\{\w+\})")

Patterns = Literal["shell", "path"]
"""How patterns match: like a shell's (BuildKit), or like Go's `path.Match` (imagebuilder)."""


class BadPatternError(Exception):
    """A pattern cannot be read."""


def trimmed(value: str, pattern: str, end: str, patterns: Patterns, *, longest: bool) -> str:
    """Remove what matches a pattern from one end of a value.

    With `path` patterns some cuts are never tried, because imagebuilder's loops end early: `${X##*}` keeps
    the last character.

    Args:
        value: The value of the variable.
        pattern: The pattern.
        end: `#` for the beginning of the value, `%` for its end.
        patterns: How patterns match.
        longest: Whether to remove the longest match instead of the shortest.

    Raises:
        BadPatternError: The pattern cannot be read.

    Source: moby/buildkit, `frontend/dockerfile/shell/lex.go:trimPrefix`, `trimSuffix`;
    openshift/imagebuilder, `shell_parser.go:processDollar`.
    """
    rising = (end == "#") != longest
    stop = len(value) + 1 if patterns == "shell" else len(value) - rising
    cuts: Iterable[int] = range(stop) if rising else reversed(range(stop))
    regex = _regex(pattern, patterns)
    for cut in cuts:
        before, after = value[:cut], value[cut:]
        if _matches(regex, before if end == "#" else after):
            return after if end == "#" else before
    return value


def substituted(value: str, pattern: str, text: str, where: str, patterns: Patterns) -> str:
    """Replace what matches a pattern in a value.

    Args:
        value: The value of the variable.
        pattern: The pattern.
        text: What stands in place of a match.
        where: Empty for the first match, `/` for every match, `#` or `%` for a match at the beginning or the
            end only.
        patterns: How patterns match.

    Raises:
        BadPatternError: The pattern cannot be read.

    Source: moby/buildkit, `frontend/dockerfile/shell/lex.go:processDollar`; openshift/imagebuilder,
    `shell_parser.go:processDollar`.
    """
    regex = _regex(pattern, patterns)
    if patterns == "shell":
        assert regex is not None
        return _all_replaced(regex, value, text) if where else regex.sub(lambda _: text, value, count=1)
    at = 0
    while at < len(value):
        for end in range(len(value), at, -1):
            if (where == "#" and at) or (where == "%" and end != len(value)):
                continue
            if _matches(regex, value[at:end]):
                value = value[:at] + text + value[end:]
                if where != "/":
                    return value
                at += len(text) - 1
                break
        at += 1
    return value


def _all_replaced(regex: re.Pattern[str], value: str, text: str) -> str:
    """Replace every match, except an empty one that directly follows another.

    In the text, `$0` stands for the match, `$$` for a dollar sign, and any other name for nothing.

    Source: Go, `regexp/regexp.go:ReplaceAllString`, `expand`.
    """
    result, end = "", 0
    for match in regex.finditer(value):
        result += value[end : match.start()]
        if match.end() > end or match.start() == 0:
            result += _REFERENCE.sub(partial(_referenced, match[0]), text)
        end = match.end()
    return result + value[end:]


def _referenced(found: str, reference: re.Match[str]) -> str:
    """What a reference in the text of a replacement stands for, where the match is a given text."""
    if reference[0] == "$$":
        return "$"
    return found if reference[0] in ("$0", "${0}") else ""


def _matches(regex: re.Pattern[str] | None, text: str) -> bool:
    return regex is not None and regex.fullmatch(text) is not None


def _regex(pattern: str, patterns: Patterns) -> re.Pattern[str] | None:
    """The regular expression for a pattern; None for one that matches nothing."""
    if patterns == "shell":
        return re.compile(_of_shell(pattern))
    if not pattern:
        raise BadPatternError
    regex = _of_path(pattern)
    try:
        return None if regex is None else re.compile(regex, re.DOTALL)
    except re.error:  # a range such as [z-a], which holds no character
        return None


def _of_shell(pattern: str) -> str:
    r"""A pattern of `*`, `?` and `\`; square brackets mean themselves."""
    regex = ""
    characters = iter(pattern)
    for char in characters:
        if char == "\\":
            escaped = next(characters, "")
            if escaped not in ("*", "?", "\\", "}", "/"):
                raise BadPatternError
            regex += re.escape(escaped)
        else:
            regex += {"*": ".*", "?": "."}.get(char, re.escape(char))
    return regex


_PATH_TOKEN = re.compile(r"\*|\?|\\(.)|\[(\^?)((?:\\.|[^\]\\])+)\]|([^\\\[])", re.DOTALL)


def _of_path(pattern: str) -> str | None:
    r"""A pattern of Go's `path.Match`: `*` and `?` match no slash, brackets hold a set of characters."""
    regex = ""
    at = 0
    while at < len(pattern):
        token = _PATH_TOKEN.match(pattern, at)
        if token is None:
            return None
        at = token.end()
        escaped, negated, members, plain = token.groups()
        if members is not None:
            regex += f"[{negated}{members}]"
        elif token[0] in "*?":
            regex += "[^/]*" if token[0] == "*" else "[^/]"
        else:
            regex += re.escape(escaped if escaped is not None else plain)
    return regex
