"""Find another text for an instruction with which a Dockerfile does after the upgrade what it did before."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from cmdpoint.bases.given import Bases
from cmdpoint.bases.symbols import symbols
from cmdpoint.findings.comments import comments_behind
from cmdpoint.findings.finding import Source
from cmdpoint.oracle.case import Case, Image, ImageConfig, Words
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
    texts = dict(_candidates(image.dockerfile, dialects, before.config, bases))
    for line in dict.fromkeys(cause.line for cause in causes if cause.line in texts):
        assert line is not None
        fixed = Case((*case.images[:-1], replace(image, dockerfile=source.replaced(line, texts[line]))))
        if all(_same(before, predict(fixed, dialect, bases)) for dialect in dialects):
            return line, texts[line]
    return None


def _candidates(
    text: str, dialects: tuple[Dialect, Dialect], config: ImageConfig, bases: Bases
) -> Iterator[tuple[int, str]]:
    """Yield lines with other texts: arrays of what CMD and ENTRYPOINT were, and what findings propose.

    Args:
        text: The Dockerfile.
        dialects: The dialects before and after the upgrade.
        config: The config before it.
        bases: The configs of base images.
    """
    for finding in comments_behind(Source.read(text, dialects[1]), dialects[1]):
        if finding.fix is not None and finding.line is not None:
            yield finding.line, finding.fix.text
    words = {"CMD": config.cmd, "ENTRYPOINT": config.entrypoint}
    for line, command in Source.read(text, dialects[0]).commands.items():
        keyword = command.instruction.keyword
        if keyword in words and _can_be_written(words[keyword], bases):
            yield line, f"{keyword} {json.dumps(words[keyword], ensure_ascii=False)}"


def _can_be_written(words: Words, bases: Bases) -> bool:
    """Whether an instruction can have these words: none of them stands for the words of an unknown base."""
    return bool(words) and not symbols(bases.unknown).keys() & set(words)


def _same(one: Prediction, other: Prediction) -> bool:
    return one.config == other.config and agree(one.outcome, other.outcome)
