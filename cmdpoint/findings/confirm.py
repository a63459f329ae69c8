"""Confirm the fixes of findings: what does not make the instruction right is not shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cmdpoint.findings.finding import Finding, Fix, Source
from cmdpoint.findings.programs import lacks_shell
from cmdpoint.findings.shell_text import uses_parameters, uses_shell_name
from cmdpoint.findings.wrappers import shell_in
from cmdpoint.oracle.case import Image, ImageConfig, Words
from cmdpoint.oracle.dockerfile.form import ExecForm
from cmdpoint.oracle.outcome import Prediction, Refusal

WARNING: Final = 5
"""The largest weight of an error or a warning."""

_MOST_STEPS: Final = 3
"""How many fixes may follow one another: that of a finding, of a finding about the fixed text, and so on."""

_OTHERS: Final = frozenset({"ADD", "COPY", "RUN", "VOLUME"})
"""Instructions, besides CMD and ENTRYPOINT, whose own text a fix may replace."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is found in a Dockerfile.

    Attributes:
        source: The Dockerfile.
        prediction: What is predicted.
        findings: Its findings, whose fixes are not confirmed.
    """

    source: Source
    prediction: Prediction
    findings: Sequence[Finding]


def confirmed(found: Finding, image: Image, look: Callable[[Image], Looked]) -> Finding:
    """The finding with a fix that is confirmed, or without one.

    A fix is confirmed if it replaces the text of the instruction itself; the instruction then stands for the
    words of the fix; no error or warning about it appears; and no start is refused and no argument of a run
    is lost that was not before. If an error or a warning about the fixed text has a fix, that one is tried.

    Args:
        found: The finding.
        image: The image of the Dockerfile.
        look: Looks at the image with another Dockerfile.
    """
    fix, line = found.fix, found.line
    if fix is None or line is None:
        return found
    before = look(image)
    keyword = before.source.commands[line].instruction.keyword
    for _ in range(_MOST_STEPS):
        if not fix.text.startswith(f"{keyword} ") or keyword not in {"CMD", "ENTRYPOINT", *_OTHERS}:
            break
        after = look(replace(image, dockerfile=before.source.replaced(line, fix.text)))
        faults = _new_faults(before, after, line)
        if not faults:
            return (
                replace(found, fix=fix) if _is_right(fix, line, before, after) else replace(found, fix=None)
            )
        following = next((each.fix for each in faults if each.fix is not None), None)
        if following is None or following.text == fix.text:
            break
        fix = following
    return replace(found, fix=None)


def _new_faults(before: Looked, after: Looked, line: int) -> list[Finding]:
    """The errors and warnings about a fixed line.

    What has no fix, and was a warning before, is another matter, such as an ENTRYPOINT that drops a CMD.
    """
    known = {
        (each.rule, each.message)
        for each in before.findings
        if each.line == line and each.fix is None and each.weight > 1
    }
    faults = [each for each in after.findings if each.line == line and each.weight <= WARNING]
    return [each for each in faults if (each.rule, each.message) not in known]


def _is_right(fix: Fix, line: int, before: Looked, after: Looked) -> bool:
    """Whether the fixed instruction stands for the words of the fix, which start and get the arguments."""
    keyword = before.source.commands[line].instruction.keyword
    if keyword in _OTHERS:
        return True
    if lacks_shell(after.source, after.prediction, fix.words, line):
        return False
    config, outcome = after.prediction.config, after.prediction.outcome
    if config is None:
        # Another line is refused; then it is enough that this one is read as the words.
        command = after.source.commands.get(line)
        return command is not None and command.form == ExecForm(fix.words)
    if _words(config, keyword) != fix.words:
        return False
    is_refused = isinstance(outcome, Refusal) and outcome.phase in ("create", "start")
    if is_refused and before.prediction.outcome != outcome:
        return False
    form = before.source.commands[line].form
    could_pass = isinstance(form, ExecForm) and passes_arguments(form.words)
    return keyword != "ENTRYPOINT" or not could_pass or passes_arguments(fix.words)


def _words(config: ImageConfig, keyword: str) -> Words:
    return config.entrypoint if keyword == "ENTRYPOINT" else config.cmd


def passes_arguments(entrypoint: Words) -> bool:
    """Whether the words behind an ENTRYPOINT reach its program, and not only a shell in front of it.

    Args:
        entrypoint: The words of the ENTRYPOINT.
    """
    found = shell_in(entrypoint)
    if found is None or not found[1].text:
        return True
    shell = found[1]
    return uses_parameters(shell.text) and (bool(shell.parameters) or uses_shell_name(shell.text))
