"""Problems as lines of text, which editors and CI read: `path:line:column: severity: message [RULE]`."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from cmdpoint.checks.problem import Problem
from cmdpoint.checks.report import CheckReport
from cmdpoint.cli.colour import Colour, paint
from cmdpoint.cli.releases import advice
from cmdpoint.findings.severity import SEVERITIES, Severity
from cmdpoint.oracle.explain import notation

_COLOURS: Final[dict[Severity, Colour]] = {"error": "red", "warning": "yellow", "note": "dim"}


def problem_lines(problem: Problem) -> Iterator[str]:
    """Yield the lines of a problem. They are not folded, because tools read them."""
    where = paint(notation.visible(f"{problem.file}:{problem.line}:{problem.column}"), "bold")
    severity = paint(problem.severity, _COLOURS[problem.severity])
    only = f" (only {', '.join(problem.dialects)})" if problem.dialects else ""
    yield f"{where}: {severity}: {notation.visible(problem.message)}{only} [{problem.rule}]"
    if problem.fix is not None:
        yield paint(f"  fix: {notation.visible(problem.fix.text)}", "green")
    elif problem.advice:
        yield f"  do:  {notation.visible(problem.advice)}"


def summary(report: CheckReport) -> Iterator[str]:
    """Yield the last lines: how much was checked, and what could not be."""
    covered = len(report.files) - len(report.not_covered)
    several = "1 Dockerfile" if covered == 1 else f"{covered} Dockerfiles"
    counts = Counter(problem.severity for problem in report.problems)
    found = [_count(counts[severity], severity) for severity in SEVERITIES if counts[severity]]
    ignored = f", {len(report.ignored)} ignored" if report.ignored else ""
    if covered or not (report.faults or report.not_covered):
        yield f"checked {several}: {', '.join(found) or 'no problems'}{ignored}"
    if report.skipped:
        names = [f"{notation.visible(each.path)} ({each.reason})" for each in report.skipped[:3]]
        more = f", and {len(report.skipped) - 3} more" if len(report.skipped) > 3 else ""
        yield f"skipped, no Dockerfiles: {', '.join(names)}{more}"
    for sentence in report.assumed:
        yield notation.visible(sentence[0].lower() + sentence[1:].rstrip("."))
    yield from _unknown(report)
    for file in report.not_covered:
        yield f"not covered: {notation.visible(file.name)}: {file.not_covered}"


def _unknown(report: CheckReport) -> Iterator[str]:
    """What was not checked, because it depends on base images or front ends that are not known."""
    pairs = [(file.name, base) for file in report.unknown for base in file.needs]
    names = dict.fromkeys(base.name for _, base in pairs if base.keys != ("Front end",))
    if names:
        files = len({file for file, base in pairs if base.name in names})
        several = "1 Dockerfile depends" if files == 1 else f"{files} Dockerfiles depend"
        yield (
            f"{several} on base images whose config is not known ({_some(list(names))}), so a problem may be "
            "missing: add --bases table (or daemon, or registry), or --base"
        )
    for file, base in pairs:
        if base.keys == ("Front end",):
            yield notation.visible(
                f"{file} depends on {base}, so a problem may be missing: {advice(base.name)}"
            )


def _some(names: list[str]) -> str:
    """At most three names of images."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(map(notation.visible, names[:3])) + more


def _count(number: int, severity: Severity) -> str:
    return f"{number} {severity}{'' if number == 1 else 's'}"
