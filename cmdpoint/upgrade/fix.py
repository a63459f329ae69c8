"""Find another text for an instruction with which a Dockerfile does after the upgrade what it did before."""

import json
from collections.abc import Iterable
from dataclasses import replace

from cmdpoint.bases.given import Bases
from cmdpoint.bases.symbols import symbols
from cmdpoint.findings.finding import Source
from cmdpoint.oracle.case import Case, Image, Words
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain.causes import Cause
from cmdpoint.oracle.outcome import Prediction
from cmdpoint.oracle.predict import predict


def fix(
    case: Case, dialects: tuple[Dialect, Dialect], before: Prediction, bases: Bases, causes: Iterable[Cause]
) -> tuple[int, str] | None:
    """Find a fix, which predictions in both dialects confirm.

    Args:
        case: The Dockerfile as a case.
        dialects: The dialects before and after the upgrade.
        before: The prediction in the one before.
        bases: The configs of base images.
        causes: The causes of the difference.

    Returns:
        The line of the instruction to replace, and its new text; None if no fix is known.
    """
    image = case.images[-1]
    if before.config is None or not isinstance(image, Image):
        return None
    source = Source.read(image.dockerfile, dialects[0])
    words = {"CMD": before.config.cmd, "ENTRYPOINT": before.config.entrypoint}
    for line in dict.fromkeys(cause.line for cause in causes if cause.line in source.commands):
        assert line is not None
        keyword = source.commands[line].instruction.keyword
        if keyword not in words or not _can_be_written(words[keyword], bases):
            continue
        text = f"{keyword} {json.dumps(words[keyword], ensure_ascii=False)}"
        fixed = Case((*case.images[:-1], replace(image, dockerfile=source.replaced(line, text))))
        if all(_same(before, predict(fixed, dialect, bases)) for dialect in dialects):
            return line, text
    return None


def _can_be_written(words: Words, bases: Bases) -> bool:
    """Whether an instruction can have these words: none of them stands for the words of an unknown base."""
    return bool(words) and not symbols(bases.unknown).keys() & set(words)


def _same(one: Prediction, other: Prediction) -> bool:
    return one.config == other.config and agree(one.outcome, other.outcome)
