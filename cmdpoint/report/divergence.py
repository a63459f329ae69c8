"""What a person sees when the oracle and an engine disagree: the case, both answers, the steps, a script."""

from collections.abc import Iterator
from dataclasses import astuple
from typing import Final

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.explain.steps import steps
from cmdpoint.oracle.outcome import Codes, Outcome, Prediction, Process, Refusal
from cmdpoint.report.reproduction import script

_COMPARED: Final = {
    "config": "the image config that the build leaves",
    "planned": "the argv that create fixes",
    "observed": "the argv that the started process sees",
}

_SHOWN: Final = {
    "config": ("build",),
    "planned": ("build", "create"),
    "observed": ("build", "create", "start"),
}

_LABEL: Final = 10
_COLUMN: Final = (notation.WIDTH - _LABEL - 8) // 2


def render(
    case: Case,
    where: str,
    predicted: Prediction,
    level: Level,
    expected: Outcome | ImageConfig,
    seen: Outcome | ImageConfig,
) -> str:
    """Tell of a disagreement.

    Args:
        case: What was asked.
        where: The engine and its builder, such as `docker-28.5.2/classic`.
        predicted: What the oracle says, for its steps.
        level: What was compared.
        expected: The part of the prediction that was compared.
        seen: What the engine did.

    Returns:
        Plain text; the last part of it is a script for `sh`.
    """
    lines = [f"The oracle and {where} disagree about {_COMPARED[level]}.", ""]
    lines += _case(case, level)
    lines += _table(expected, seen)
    lines += ["", "What the oracle did, step by step:"]
    shown = _SHOWN[level]
    lines += steps(case, tuple(step for step in predicted.steps if step.phase in shown))
    lines += ["", "To see it with docker alone, run this with sh:", ""]
    return "\n".join(lines) + "\n" + script(case, where, level, expected, seen)


def _case(case: Case, level: Level) -> Iterator[str]:
    """The Dockerfiles, how they are built, and the request."""
    for image in case.images:
        yield from notation.how(image)
        yield ""
    if level != "config":
        yield notation.request(case.request, case.images[-1].name if case.images else "probe")
        yield ""


def _table(expected: Outcome | ImageConfig, seen: Outcome | ImageConfig) -> Iterator[str]:
    """Both answers side by side, with a mark at each row in which they differ."""
    left, right = _rows(expected), _rows(seen)
    yield from _row(" ", "", "the oracle", "the engine")
    for label in left | right:
        one, other = left.get(label), right.get(label)
        # A line or an image that one refusal does not name is no difference, as in `agree`.
        silent = label in {"line", "image"} and None in (one, other)
        mark = " " if one == other or silent else "≠"
        yield from _row(mark, label, one or "-", other or "-")
    for who, answer in (("the oracle", expected), ("the engine", seen)):
        if isinstance(answer, Refusal):
            yield ""
            yield from notation.fold(notation.visible(answer.message), f"  {who} says: ", "    ")


def _row(mark: str, label: str, one: str, other: str) -> Iterator[str]:
    lefts, rights = (notation.fold(text, width=_COLUMN) for text in (one, other))
    for at in range(max(len(lefts), len(rights))):
        left = lefts[at] if at < len(lefts) else ""
        right = rights[at] if at < len(rights) else ""
        head = f"{mark} {label:{_LABEL}}" if at == 0 else " " * (_LABEL + 2)
        yield f"{head}  {left:{_COLUMN}}  {right}".rstrip()


def _rows(answer: Outcome | ImageConfig) -> dict[str, str]:
    """An answer as rows of the table, by label."""
    match answer:
        case Process(argv):
            rows = {f"argv[{at}]": notation.quoted(word) for at, word in enumerate(argv)}
            return rows | _numbers(answer.codes)
        case Refusal(stage, kind, _, line, image):
            rows = {"refused at": stage, "kind": kind}
            rows |= {} if line is None else {"line": str(line)}
            return rows | ({} if image is None else {"image": image}) | _numbers(answer.codes)
        case ImageConfig():
            return {name: notation.words(held) for name, held in notation.config_lists(answer).items()}


def _numbers(codes: Codes) -> dict[str, str]:
    labels = ("create", "start", "ExitCode", "docker run")
    return {
        label: str(number) for label, number in zip(labels, astuple(codes), strict=True) if number is not None
    }
