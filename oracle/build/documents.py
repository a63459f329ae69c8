"""Here-documents as sources of COPY and ADD (STATE-32)."""

import re
from typing import Final

from cmdpoint.oracle.dockerfile.heredoc import Document
from cmdpoint.oracle.files import UNKNOWN, File
from cmdpoint.oracle.first_bytes import FIRST_BYTES, file_of

OPERATOR: Final = re.compile(r"\d*<<")
"""How the source begins that stands for a here-document."""

MODE: Final = 0o644
"""The mode of the file: no user can execute it, unless `--chmod` says otherwise."""

_TABS: Final = re.compile(r"^\t+", re.MULTILINE)


def document_file(document: Document) -> File:
    """The file that a here-document is copied as; `unknown` if a variable may decide its first line.

    Args:
        document: The here-document.

    Source: moby/buildkit, `dockerfile2llb/convert.go:dispatchCopy`; openshift/imagebuilder,
        `dispatchers.go:processHereDocs`.
    """
    heredoc = document.heredoc
    text = _TABS.sub("", document.text) if heredoc.chomp else document.text
    first_line = text.partition("\n")[0]
    if "/" in heredoc.name or (not heredoc.is_quoted and not {"$", "\\"}.isdisjoint(first_line)):
        return UNKNOWN
    return file_of(text.encode("utf-8", "surrogateescape")[:FIRST_BYTES], MODE)
