"""Write a prediction for people: what runs, and by which lines and rules."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Final

from cmdpoint.oracle.case import Case, Request, Words
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import TRIGGER, Prediction, Refusal, Step

UNTITLED: Final[Mapping[str, str]] = MappingProxyType({})
"""An empty mapping: no title is shown."""

MOST_LINES: Final = 3
"""How many words of an argv have a line of their own each."""

_PLAIN: Final = frozenset({"form", "build"})
"""The fields whose values are words of cmdpoint, which need no quotes."""

_STAGES: Final = frozenset({"base", "stage", "target"})
"""The fields in which a number is the index of a stage, from 0."""


def explain(case: Case, prediction: Prediction, titles: Mapping[str, str] = UNTITLED) -> str:
    """Explain a prediction: what runs, and the steps that lead there.

    Args:
        case: What was predicted.
        prediction: The prediction.
        titles: The titles to show, by rule id.

    Returns:
        Lines of at most `notation.WIDTH` characters, each with a line end.
    """
    lines = [*outcome(case, prediction), "", "Step by step:", *steps(case, prediction.steps, titles)]
    return "\n".join(lines) + "\n"


def outcome(case: Case, prediction: Prediction, client: str = "docker") -> Iterator[str]:
    """The lines about the result: each word that runs and its origin, or why nothing runs.

    Args:
        case: What was predicted.
        prediction: The prediction.
        client: The client whose exit code is named.
    """
    if isinstance(prediction.outcome, Refusal):
        yield "Nothing runs:"
        for line in refusal(case, prediction.outcome, client):
            yield f"  {line}"
        return
    yield "What runs:"
    argv = prediction.outcome.argv
    if len(argv) > MOST_LINES:
        yield from _grouped(case, prediction, argv)
        return
    column = min(max(len(notation.quoted(word)) for word in argv), 48)
    for at, (word, origin) in enumerate(zip(argv, _origins(case, prediction, argv), strict=True)):
        label, text = f"  argv[{at}]  ", notation.quoted(word)
        lines = notation.fold(text, label)
        fits = len(lines) == 1 and (len(text) <= column or len(lines[0]) + len(origin) + 2 <= notation.WIDTH)
        yield from lines[:-1] if fits else lines
        start = lines[-1] if fits else ""
        yield from notation.fold(origin, f"{start:{len(label) + column}}  ")


def _origins(case: Case, prediction: Prediction, argv: Words) -> list[str]:
    """The origins of words; if there is one Dockerfile, without its name."""
    found = origins(prediction, argv)
    if len(case.images) > 1:
        return found
    return [each.replace(f", {case.images[0].name} line ", ", line ") for each in found]


def _grouped(case: Case, prediction: Prediction, argv: Words) -> Iterator[str]:
    """The lines about many words: those with the same origin together."""
    at = 0
    for origin, group in groupby(_origins(case, prediction, argv)):
        count = len([*group])
        label = f"argv[{at}]" if count == 1 else f"argv[{at}-{at + count - 1}]"
        words = " ".join(map(notation.quoted, argv[at : at + count]))
        lines = notation.fold(words, f"  {label:9}  ")
        if len(lines) == 1 and len(lines[0]) + len(origin) + 2 <= notation.WIDTH:
            yield f"{lines[0]}  {origin}"
        else:
            yield from (*lines, *notation.fold(origin, " " * 13))
        at += count


def steps(case: Case, taken: tuple[Step, ...], titles: Mapping[str, str] = UNTITLED) -> Iterator[str]:
    """The lines about steps, under a heading for each line of a Dockerfile, each image and the request."""
    titled: set[str] = set()
    for heading, group in groupby(taken, lambda step: _heading(case, step)):
        yield ""
        yield from notation.fold(heading, "  ", "      ")
        for step in group:
            yield from notation.fold(f"{step.rule:9} {_change(step)}", "    ", " " * 14)
            if step.rule in titles and step.rule not in titled:
                titled.add(step.rule)
                yield from notation.fold(f"({titles[step.rule]})", " " * 14)


def refusal(case: Case, refused: Refusal, client: str = "docker") -> Iterator[str]:
    """The lines about a refusal: its phase, kind, reason and line, and what the client exits with."""
    yield f"refused at {refused.phase}: {refused.kind}"
    yield from notation.fold(notation.visible(refused.message), "  ")
    if refused.codes.run is not None:
        yield f"  {client} run exits with {refused.codes.run}"
    if refused.image is not None and refused.line is not None:
        text = notation.source_line(case, refused.image, refused.line)
        yield from notation.fold(f"{refused.image}, line {refused.line}: {text}", "  ", "      ")


def origins(prediction: Prediction, argv: Words) -> list[str]:
    """The origin of each word of a predicted argv, as far as the steps show it."""
    merged = [step for step in prediction.steps if step.phase == "create"]
    cmd = next((step.after for step in reversed(merged) if step.field == "Cmd"), ())
    assert isinstance(cmd, tuple)
    entrypoint = argv[: len(argv) - len(cmd)]
    request = prediction.request or Request()
    given = isinstance(request.entrypoint, tuple) and bool(request.entrypoint)
    first = "--entrypoint" if given else _origin(prediction, "Entrypoint", entrypoint)
    replaced = given or (isinstance(request.cmd, tuple) and bool(request.cmd))
    second = "argument of the run" if replaced else _origin(prediction, "Cmd", cmd)
    return [first] * len(entrypoint) + [second] * len(cmd)


def _origin(prediction: Prediction, field: str, words: Words) -> str:
    """The instruction that set the words of a field, or "FIELD of the image" if no instruction did."""
    for at, step in reversed([*enumerate(prediction.steps)]):
        sets = step.phase == "build" and step.field == field and step.before != step.after
        if sets and step.after == words:
            trigger = _trigger(prediction.steps[:at], step)
            name = field.upper() if trigger is None else f"ONBUILD {field.upper()}"
            source = trigger or step
            return f"{name}, {source.image} line {source.line}"
    return f"{field.upper()} of the image"


def _trigger(before: tuple[Step, ...], step: Step) -> Step | None:
    """Return the step that stored the trigger which led to a step; None if no trigger did.

    Args:
        before: The steps before it.
        step: The step.
    """
    here = (s for s in reversed(before) if (s.image, s.line) == (step.image, step.line))
    run = next((s for s in here if s.field == TRIGGER), None)
    if run is None:
        return None
    trigger = (run.after,)
    stored = (s for s in reversed(before) if s.rule == "ONB-2")
    return next((s for s in stored if isinstance(s.after, tuple) and s.after[-1:] == trigger), None)


def _heading(case: Case, step: Step) -> str:
    """The heading of a step: its line of a Dockerfile, its image, or the request."""
    if step.image is None:
        return notation.request_line(case.request, "IMAGE")
    if step.line is None:
        return f"{step.image}, as a whole"
    return f"{step.image}, line {step.line}: {notation.source_line(case, step.image, step.line)}"


def _change(step: Step) -> str:
    """The effect of a step, in one line."""
    if step.before is None and step.after is None:
        return f"{step.field}: {step.note}" if step.note else step.field
    before, after = _value(step, step.before), _value(step, step.after)
    note = f"  ({step.note})" if step.note else ""
    if step.before == step.after:
        return f"{step.field} stays {before}{note}"
    if step.before is None:
        return f"{step.field} is {after}{note}"
    return f"{step.field}: {before} → {after}{note}"


def _value(step: Step, value: object) -> str:
    """A value of a step, before or after it, as a text."""
    if step.field in _STAGES and isinstance(value, int):
        return f"stage {value}"
    if step.field in _PLAIN and isinstance(value, str) and value is step.after:
        return value
    return notation.value_text(value)
