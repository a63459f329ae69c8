"""The report of a divergence: the case, what was predicted and observed, and the oracle's steps."""

from collections.abc import Iterator
from dataclasses import astuple
from typing import Final

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import Level, steps_tested
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.explain.steps import steps
from cmdpoint.oracle.outcome import Codes, Outcome, Prediction, Process, Refusal

_COMPARED: Final = {
    "config": "the config of the image",
    "planned": "the argv of the created container",
    "observed": "what the started container runs",
}

_CODES: Final = ("create", "start", "ExitCode", "docker run")
"""The labels of the codes: the two HTTP statuses, `State.ExitCode` and the exit code of the client."""

_COMPARED_IF_KNOWN: Final = frozenset({"line", *_CODES})
"""The rows that are compared only if both the prediction and the observation have them, as in `agree`."""

_LABEL: Final = 10
_COLUMN: Final = (notation.WIDTH - _LABEL - 8) // 2


def render(
    case: Case,
    target: str,
    prediction: Prediction,
    level: Level,
    predicted: Outcome | ImageConfig,
    observed: Outcome | ImageConfig,
) -> str:
    """Write the report.

    Args:
        case: The case.
        target: The name of the target, such as `docker-28.5.2/classic`.
        prediction: The prediction, for its steps.
        level: The level of the comparison.
        predicted: The predicted result at this level.
        observed: The observed result.

    Returns:
        Plain text, whole lines. `saved_divergence.save` writes it to a file, with a script beside it.
    """
    lines = [f"The oracle and {target} diverge on {_COMPARED[level]}.", ""]
    lines += _case(case, level)
    lines += _table(predicted, observed)
    lines += ["", "The oracle's steps:"]
    lines += steps(case, steps_tested(level, prediction, observed))
    return "\n".join(lines) + "\n"


def _case(case: Case, level: Level) -> Iterator[str]:
    """The Dockerfiles, how they are built, and the request."""
    for image in case.images:
        yield from notation.creation_lines(image)
        yield ""
    if level != "config":
        yield notation.request_line(case.request, case.images[-1].name if case.images else "probe")
        yield ""


def _table(predicted: Outcome | ImageConfig, observed: Outcome | ImageConfig) -> Iterator[str]:
    """The prediction next to the observation, with a mark at each row that differs."""
    left, right = _rows(predicted), _rows(observed)
    yield from _row(" ", "", "predicted", "observed")
    for label in left | right:
        one, other = left.get(label), right.get(label)
        unknown = label in _COMPARED_IF_KNOWN and None in (one, other)
        mark = " " if one == other or unknown else "≠"
        yield from _row(mark, label, one or "-", other or "-")
    for source, result in (("the oracle", predicted), ("the engine", observed)):
        if isinstance(result, Refusal):
            yield ""
            yield from notation.fold(notation.visible(result.message), f"  {source} says: ", "    ")


def _row(mark: str, label: str, one: str, other: str) -> Iterator[str]:
    lefts, rights = (notation.fold(text, width=_COLUMN) for text in (one, other))
    for at in range(max(len(lefts), len(rights))):
        left = lefts[at] if at < len(lefts) else ""
        right = rights[at] if at < len(rights) else ""
        head = f"{mark} {label:{_LABEL}}" if at == 0 else " " * (_LABEL + 2)
        yield f"{head}  {left:{_COLUMN}}  {right}".rstrip()


def _rows(answer: Outcome | ImageConfig) -> dict[str, str]:
    """A prediction or an observation as rows of the table, by label."""
    match answer:
        case Process(argv):
            rows = {f"argv[{at}]": notation.quoted(word) for at, word in enumerate(argv)}
            return rows | _code_rows(answer.codes)
        case Refusal(phase, kind, _, line, image):
            rows = {"refused at": phase, "kind": kind}
            rows |= {} if line is None else {"line": str(line)}
            return rows | ({} if image is None else {"image": image}) | _code_rows(answer.codes)
        case ImageConfig():
            return {name: notation.words_json(words) for name, words in notation.config_lists(answer).items()}


def summary(target: str, predicted: Outcome | ImageConfig, observed: Outcome | ImageConfig) -> list[str]:
    """What was predicted and what was observed, each in one line."""
    return [f"Predicted: {_one_line(predicted)}", f"Observed on {target}: {_one_line(observed)}"]


def _one_line(answer: Outcome | ImageConfig) -> str:
    if isinstance(answer, ImageConfig):
        return notation.value_text(answer)
    if isinstance(answer, Process):
        text = notation.words_json(answer.argv)
    else:
        line = "" if answer.line is None else f", line {answer.line}"
        text = f"refused at {answer.phase}: {answer.kind}{line}"
    codes = ", ".join(f"{label} {number}" for label, number in _code_rows(answer.codes).items())
    return f"{text} ({codes})" if codes else text


def _code_rows(codes: Codes) -> dict[str, str]:
    return {
        label: str(number) for label, number in zip(_CODES, astuple(codes), strict=True) if number is not None
    }
