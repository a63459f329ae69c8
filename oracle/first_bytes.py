"""What the kernel does with a file, by its first bytes and its mode."""

import codecs
import re
from typing import Final

from cmdpoint.oracle.files import BYTE_ORDER_MARK, UNKNOWN, File, permissions

FIRST_BYTES: Final = 256
"""How much of a file is read: as much as the kernel reads to find an interpreter (BINPRM_BUF_SIZE)."""

_SCRIPT: Final = re.compile(rb"#![ \t]*([^ \t\n\0]+)(?:[ \t]+([^\n\0]*?))?[ \t]*(?:\n|\0|$)")

_OTHER_FORMATS: Final = (b"\0asm", b"MZ", b"\xca\xfe\xba\xbe")
"""The first bytes of WebAssembly, Windows and Java programs, which a host may run (binfmt_misc)."""


def file_of(first: bytes, mode: int) -> File:
    """A regular file.

    Args:
        first: Its first bytes.
        mode: Its mode.

    Source: Linux, `fs/binfmt_script.c:load_script`; execve(2).
    """
    allowed = permissions(mode)
    if allowed is None or first.startswith(_OTHER_FORMATS):
        return UNKNOWN
    executable, private = allowed
    if first.startswith(b"\x7fELF"):
        return File("program", executable, private)
    script = _SCRIPT.match(first)
    if script is None:
        kind_is_certain = not first.startswith(b"#!") or b"\n" in first
        mark = BYTE_ORDER_MARK if first.startswith(codecs.BOM_UTF8 + b"#!") else ""
        return File("text", executable, private, text=mark) if kind_is_certain else UNKNOWN
    words = tuple(word.decode("utf-8", "surrogateescape") for word in script.groups() if word)
    whole = len(first) < FIRST_BYTES or b"\n" in first
    return File("script", executable, private, words) if whole else UNKNOWN
