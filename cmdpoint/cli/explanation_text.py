"""The text of `cmdpoint explain`: what runs or what is certain, findings, what is likely, other engines."""

import shlex
from collections.abc import Iterator, Mapping, Sequence

from cmdpoint.bases.front_ends import read_by
from cmdpoint.bases.result import Certain
from cmdpoint.bases.sources import Found
from cmdpoint.bases.symbols import symbols
from cmdpoint.cli import image_format
from cmdpoint.cli.assumptions import assumptions, missing
from cmdpoint.cli.colour import paint
from cmdpoint.cli.explanation import Elsewhere, Explanation
from cmdpoint.cli.releases import advice
from cmdpoint.findings.finding import Finding
from cmdpoint.oracle.case import Case
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.explain.steps import outcome as outcome_lines
from cmdpoint.oracle.explain.steps import steps as step_lines
from cmdpoint.oracle.outcome import Prediction, Process
from cmdpoint.spec.titles import titles


def render(explained: Explanation) -> str:
    """An explanation as text."""
    case, answer, layout = explained.case, explained.answer, explained.layout
    head, *lines = _answer(explained)
    # The first ten lines are to have what runs, what is surprising about it, and what to do.
    lines = [f"{head[:-1]} ({explained.dialect}):", *lines, *_init(answer)]
    for finding in explained.findings:
        lines += ["", *_finding(case, finding)]
    lines += _likely(explained)
    lines += _found(explained.found)
    lines += _remedy(answer, layout.words)
    lines += _releases(explained)
    lines += _elsewhere(case, answer, explained.elsewhere)
    for sentence in read_by(case, explained.dialect, decides=_decides(answer)):
        lines += _paragraph(notation.visible(sentence))
    lines += _caveats(explained)
    if layout.steps:
        lines += ["", "Step by step:", *step_lines(case, answer.prediction.steps, titles())]
    return "".join(f"{line}\n" for line in lines)


def _answer(explained: Explanation) -> Iterator[str]:
    case, answer, client = explained.case, explained.answer, explained.dialect.engine
    condition = f", if the image contains {notation.quoted(path)}" if (path := missing(explained)) else ""
    if not answer.needs:
        first, *others = outcome_lines(case, answer.prediction, client)
        dated = [each.date for each in explained.found.values() if each.date]
        date = f", as of {min(dated)}" if dated else ""
        yield f"{first[:-1]}{condition}{date}:"
        yield from others
        return
    unknown = "; ".join(map(str, answer.needs))
    names = [each.name for each in answer.needs]
    if answer.only_triggers and isinstance(answer.prediction.outcome, Process):
        first, *others = outcome_lines(case, answer.prediction, client)
        assert first == "What runs:"
        yield from (
            f"What runs{condition}, unless {' or '.join(map(notation.visible, names))} has ONBUILD triggers:",
            *others,
        )
    elif answer.holds and isinstance(answer.prediction.outcome, Process):
        yield "What is certain:"
        yield from notation.fold(_argv(answer.prediction.outcome, names), "  ", "    ")
        yield from notation.fold(f"Unknown: {notation.visible(unknown)}.", "  ")
    else:
        yield "Unknown:"
        yield from notation.fold(f"what runs depends on {notation.visible(unknown)}.", "  ")


def _init(answer: Certain) -> Iterator[str]:
    """The line about the init process of `--init`, if it runs (CLI-11)."""
    prediction = answer.prediction
    if prediction.request is not None and prediction.request.init and isinstance(prediction.outcome, Process):
        yield "  Process 1 is an init process (--init), and runs this as its child."


def _decides(answer: Certain) -> bool:
    """Whether the outcome depends on the release of a front end."""
    return any(base.keys == ("Front end",) for base in answer.needs)


def _found(found: Mapping[str, Found]) -> Iterator[str]:
    """The paragraph about where the configs of base images come from; the reader wrote those of --base."""
    if found:
        yield ""
    yield from _origins(found, "")


def _origins(found: Mapping[str, Found], indent: str) -> Iterator[str]:
    for name, each in found.items():
        text = f"The config of {notation.visible(name)} is from {notation.visible(each.origin)}."
        yield from notation.fold(text, indent, "    ")


def _likely(explained: Explanation) -> Iterator[str]:
    """The answer with the table of official images, which is not certain."""
    if explained.likely is None:
        return
    outcome = explained.likely.prediction.outcome
    if explained.findings:
        yield ""
    if explained.answer.only_triggers and outcome == explained.answer.prediction.outcome:
        yield "Likely it has none, as in the table (--bases table)."
    elif isinstance(outcome, Process):
        yield "Likely, if the image is as in the table (--bases table):"
        yield from notation.fold(_argv(outcome, ()), "  ", "    ")
    else:
        yield "Likely nothing runs, if the image is as in the table (--bases table):"
        yield from notation.fold(notation.visible(outcome.message), "  ", "    ")
    added = {name: each for name, each in explained.likely_found.items() if name not in explained.found}
    yield from _origins(added, "  ")


def _argv(outcome: Process, names: Sequence[str]) -> str:
    known = symbols(names)
    return " ".join(
        notation.visible(word) if word in known else notation.quoted(word) for word in outcome.argv
    )


def _remedy(answer: Certain, words: Sequence[str]) -> Iterator[str]:
    """The commands that find out the configs of bases; they are pasted, so they are never folded."""
    images = [base for base in answer.needs if base.keys != ("Front end",)]
    if images:
        yield ""
        yield "To find out:"
    bases: list[str] = []
    for base in images:
        name = base.name
        file = f"{name.rpartition('/')[2].replace(':', '-').replace('@', '-')}.json"
        pulled, target = shlex.quote(name), shlex.quote(file)
        yield f"  docker pull {pulled} && docker image inspect {pulled} > {target}"
        bases += ["--base", f"{name}=@{file}"]
    if bases:
        yield f"  {notation.visible(shlex.join(['cmdpoint', words[0], *bases, *words[1:]]))}"
        if "--bases" not in words:
            yield "  or add --bases daemon or --bases registry, which look it up"


def _releases(explained: Explanation) -> Iterator[str]:
    """What the releases of a front end do if they differ, and what to do about that."""
    for name in (base.name for base in explained.answer.needs if base.keys == ("Front end",)):
        yield ""
        if explained.releases:
            shown = notation.visible(name)
            yield from notation.fold(
                f"The front end {shown} is the release that the builder has or downloads:"
            )
        for each in explained.releases:
            yield f"  {each.range}:"
            yield from (f"    {line}" for line in _outcome(explained.case, each.prediction, explained))
        yield from notation.fold(notation.visible(advice(name)), "  do:  ")


def _outcome(case: Case, prediction: Prediction, explained: Explanation) -> Iterator[str]:
    """The outcome of another prediction of the case; words stand for the lists of unknown bases."""
    unknown = explained.answer.bases.unknown
    if unknown and isinstance(prediction.outcome, Process):
        yield "What runs:"
        yield from notation.fold(_argv(prediction.outcome, unknown), "  ", "    ")
    else:
        yield from outcome_lines(case, prediction, explained.dialect.engine)


def _finding(case: Case, finding: Finding) -> Iterator[str]:
    image = case.images[-1].name
    where = "command line" if finding.line is None else f"{image}:{finding.shown_line}:{finding.column}"
    first, *others = notation.fold(notation.visible(f"{where}: {finding.rule}: {finding.message}"), "", "  ")
    yield first.replace(where, paint(where, "yellow"), 1)
    yield from others
    if finding.fix is not None:
        yield from (
            paint(line, "green") for line in notation.fold(notation.visible(finding.fix.text), "  fix: ")
        )
    elif finding.advice:
        yield from notation.fold(notation.visible(finding.advice), "  do:  ")


def _caveats(explained: Explanation) -> Iterator[str]:
    """Yield the paragraphs about what was assumed."""
    dialect, answer = explained.dialect, explained.answer
    if not dialect.verified:
        yield from _paragraph(
            f"Not verified: {dialect} is newer than every engine that was tested; it is assumed to behave "
            f"like {Dialect.newest(dialect.builder)}."
        )
    if answer.unused:
        names = ", ".join(map(notation.visible, answer.unused))
        yield from _paragraph(f"Not used: --base {names}. Nothing is built on an image of that name.")
    if explained.layout.image_word not in (None, "IMAGE"):
        image = notation.visible(str(explained.layout.image_word))
        file = notation.visible(explained.case.images[-1].name.removeprefix("./"))
        yield from _paragraph(f"Assumed: {image} is the image that {file} builds, not one that exists.")
    if explained.lost:
        yield from _paragraph(image_format.sentence(explained.lost))
    for sentence in assumptions(explained):
        yield from _paragraph(sentence)


def _elsewhere(case: Case, answer: Certain, groups: Sequence[Elsewhere]) -> Iterator[str]:
    """Yield the paragraphs about the dialects that lead to another outcome."""
    if groups:
        yield ""
        yield "Other engines run something else:"
    for each in groups:
        yield ""
        yield from notation.fold(f"{each.ranges}:", "  ")
        yield from (f"  {line}" for line in _elsewhere_outcome(case, each, answer))


def _elsewhere_outcome(case: Case, elsewhere: Elsewhere, answer: Certain) -> Iterator[str]:
    outcome, unknown = elsewhere.prediction.outcome, answer.bases.unknown
    if isinstance(outcome, Process) and set(outcome.argv) & symbols(unknown).keys():
        yield "What is certain:"
        yield from notation.fold(_argv(outcome, unknown), "  ", "    ")
    else:
        engines = {dialect.engine for dialect in elsewhere.dialects}
        yield from outcome_lines(case, elsewhere.prediction, "podman" if engines == {"podman"} else "docker")


def _paragraph(text: str) -> Iterator[str]:
    yield ""
    yield from notation.fold(text)
