"""The text of `cmdpoint explain`: what runs or what is certain, then findings, then engines that differ."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cmdpoint.bases.given import Bases
from cmdpoint.bases.result import Certain, certain
from cmdpoint.bases.symbols import symbols, without_shell
from cmdpoint.cli.dialect_ranges import ranges, usual_dialects
from cmdpoint.findings.find import findings
from cmdpoint.findings.finding import Finding
from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.explain.steps import outcome as outcome_lines
from cmdpoint.oracle.explain.steps import steps as step_lines
from cmdpoint.oracle.outcome import Outcome, Prediction, Process
from cmdpoint.oracle.predict import predict
from cmdpoint.spec.titles import titles


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is printed, and what it says.

    Attributes:
        text: Lines of plain text.
        outcome: The outcome; None if it is unknown.
    """

    text: str
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the text has besides the answer.

    Attributes:
        elsewhere: Whether to list the dialects that lead to another outcome.
        all_dialects: Whether that includes engines that are no longer supported, and unusual builders.
        steps: Whether to list all steps.
        words: The words of the command, which is repeated with another `--base` to find out more.
        client: The client of the command line.
        image_word: The word that names the image in the command line.
    """

    elsewhere: bool = True
    all_dialects: bool = False
    steps: bool = False
    words: Sequence[str] = ("explain",)
    client: str = "docker"
    image_word: str | None = None


_PLAIN: Final = Layout()


def explanation(
    case: Case, dialect: Dialect, configs: Mapping[str, ImageConfig], layout: Layout = _PLAIN
) -> Explanation:
    """Explain a case.

    Args:
        case: The Dockerfile, and how its image is run.
        dialect: The dialect that predicts it.
        configs: The configs of base images that are known.
        layout: What the text has besides the answer.
    """
    answer = certain(case, dialect, configs)
    lines = [str(dialect), "", *_answer(case, answer)]
    for finding in findings(case, dialect, answer, client=layout.client, image_word=layout.image_word):
        lines += ["", *_finding(case, finding)]
    lines += _remedy(answer, layout.words)
    if layout.elsewhere:
        among = known_dialects() if layout.all_dialects else usual_dialects()
        lines += _elsewhere(case, dialect, answer, configs, [each for each in among if not each.store])
    lines += _caveats(dialect, answer)
    if layout.steps:
        lines += ["", "Step by step:", *step_lines(case, answer.prediction.steps, titles())]
    return Explanation("".join(f"{line}\n" for line in lines), answer.outcome)


def _answer(case: Case, answer: Certain) -> Iterator[str]:
    if not answer.needs:
        yield from outcome_lines(case, answer.prediction)
        return
    unknown = "; ".join(map(str, answer.needs))
    names = [each.name for each in answer.needs]
    if answer.only_triggers and isinstance(answer.prediction.outcome, Process):
        first, *others = outcome_lines(case, answer.prediction)
        assert first == "What runs:"
        yield from (
            f"What runs, unless {' or '.join(map(notation.visible, names))} has ONBUILD triggers:",
            *others,
        )
    elif answer.holds and isinstance(answer.prediction.outcome, Process):
        yield "What is certain:"
        yield from notation.fold(_argv(answer.prediction.outcome, names), "  ", "    ")
        yield from notation.fold(f"Unknown: {notation.visible(unknown)}.", "  ")
    else:
        yield "Unknown:"
        yield from notation.fold(f"what runs depends on {notation.visible(unknown)}.", "  ")


def _argv(outcome: Process, names: Sequence[str]) -> str:
    known = symbols(names)
    return " ".join(
        notation.visible(word) if word in known else notation.quoted(word) for word in outcome.argv
    )


def _remedy(answer: Certain, words: Sequence[str]) -> Iterator[str]:
    """The commands that find out the configs of bases; they are pasted, so they are never folded."""
    if answer.needs:
        yield ""
        yield "To find out:"
    bases: list[str] = []
    for base in answer.needs:
        name = base.name
        file = f"{name.rpartition('/')[2].replace(':', '-').replace('@', '-')}.json"
        pulled, target = shlex.quote(name), shlex.quote(file)
        yield f"  docker pull {pulled} && docker image inspect {pulled} > {target}"
        bases += ["--base", f"{name}=@{file}"]
    if bases:
        yield f"  {notation.visible(shlex.join(['cmdpoint', words[0], *bases, *words[1:]]))}"


def _finding(case: Case, finding: Finding) -> Iterator[str]:
    image = case.images[-1].name
    where = "command line" if finding.line is None else f"{image}:{finding.line}:{finding.column}"
    yield from notation.fold(notation.visible(f"{where}: {finding.rule}: {finding.message}"), "", "  ")
    if finding.fix is not None:
        yield from notation.fold(notation.visible(finding.fix.text), "  fix: ")
    elif finding.advice:
        yield from notation.fold(notation.visible(finding.advice), "  do:  ")


def _caveats(dialect: Dialect, answer: Certain) -> Iterator[str]:
    """Yield the paragraphs about what was assumed."""
    if not dialect.verified:
        yield from _paragraph(
            f"Not verified: {dialect} is newer than every engine that was tested; it is assumed to behave "
            f"like {Dialect.newest(dialect.builder)}."
        )
    if answer.bases.unused:
        names = ", ".join(map(notation.visible, answer.bases.unused))
        yield from _paragraph(f"Not used: --base {names}. Nothing is built on an image of that name.")
    outcome = answer.prediction.outcome
    if isinstance(outcome, Process) and not (answer.needs and not answer.only_triggers):
        yield from _paragraph(
            f"Assumed: the image contains the program {notation.quoted(outcome.argv[0])}; "
            "RUN, COPY and ADD are not followed."
        )


def _elsewhere(
    case: Case,
    dialect_here: Dialect,
    answer: Certain,
    configs: Mapping[str, ImageConfig],
    among: Sequence[Dialect],
) -> Iterator[str]:
    """Yield the paragraphs about those dialects that lead to another outcome."""
    # That an unknown base may have a Shell, which some builders ignore, is no difference worth a paragraph.
    here = predict(case, dialect_here, Bases(configs, without_shell)).outcome
    groups: list[tuple[Prediction, list[Dialect]]] = []
    for dialect in among:
        prediction = predict(case, dialect, Bases(configs, without_shell))
        if agree(here, prediction.outcome):
            continue
        same = next((members for known, members in groups if agree(known.outcome, prediction.outcome)), None)
        if same is None:
            groups.append((prediction, [dialect]))
        else:
            same.append(dialect)
    if groups:
        yield ""
        yield "Other engines run something else:"
    for prediction, members in groups:
        yield ""
        yield from notation.fold(f"{ranges(members, among)}:", "  ")
        yield from (f"  {line}" for line in _elsewhere_outcome(case, prediction, answer))


def _elsewhere_outcome(case: Case, prediction: Prediction, answer: Certain) -> Iterator[str]:
    outcome, unknown = prediction.outcome, answer.bases.unknown
    if isinstance(outcome, Process) and set(outcome.argv) & symbols(unknown).keys():
        yield "What is certain:"
        yield from notation.fold(_argv(outcome, unknown), "  ", "    ")
    else:
        yield from outcome_lines(case, prediction)


def _paragraph(text: str) -> Iterator[str]:
    yield ""
    yield from notation.fold(text)
