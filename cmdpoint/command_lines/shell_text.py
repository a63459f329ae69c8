"""Divide a pasted text as a shell does: into commands, without redirections, here-documents and comments."""

import re
from typing import Final

_PIECE: Final = re.compile(
    r"""
    (?P<word>'[^']*'|"(?:\\.|[^"\\])*"|\\.|\$\([^()]*\)|`[^`]*`)
    |(?P<redirection>(?:(?<!\S)\d+)?(?:<<<|<<-?|<>|>>|[<>]&|>\||&>>?|<|>)[ \t]*
        (?:'[^']*'|"[^"]*"|[^\s;|&<>'"]+))
    |(?P<comment>(?:(?<=\s)|^)\#[ \t]*(?!\s)[^\n]*)
    |(?P<end>&&|\|\||[;|&\n])
    |(?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def commands(text: str) -> list[str]:
    r"""Return the commands of a text that was pasted.

    Args:
        text: The text, without `\` at line ends.

    Source: POSIX, "Shell Command Language", 2.3 "Token Recognition" and 2.7 "Redirection".
    """
    found = [""]
    for match in _PIECE.finditer(text.strip()):
        if match.lastgroup == "end":
            found.append("")
        elif match.lastgroup in ("redirection", "comment") and not (
            # A prompt of root.
            match.lastgroup == "comment" and not found[-1].strip()
        ):
            continue
        else:
            found[-1] += match[0]
    return [each for each in found if each.strip()]
