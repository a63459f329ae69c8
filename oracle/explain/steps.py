"""Explanations: a prediction's steps for people, so that they see which line and which rule made it so."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Final

from cmdpoint.oracle.case import Case, Request, Words
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Prediction, Refusal, Step

UNTITLED: Final[Mapping[str, str]] = MappingProxyType({})
"""Titles of no rule."""

_TRIGGERED: Final = "triggered: "
"""What the note of a step begins with that runs a trigger."""

_PLAIN: Final = frozenset({"form", "build"})
"""The fields that a step sets to words of ours, which need no quotes."""


def explain(case: Case, prediction: Prediction, titles: Mapping[str, str] = UNTITLED) -> str:
    """Explain a prediction: what runs, and the steps that lead there.

    Args:
        case: What was predicted.
        prediction: What the oracle said of it.
        titles: The rules' titles by id, so far as they are to be shown.

    Returns:
        Plain text of lines no longer than `notation.WIDTH`, the last one ended.
    """
    lines = [*outcome(case, prediction), "", "Step by step:", *steps(case, prediction.steps, titles)]
    return "\n".join(lines) + "\n"


def outcome(case: Case, prediction: Prediction) -> Iterator[str]:
    """The lines that tell what runs, word by word and where each word came from; or why nothing does."""
    if isinstance(prediction.outcome, Refusal):
        yield "Nothing runs:"
        for line in refusal(case, prediction.outcome):
            yield f"  {line}"
        return
    yield "What runs:"
    argv = prediction.outcome.argv
    column = min(max(len(notation.quoted(word)) for word in argv), 48)
    for at, (word, origin) in enumerate(zip(argv, origins(prediction, argv), strict=True)):
        label, text = f"  argv[{at}]  ", notation.quoted(word)
        lines = notation.fold(text, label)
        fits = len(lines) == 1 and len(text) <= column
        yield from lines[:-1] if fits else lines
        start = lines[-1] if fits else ""
        yield from notation.fold(origin, f"{start:{len(label) + column}}  ")


def steps(case: Case, taken: tuple[Step, ...], titles: Mapping[str, str] = UNTITLED) -> Iterator[str]:
    """The lines that tell of steps, under a heading for each place in the case."""
    titled: set[str] = set()
    for place, group in groupby(taken, lambda step: _place(case, step)):
        yield ""
        yield from notation.fold(place, "  ", "      ")
        for step in group:
            yield from notation.fold(f"{step.rule:9} {_change(step)}", "    ", " " * 14)
            if step.rule in titles and step.rule not in titled:
                titled.add(step.rule)
                yield from notation.fold(f"({titles[step.rule]})", " " * 14)


def refusal(case: Case, refused: Refusal) -> Iterator[str]:
    """The lines that tell of a refusal: at which stage, of which kind, why, and at which line."""
    yield f"refused at {refused.phase}: {refused.kind}"
    yield from notation.fold(notation.visible(refused.message), "  ")
    if refused.codes.run is not None:
        yield f"  docker run exits with {refused.codes.run}"
    if refused.image is not None and refused.line is not None:
        text = notation.source(case, refused.image, refused.line)
        yield from notation.fold(f"{refused.image}, line {refused.line}: {text}", "  ", "      ")


def origins(prediction: Prediction, argv: Words) -> list[str]:
    """Where each word of a predicted argv came from, as far as the steps tell."""
    merged = [step for step in prediction.steps if step.phase == "create"]
    cmd = next((step.after for step in reversed(merged) if step.field == "Cmd"), ())
    assert isinstance(cmd, tuple)
    entrypoint = argv[: len(argv) - len(cmd)]
    asked = prediction.request or Request()
    given = isinstance(asked.entrypoint, tuple) and bool(asked.entrypoint)
    first = "--entrypoint" if given else _origin(prediction, "Entrypoint", entrypoint)
    replaced = given or (isinstance(asked.cmd, tuple) and bool(asked.cmd))
    second = "argument of the run" if replaced else _origin(prediction, "Cmd", cmd)
    return [first] * len(entrypoint) + [second] * len(cmd)


def _origin(prediction: Prediction, field: str, words: Words) -> str:
    """The instruction that gave an image the words of a field, or the field where none did."""
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
    run = next((s.note for s in here if s.rule == "ONB-3" and s.note.startswith(_TRIGGERED)), None)
    if run is None:
        return None
    trigger = (run.removeprefix(_TRIGGERED),)
    stored = (s for s in reversed(before) if s.rule == "ONB-2")
    return next((s for s in stored if isinstance(s.after, tuple) and s.after[-1:] == trigger), None)


def _place(case: Case, step: Step) -> str:
    if step.image is None:
        return notation.request(case.request, "IMAGE")
    if step.line is None:
        return f"{step.image}, as a whole"
    return f"{step.image}, line {step.line}: {notation.source(case, step.image, step.line)}"


def _change(step: Step) -> str:
    """What a step did, in one line."""
    plain = step.field in _PLAIN and isinstance(step.after, str)
    before, after = notation.value(step.before), step.after if plain else notation.value(step.after)
    note = f"  ({step.note})" if step.note else ""
    if step.before == step.after:
        return f"{step.field} stays {before}{note}" if step.before is not None else f"{step.field}{note}"
    if step.before is None:
        return f"{step.field} is {after}{note}"
    return f"{step.field}: {before} → {after}{note}"
