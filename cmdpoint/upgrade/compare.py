"""Compare one Dockerfile in two dialects: what differs visibly, and the causes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from cmdpoint.bases.given import Bases
from cmdpoint.bases.symbols import symbolic
from cmdpoint.bases.unknown import UnknownBase
from cmdpoint.oracle.build.stage import Dockerfile, parse
from cmdpoint.oracle.case import Case, Image, ImageConfig, Request
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain.causes import Cause, causes
from cmdpoint.oracle.outcome import Outcome, Prediction, Refusal
from cmdpoint.oracle.predict import predict
from cmdpoint.oracle.trace import Scope
from cmdpoint.upgrade.difference_kind import ARGUMENT, Kind, difference_kind
from cmdpoint.upgrade.fix import fix
from cmdpoint.upgrade.verdict import decide

IMAGE: Final = "Dockerfile"
"""The name of a Dockerfile's image in its case, which no FROM can name."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference for one target stage of a Dockerfile.

    Attributes:
        stage: The target stage, or None for the last stage.
        kind: The visible effect.
        case: The Dockerfile as a case, run without arguments.
        before: The prediction in the first dialect.
        after: The prediction in the second dialect.
        with_argument: The outcomes of a run with an argument, if they differ.
        causes: The causes.
        fix: The line of an instruction, and a text for it with which nothing differs; None if none is known.
    """

    stage: str | None
    kind: Kind
    case: Case
    before: Prediction
    after: Prediction
    with_argument: tuple[Outcome, Outcome] | None
    causes: tuple[Cause, ...]
    fix: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Undecided:
    """A target stage of a Dockerfile for which base images decide whether anything differs.

    Attributes:
        stage: The target stage, or None for the last stage.
        needs: The base images to give, with the keys that decide.
    """

    stage: str | None
    needs: tuple[UnknownBase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """How Dockerfiles are built.

    Attributes:
        target: The stage, or None for the last.
        every_stage: Whether every stage that has a name is a target too.
        arguments: The build arguments.
    """

    target: str | None = None
    every_stage: bool = False
    arguments: tuple[tuple[str, str], ...] = ()


def differences(
    text: str, build: Build, before: Dialect, after: Dialect, configs: Mapping[str, ImageConfig]
) -> Iterator[Difference | Undecided]:
    """The differences of a Dockerfile between two dialects.

    In a difference, symbols stand for the lists of bases that are not given; see `cmdpoint.bases.symbols`.

    Args:
        text: The Dockerfile.
        build: How it is built.
        before: The first dialect.
        after: The second dialect.
        configs: The configs of base images that are given.
    """
    bases = Bases(configs, symbolic)
    for target in targets(text, build, (before, after)):
        case = Case((Image(IMAGE, text, target, build.arguments),))
        one, other = (predict(case, dialect, bases) for dialect in (before, after))
        kind = difference_kind(one, other)
        if bases.unknown:
            decision = decide(case, before, after, configs)
            if decision.verdict == "unknown":
                yield Undecided(target, decision.needs)
            kind = decision.kind
        # A refusal before any stage is read was already reported for the first target.
        read = all(not _refused_at_parse(prediction) for prediction in (one, other))
        if kind is None or (target != build.target and not read):
            continue
        run = replace(case, request=Request(cmd=(ARGUMENT,)))
        first, second = (predict(run, dialect, bases).outcome for dialect in (before, after))
        pair = (first, second) if kind in ("runs", "config") and not agree(first, second) else None
        found = causes(case, before, after, bases)
        mended = fix(case, (before, after), one, bases, found)
        yield Difference(target, kind, case, one, other, pair, found, mended)


def _refused_at_parse(prediction: Prediction) -> bool:
    return isinstance(prediction.outcome, Refusal) and prediction.outcome.phase == "parse"


def targets(text: str, build: Build, dialects: tuple[Dialect, ...]) -> list[str | None]:
    """The stages of a Dockerfile that are compared, None for the last.

    Args:
        text: The Dockerfile.
        build: How it is built.
        dialects: The dialects, which may read different stages.
    """
    found: list[str | None] = [build.target]
    if build.every_stage:
        read = [parse(text, dialect, Scope.after()) for dialect in dialects]
        files = [parsed for parsed in read if isinstance(parsed, Dockerfile)]
        found += [stage.name for parsed in files for stage in parsed.stages[:-1] if stage.name is not None]
    return list(dict.fromkeys(found))


_DIRECTIVE = re.compile(r"\s*#\s*([a-zA-Z]+)\s*=\s*(\S.*)")


def front_end(text: str) -> str | None:
    """The front end that a `# syntax=` line at the top names, or None."""
    for line in text.removeprefix("\ufeff").split("\n"):
        directive = _DIRECTIVE.match(line)
        if directive is None:
            return None
        if directive[1].lower() == "syntax":
            return directive[2].strip()
    return None
