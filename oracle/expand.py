"""Variables in FROM: the ARGs before the first stage, put in for `$NAME` and `${NAME}` (STATE-16)."""

import re
from collections.abc import Mapping

_OPERATOR = re.compile(r"\$(?:(\w+)|\{(\w+)(?::([-+])([^{}]*))?\})", re.ASCII)


def expand(word: str, values: Mapping[str, str], escape: str = "\\") -> str | None:
    """Replace the variables of a word, and drop its quotes, as a shell does.

    Args:
        word: Without white space.
        values: What is known; a variable that is not is empty.
        escape: The character that takes the meaning from the next.

    Returns:
        The word, or None where its syntax is wrong.

    Source: moby/buildkit, `frontend/dockerfile/shell/lex.go:shellWord`.
    """
    expanded = ""
    quoted = False
    at = 0
    while at < len(word):
        char = word[at]
        if char == "$":
            match = _OPERATOR.match(word, at)
            if match is None:
                if word[at + 1 : at + 2] in ("", '"', "'", "/", ":", "-", "."):
                    expanded += char
                    at += 1
                    continue
                return None
            name, braced, operator, other = match.groups()
            value = values.get(name or braced, "")
            if operator is not None and bool(value) == (operator == "+"):
                inner = expand(other, values, escape)
                if inner is None:
                    return None
                value = inner
            expanded += value
            at = match.end()
        elif char == "'" and not quoted:
            end = word.find("'", at + 1)
            if end < 0:
                return None
            expanded += word[at + 1 : end]
            at = end + 1
        elif char == '"':
            quoted = not quoted
            at += 1
        elif char == escape:
            following = word[at + 1 : at + 2]
            kept = quoted and following not in ('"', "$", escape)
            expanded += (char if kept else "") + following
            at += 2
        else:
            expanded += char
            at += 1
    return None if quoted else expanded
