"""Find what is surprising about a case, the most important first, with fixes that a prediction confirms."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from cmdpoint.bases.result import Certain
from cmdpoint.findings.arguments import lost_arguments
from cmdpoint.findings.arrays import malformed_arrays
from cmdpoint.findings.bash_only import commands_of_bash
from cmdpoint.findings.comments import comments_behind
from cmdpoint.findings.confirm import Looked, confirmed
from cmdpoint.findings.copied import copied_program
from cmdpoint.findings.copied_names import copied_name
from cmdpoint.findings.finding import Finding, Source
from cmdpoint.findings.flags import words_read_as_flags
from cmdpoint.findings.parameters import first_parameter
from cmdpoint.findings.process_one import signals
from cmdpoint.findings.programs import impossible_program, lost_cmd, no_shell_in_scratch, quoted_command
from cmdpoint.findings.refusals import missing_argument, unknown_instruction
from cmdpoint.findings.run_line import image_among_arguments, options_behind_image
from cmdpoint.findings.scripts import lost_words
from cmdpoint.findings.shell_syntax import syntax_errors
from cmdpoint.findings.shells import (
    command_from_arguments,
    running_shell,
    shell_arguments,
    shell_behind,
)
from cmdpoint.findings.words import exec_words
from cmdpoint.oracle.case import Case, CommandLine, Image, ImageConfig, Request, Words
from cmdpoint.oracle.clients.docker_run import IMAGE
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Prediction, Process, Refusal
from cmdpoint.oracle.predict import has_context, predict

MOST: Final = 3
"""How many findings are shown."""


def findings(
    case: Case,
    dialect: Dialect,
    answer: Certain,
    *,
    client: str = "docker",
    image_word: str | None = None,
    most: int | None = MOST,
) -> list[Finding]:
    """Find what is surprising.

    Args:
        case: The case; its last image is built from a Dockerfile.
        dialect: The dialect that predicts it.
        answer: What is certain of it.
        client: The client of the command line.
        image_word: The word that names the image in the command line.
        most: How many findings are needed, at most one a line; None for all.
    """
    image = case.images[-1]
    if not isinstance(image, Image):
        return []
    found = [*_looked(case, image, dialect, answer).findings]
    if isinstance(case.request, CommandLine):
        behind = _words_behind_image(case.request)
        found += [*options_behind_image(behind, client), *image_among_arguments(image_word, behind)]
    refused = getattr(answer.prediction.outcome, "line", None)
    # What explains a refusal comes first.
    found.sort(key=lambda each: (refused is None or each.line != refused, each.weight))

    def look(fixed: Image) -> Looked:
        """Look at another Dockerfile, whose fixes are for every command line."""
        prediction = predict(Case((*case.images[:-1], fixed)), dialect, answer.bases)
        return _looked(case, fixed, dialect, replace(answer, prediction=prediction))

    shown = (confirmed(each, image, look) for each in _unique(found, most)[:most])
    return [_for_client(each, dialect.engine) for each in shown]


def _unique(found: Iterable[Finding], most: int | None) -> list[Finding]:
    """One finding a line; of each rule, if all are needed."""
    unique: dict[object, Finding] = {}
    for each in found:
        where: object = each.rule if each.line is None else each.line
        unique.setdefault((where, each.rule) if most is None else where, each)
    return list(unique.values())


def _looked(case: Case, image: Image, dialect: Dialect, answer: Certain) -> Looked:
    """What is found in the Dockerfile of a case, the most serious first.

    Args:
        case: The case.
        image: Its last image.
        dialect: The dialect that predicts it.
        answer: What is certain of it.
    """
    source = Source.read(image.dockerfile, dialect)
    found = [*_of_image(image.name, dialect, answer, source)]
    given = (name for name, _ in image.build_args)
    found += missing_argument(source, answer.prediction, given, dialect.predefined_arguments)
    if has_context(case):
        found += _of_files(image.name, answer.prediction, source)
    return Looked(source, answer.prediction, sorted(found, key=lambda each: each.weight))


def _for_client(found: Finding, client: str) -> Finding:
    message, advice = (notation.for_client(text, client) for text in (found.message, found.advice))
    return replace(found, message=message, advice=advice)


def _of_image(name: str, dialect: Dialect, answer: Certain, source: Source) -> Iterator[Finding]:
    """The findings about the Dockerfile of an image, and what runs in a container of it."""
    prediction = answer.prediction
    given = _arguments(prediction)
    argv = prediction.outcome.argv if isinstance(prediction.outcome, Process) else ()
    lines = _effective(prediction, name)
    decisive = _last_lines(source) if prediction.config is None else set(lines.values())
    yield from malformed_arrays(source, decisive)
    yield from comments_behind(source, dialect)
    yield from unknown_instruction(source, prediction.outcome)
    yield from words_read_as_flags(source, lines, prediction.outcome)
    if not argv:
        return
    yield from quoted_command(source, lines)
    yield from impossible_program(source, argv, given, lines.get("Entrypoint", lines.get("Cmd")))
    yield from no_shell_in_scratch(source, lines, prediction)
    yield from exec_words(source, lines, argv, tuple(answer.bases.unknown))
    unreadable = [*syntax_errors(source, lines, prediction)]
    yield from unreadable
    yield from commands_of_bash(source, lines, prediction)
    yield from command_from_arguments(source, lines, given)
    yield from lost_cmd(source, prediction, name)
    yield from first_parameter(source, lines, prediction, answer.bases.unknown)
    if lost := [*lost_words(source, lines, prediction, answer.bases.unknown)]:
        yield from lost
        return
    if not given:
        yield from lost_arguments(source, lines)
    if unreadable:
        return
    if (shell := running_shell(argv, answer.bases.unknown)) is not None:
        yield from shell_arguments(source, lines, shell, given)
        yield from signals(source, lines, shell, prediction)
    elif "Cmd" in lines:
        behind = shell_behind(argv[0], answer.bases.unknown)
        yield from signals(source, {"Cmd": lines["Cmd"]}, behind, prediction)


def _of_files(name: str, prediction: Prediction, source: Source) -> Iterator[Finding]:
    """The findings about the files of an image whose build context is given."""
    lines = _effective(prediction, name)
    if lacking := [*no_shell_in_scratch(source, lines, prediction)]:
        # Where something is certain to run, `_of_image` has it.
        yield from lacking if isinstance(prediction.outcome, Refusal) else ()
        return
    line = lines.get("Entrypoint", lines.get("Cmd"))
    yield from copied_program(source, prediction, line)
    yield from copied_name(source, prediction, line)


def _words_behind_image(line: CommandLine) -> Words:
    return line.words[line.words.index(IMAGE) + 1 :] if IMAGE in line.words else ()


def _arguments(prediction: Prediction) -> Words:
    request = prediction.request or Request()
    return request.cmd if isinstance(request.cmd, tuple) else ()


def _effective(prediction: Prediction, image: str) -> dict[str, int]:
    """The lines of the ENTRYPOINT and the CMD of the image that are part of what runs, by field."""
    request, config = prediction.request or Request(), prediction.config or ImageConfig()
    if isinstance(request.entrypoint, tuple) and request.entrypoint:
        return {}
    held = {"Entrypoint": config.entrypoint, "Cmd": config.cmd}
    if _arguments(prediction):
        del held["Cmd"]
    lines = {}
    for field, words in held.items():
        for step in reversed(prediction.steps):
            if step.phase == "build" and step.field == field and step.before != step.after:
                if step.image == image and step.line is not None and step.after == words and words:
                    lines[field] = step.line
                break
    return lines


def _last_lines(source: Source) -> set[int]:
    """The lines of the last ENTRYPOINT and CMD, which decide what runs once the image can be built."""
    keywords = {command.instruction.keyword: line for line, command in sorted(source.commands.items())}
    return {line for keyword, line in keywords.items() if keyword in ("CMD", "ENTRYPOINT")}
