"""Flags: the words at the start of an instruction's arguments that begin with two dashes."""

from typing import Final

_SPACE: Final = frozenset(b"\t\n\v\f\r \x85\xa0")
_QUOTES: Final = frozenset(b"'\"")


def split_flags(text: str, escape: str) -> tuple[tuple[str, ...], str]:
    """Split the flags off the arguments of an instruction (LEX-26, LEX-28).

    The builders compare bytes here, not characters: a byte 0x85 or 0xA0 is white space even inside a longer
    character.

    Args:
        text: The arguments.
        escape: The escape character.

    Returns:
        The flags, and the text behind them. The word `--` ends the flags and is dropped.

    Source: moby/buildkit, `parser/split_command.go:extractBuilderFlags`.
    """
    line = text.encode("utf-8", "surrogateescape")
    flags: list[str] = []
    at = 0
    while True:
        while at < len(line) and line[at] in _SPACE:
            at += 1
        if line[at : at + 2] != b"--":
            return tuple(flags), line[at:].decode("utf-8", "surrogateescape")
        word, at = _word(line, at, ord(escape))
        if word == "--":
            return tuple(flags), line[at:].decode("utf-8", "surrogateescape")
        flags.append(word)


def _word(line: bytes, at: int, escape: int) -> tuple[str, int]:
    """The word that begins at an index, without its quotes, and the index behind it."""
    word = bytearray()
    quote: int | None = None
    while at < len(line):
        byte = line[at]
        if quote is None and byte in _SPACE:
            break
        at += 1
        if byte == quote:
            quote = None
        elif quote is None and byte in _QUOTES:
            quote = byte
        elif byte == escape:
            if at < len(line):
                word.append(line[at])
                at += 1
        else:
            word.append(byte)
    return word.decode("latin-1"), at
