"""Findings about comments, and other text, behind the arguments of an instruction."""

import json
import re
from collections.abc import Iterator
from typing import Final

from cmdpoint.findings.finding import Finding, Fix, Source
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.commands import Instruction
from cmdpoint.oracle.dockerfile.json_array import Strings, read_array

_WITH_WORDS: Final = frozenset({"ADD", "COPY", "EXPOSE", "VOLUME", "USER", "WORKDIR", "STOPSIGNAL"})
"""The instructions whose arguments no shell reads: a `#` in them is an argument or a part of it."""

_WITH_ARRAY: Final = frozenset({"ADD", "COPY", "RUN", "VOLUME"})

_COMMENT: Final = re.compile(r"(?<=\s)#(?:\s.*)?$")

_ADVICE: Final = "write the comment on a line of its own, above the instruction"


def comments_behind(source: Source, dialect: Dialect) -> Iterator[Finding]:
    """Yield a finding for each instruction that has a comment, or other text, behind its arguments.

    Args:
        source: The Dockerfile.
        dialect: The dialect that reads it.
    """
    for line, command in source.commands.items():
        keyword, text = command.instruction.keyword, command.instruction.text
        array = read_array(text, ignore_trailing=True) if keyword in _WITH_ARRAY else None
        if isinstance(array, Strings):
            if array.trailing and dialect.trailing_text != "ignored":
                yield _behind_array(source, line, command.instruction, array)
        elif keyword in _WITH_WORDS and "<<" not in text and (found := _COMMENT.search(text)):
            at, column = source.position(line, found[0])
            words = "one word" if keyword in ("USER", "WORKDIR", "STOPSIGNAL") else "words"
            yield Finding(
                weight=1,
                rule="LEX-11",
                message=f"{found[0]!r} is not a comment: {keyword} reads it as {words}, "
                "and the build fails or does something else",
                line=line,
                column=column,
                at=at,
                advice=_ADVICE,
            )


def _behind_array(source: Source, line: int, instruction: Instruction, array: Strings) -> Finding:
    keyword, trailing = instruction.keyword, array.trailing
    at, column = source.position(line, trailing)
    words = [keyword, *instruction.flags, json.dumps(array.words, ensure_ascii=False)]
    reader = (
        "a shell gets the text with its brackets" if keyword == "RUN" else f"{keyword} splits it at blanks"
    )
    effect = "" if keyword == "RUN" else ", and the build fails or does something else"
    return Finding(
        weight=1,
        rule="FORM-2",
        message=f"text follows the closing bracket ({trailing!r}), so this is not a JSON array: "
        f"{reader}{effect}",
        line=line,
        column=column,
        at=at,
        fix=Fix(" ".join(words), array.words),
        advice=_ADVICE if trailing.startswith("#") else "remove the text behind the bracket",
    )
