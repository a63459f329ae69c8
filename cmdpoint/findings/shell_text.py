"""The commands of a text for a shell: where its last command starts, and what the shell does with it.

Source: POSIX, "Shell Command Language", 2.2 "Quoting", 2.4 "Reserved Words", 2.9 "Shell Commands" and 2.14
"Special Built-In Utilities".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

BUILTINS: Final = frozenset({".", "eval", "exec", "export", "set", "shift", "source", "trap", "unset"})
"""Commands of shells that no distribution has as programs; some have `cd`, `read` or `umask`."""

# fmt: off
_STAYS: Final = BUILTINS | frozenset(
    {
        ":", "alias", "bg", "break", "cd", "command", "continue", "declare", "exit", "fg", "jobs", "local",
        "read", "return", "times", "type", "typeset", "ulimit", "umask", "unalias", "wait",
    }
)
"""Commands that a shell executes itself, so that `exec` in front of them fails or changes what they do."""

RESERVED: Final = frozenset(
    {
        "!", "[[", "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if",
        "select", "then", "time", "until", "while", "{", "}",
    }
)
# fmt: on

_OPERATOR: Final = re.compile(r"&&|\|\||;;|\|&|[;&|\n]")
_NO_OPERATOR: Final = re.compile(r"[<>]&|&>|>\|")
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*\+?=")
_REDIRECTION: Final = re.compile(r"\d*(?:[<>]&|&>>?|<>|>>|>\||<<<|[<>])[ \t]*")
_FUNCTION: Final = re.compile(r"[\w-]+\s*\(\s*\)")
_PARAMETERS: Final = re.compile(
    r"\$[@*#0-9]|\$\{[#!]?[@*0-9]|\bshift\b|\bgetopts\b|\bfor\s+\w+\s*(?:;|\n|do\b)"
)

_SHELL_NAME: Final = re.compile(r"\$0|\$\{0\b")

Kind = Literal["command", "exec", "builtin", "alternative", "pipeline", "background", "compound", "unknown"]


@dataclass(frozen=True, slots=True)
class LastCommand:
    """What a shell does at the end of its text.

    Attributes:
        kind: What the last command is: a program, with `exec` in front of it or not; a builtin command; a
            program that only runs if another fails; a pipeline; or a command that the shell does not wait
            for. Or that the text has a compound command, such as `if`, or is not understood.
        at: The place in the text where the first word of the last command is.
        is_single: Whether the text has no other command.
        handles_signals: Whether the text sets a trap.
    """

    kind: Kind
    at: int = 0
    is_single: bool = False
    handles_signals: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A simple command of the text, and the operator behind it; empty at the end."""

    start: int
    end: int
    operator: str


def uses_parameters(text: str) -> bool:
    """Whether a text uses `$0`, `$1` and so on, the words behind it."""
    return bool(_PARAMETERS.search(text))


def uses_shell_name(text: str) -> bool:
    """Whether a text uses `$0`, the first word behind it."""
    return bool(_SHELL_NAME.search(text))


def with_parameters(text: str) -> str | None:
    """The text whose last command gets the parameters of the shell; None if it is no program's.

    Args:
        text: The text.
    """
    if last_command(text).kind not in ("command", "exec"):
        return None
    last = [piece for piece in pieces_of(text) if text[piece.start : piece.end].strip()][-1]
    front = text[: last.end].rstrip()
    return None if front.endswith("\\") else f'{front} "$@"{text[len(front) :]}'


def last_command(text: str) -> LastCommand:
    """What a shell does at the end of a text.

    Args:
        text: The text.
    """
    try:
        pieces = [
            piece
            for piece in pieces_of(text)
            if text[piece.start : piece.end].strip() or piece.operator == "&"
        ]
    except (IndexError, ValueError):
        return LastCommand("unknown")
    words = [first_word(text, piece) for piece in pieces]
    if not pieces or any(text[piece.start : piece.end].strip() == "" for piece in pieces):
        return LastCommand("unknown")
    traps = any(word == "trap" for _, word in words)
    if any(is_compound(text, at, word) for at, word in words):
        return LastCommand("compound", handles_signals=traps)
    at, word = words[-1]
    operators = [piece.operator for piece in pieces]
    return LastCommand(_kind(operators, word), at, len(pieces) == 1, traps)


def _kind(operators: list[str], word: str) -> Kind:
    """The kind of a last command by the operators behind the commands, and by its first word."""
    before = operators[-2] if len(operators) > 1 else ""
    if operators[-1] == "&":
        return "background"
    if before in ("|", "|&"):
        return "pipeline"
    if word == "exec":
        return "exec"
    if word in _STAYS or not word:
        return "builtin"
    return "alternative" if before == "||" else "command"


def is_compound(text: str, at: int, word: str) -> bool:
    return word in RESERVED or text.startswith("(", at) or _FUNCTION.match(text, at) is not None


def pieces_of(text: str) -> Iterator[Piece]:
    """Yield the simple commands of a text.

    Raises:
        IndexError, ValueError: A quote or a bracket is not closed, or the text has a here-document.
    """
    start = at = 0
    while at < len(text):
        if text.startswith("<<", at) and not text.startswith("<<<", at):
            raise ValueError("a here-document")
        if text[at] == "#" and (at == 0 or text[at - 1] in " \t\n;&|("):
            end = (text.find("\n", at) + 1 or len(text) + 1) - 1
            yield Piece(start, at, "\n")
            start = at = end
        elif skipped := _NO_OPERATOR.match(text, at):
            at = skipped.end()
        elif operator := _OPERATOR.match(text, at):
            yield Piece(start, at, operator[0])
            start = at = operator.end()
        elif text[at] == ")":
            raise ValueError("a bracket that was not opened")
        else:
            at = behind(text, at)
    yield Piece(start, len(text), "")


def behind(text: str, at: int) -> int:
    """The place behind a quoted text, a substitution, or one character.

    Raises:
        IndexError, ValueError: It is not closed.
    """
    char, pair = text[at], text[at : at + 2]
    if char == "\\":
        return at + 2
    if char == "'":
        return text.index("'", at + 1) + 1
    if char in '("`' or pair in ("$(", "${"):
        inside = at + (2 if pair in ("$(", "${") else 1)
        closing = {"(": ")", "{": "}"}.get(text[inside - 1], char)
        while text[inside] != closing:
            quoted = closing in '"`' and text[inside] not in "\\`$"
            inside = inside + 1 if quoted else behind(text, inside)
        return inside + 1
    return at + 1


def first_word(text: str, piece: Piece) -> tuple[int, str]:
    """The first word of a command behind its assignments and redirections, and where it is; "" for none."""
    at = piece.start
    while at < piece.end:
        if text[at].isspace():
            at += 1
        elif redirection := _REDIRECTION.match(text, at, piece.end):
            at = _word_end(text, redirection.end(), piece.end)
        elif _ASSIGNMENT.match(text, at, piece.end):
            at = _word_end(text, at, piece.end)
        else:
            return at, text[at : _word_end(text, at, piece.end)]
    return piece.end, ""


def _word_end(text: str, at: int, end: int) -> int:
    while at < end and not text[at].isspace() and text[at] not in "<>":
        at = behind(text, at)
    return at
