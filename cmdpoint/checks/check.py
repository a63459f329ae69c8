"""Check one Dockerfile: the findings of each stage that can be run, in each dialect that matters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from cmdpoint.bases.result import Certain, certain
from cmdpoint.bases.unknown import UnknownBase, united
from cmdpoint.checks.comments import apply_comments
from cmdpoint.checks.no_command import has_no_command, no_command
from cmdpoint.checks.problem import Ignored, Problem, Replacement
from cmdpoint.checks.without import shown, without
from cmdpoint.cli import image_format
from cmdpoint.cli.context import NO_CONTEXT, Context
from cmdpoint.cli.yaml_files import yaml_reason
from cmdpoint.findings.find import findings
from cmdpoint.findings.finding import Finding, Source
from cmdpoint.findings.severity import severity_of
from cmdpoint.oracle.case import Case, Image, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Refusal

IMAGE: Final = "./Dockerfile"
"""The name of a Dockerfile's image in its case, which no FROM can name."""

REFUSED: Final = "refused at "
"""How the message of a refusal begins."""

MOST_REFUSALS: Final = 20
"""How many instructions of a file are reported as refused at most."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """A Dockerfile that was checked.

    Attributes:
        name: Its path.
        problems: Its problems by line.
        ignored: The problems that its comments ignore.
        needs: The base images that are not given, and on which what runs depends.
        not_covered: Why cmdpoint cannot check it; empty if it can.
        unknown_context: If its build context is given: why the files in it are not known.
        lost: What the default format of `podman build` would lose; see `cmdpoint.cli.image_format`.
    """

    name: str
    problems: tuple[Problem, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    needs: tuple[UnknownBase, ...] = ()
    not_covered: str = ""
    unknown_context: str = ""
    lost: tuple[str, ...] = ()


def check(
    name: str,
    text: str,
    dialects: Sequence[Dialect],
    configs: Mapping[str, ImageConfig],
    arguments: tuple[tuple[str, str], ...] = (),
    context: Context = NO_CONTEXT,
) -> FileReport:
    """Check a Dockerfile.

    Args:
        name: Its path.
        text: Its text.
        dialects: The dialects that matter, at least one.
        configs: The configs of base images that are known.
        arguments: The build arguments.
        context: The build context.
    """
    source = Source.read(text, dialects[0])
    windows = source.windows_base
    if why := yaml_reason(text) if windows is None else f"it builds on {windows}, a Windows image":
        return FileReport(name, not_covered=why)
    found: dict[tuple[int, int, str], tuple[Problem, list[str]]] = {}
    answers: list[tuple[Certain, Dialect]] = []
    for dialect in dialects:
        own = Source.read(text, dialect)
        for target in _targets(own):
            case = Case((Image(IMAGE, text, target, arguments, context.files),))
            answer = certain(case, dialect, configs)
            answers.append((answer, dialect))
            for problem in _of_case(name, case, dialect, answer, own):
                where = problem.line, problem.column, problem.rule
                found.setdefault(where, (problem, []))[1].append(str(dialect))
    problems = _merged(found.values(), len(dialects))
    remaining, ignored = apply_comments(name, text, source.commands, problems)
    remaining.sort(key=lambda each: (each.line, each.column, each.rule))
    needs = united(*(answer.needs for answer, _ in answers))
    lost = _lost(answers)
    return FileReport(name, tuple(remaining), tuple(ignored), needs, "", context.unknown, lost)


def _lost(answers: Sequence[tuple[Certain, Dialect]]) -> tuple[str, ...]:
    """What the default format of `podman build` would lose."""
    keys = (image_format.lost(each.prediction, dialect, each.bases.unknown) for each, dialect in answers)
    return tuple(dict.fromkeys(chain.from_iterable(keys)))


def _of_case(file: str, case: Case, dialect: Dialect, answer: Certain, source: Source) -> Iterator[Problem]:
    """Yield the problems of a case, and those that are hidden behind an instruction that is refused.

    Args:
        file: The path of the Dockerfile.
        case: The Dockerfile with its target.
        dialect: The dialect.
        answer: What is certain of the case.
        source: The Dockerfile.
    """
    yield from _problems(file, case, dialect, answer, source)
    image = case.images[-1]
    assert isinstance(image, Image)
    refused: set[int] = set()
    decides = True
    while len(refused) < MOST_REFUSALS:
        outcome = answer.prediction.outcome
        line = outcome.line if isinstance(outcome, Refusal) and outcome.phase in ("parse", "build") else None
        if line is None or line in refused:
            return
        refused.add(line)
        text, still = without(source, line)
        decides = decides and still
        case = Case((replace(image, dockerfile=text),))
        answer, source = certain(case, dialect, answer.bases.given), Source.read(text, dialect)
        for problem in _problems(file, case, dialect, answer, source):
            if decides or problem.message.startswith(REFUSED):
                message, advice = shown(problem.message), shown(problem.advice)
                yield replace(problem, message=message, advice=advice)


def _merged(found: Iterable[tuple[Problem, list[str]]], count: int) -> list[Problem]:
    """The problems with the dialects that have them, without those that the fix of an error mends too."""
    problems = [
        problem if len(set(names)) == count else replace(problem, dialects=tuple(dict.fromkeys(names)))
        for problem, names in found
    ]
    fixes = {(each.instruction, each.fix) for each in problems if each.severity == "error" and each.fix}
    return [
        each for each in problems if each.severity == "error" or (each.instruction, each.fix) not in fixes
    ]


def _targets(source: Source) -> list[str | None]:
    """The stages that can be run: the last, and each that has a name and its own CMD or ENTRYPOINT."""
    targets: dict[str | None, None] = {None: None}
    name: str | None = None
    stages = [line for line, each in source.commands.items() if each.instruction.keyword == "FROM"]
    for line, each in sorted(source.commands.items()):
        words = each.instruction.words
        if each.instruction.keyword == "FROM":
            is_named = len(words) == 3 and words[1].lower() == "as" and line != max(stages)
            name = words[2] if is_named else None
        elif each.instruction.keyword in ("CMD", "ENTRYPOINT") and name is not None:
            targets[name] = None
    return list(targets)


def _problems(file: str, case: Case, dialect: Dialect, answer: Certain, source: Source) -> Iterator[Problem]:
    found = [_problem(file, each, source) for each in findings(case, dialect, answer, most=None)]
    outcome = answer.prediction.outcome
    refused = _refused(file, outcome, answer, source) if isinstance(outcome, Refusal) else None
    image = case.images[-1]
    if refused is not None and has_no_command(answer) and isinstance(image, Image):
        refused = no_command(file, image, answer, source)
    # An error on the line of the refusal, or a finding with its rule, says why. So does any error for a
    # program that does not start.
    if refused is not None and not any(
        (each.severity == "error" or each.rule == refused.rule)
        and getattr(outcome, "line", None) in (None, each.instruction)
        for each in found
    ):
        yield refused
    yield from found


def _problem(file: str, finding: Finding, source: Source) -> Problem:
    line = finding.line or 1
    fix = None
    if finding.fix is not None:
        last = source.last_line(line)
        fix = Replacement(finding.fix.text, line, last, len(source.text.split("\n")[last - 1]))
    return Problem(
        file=file,
        line=finding.shown_line or line,
        column=finding.column,
        instruction=line,
        rule=finding.rule,
        severity=severity_of(finding.weight),
        message=finding.message,
        fix=fix,
        advice=finding.advice,
    )


def _refused(file: str, refusal: Refusal, answer: Certain, source: Source) -> Problem:
    """The problem that the Dockerfile is refused, or the container of its image."""
    step = answer.prediction.steps[-1:]
    line = refusal.line or 1
    return Problem(
        file=file,
        line=line,
        column=source.column(line),
        instruction=line,
        rule=step[0].rule if step else "",
        severity="error",
        message=f"{REFUSED}{refusal.phase}: {refusal.message}",
    )
