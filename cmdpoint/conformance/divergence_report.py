"""The divergences of a run: the first is printed at once, the last screen says which rules explain them."""

import shlex
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pytest

from cmdpoint.conformance.errors import ConfirmedDivergence
from cmdpoint.observations.tally import Tally
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.report.contradicted import contradicted
from cmdpoint.report.suspects import Agreeing, Divergent, Suspicion, suspicions
from cmdpoint.spec.rules import all_rules

SHOWN: Final = 5
"""How many groups of divergences the last screen shows."""


@dataclass(frozen=True)
class DivergentTest(Divergent):
    """A test that finds a divergence.

    Attributes:
        test: The name of the test.
        as_specified: Whether the engine does what an example of the specification shows.
        values: The values of behaviours with which the oracle predicts what was observed.
        report: The file of the report.
        command: The command that reproduces the divergence.
    """

    test: str
    as_specified: bool
    values: tuple[str, ...]
    report: str
    command: str


class DivergenceReport:
    """The hooks that collect divergent tests and print what they have in common."""

    def __init__(self, config: pytest.Config, tally: Tally, seed: Callable[[], int]) -> None:
        """Create the hooks.

        Args:
            config: The configuration of the run.
            tally: Counts the agreeing cases; complete when the run has ended.
            seed: Returns the seed of the run.
        """
        self._config = config
        self._tally = tally
        self._seed = seed
        self._divergent: list[DivergentTest] = []
        self._compared = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add the target, the cases, the rule of an example and the rules of a divergence to a test.

        They reach the controller with the reports, and the JUnit XML with the last of them.
        """
        if call.when == "call":
            item.user_properties += self._properties(item, call)
        return (yield)

    def _properties(self, item: pytest.Item, call: pytest.CallInfo[None]) -> list[tuple[str, object]]:
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        before, self._compared = self._compared, sum(self._tally.cases.values())
        properties = {
            "target": parameters.get("live"),
            "rule": getattr(parameters.get("example"), "rule", None),
            "cases": self._compared - before,
        }
        error = call.excinfo.value if call.excinfo is not None else None
        if isinstance(error, ConfirmedDivergence):
            properties |= {
                "target": error.target,
                "diverging rules": " ".join(error.evidence.rules),
                "report": error.report,
                "command": error.command,
                "as specified": "yes" if error.evidence.as_specified else "",
                "values": "\n".join(error.evidence.values),
            }
        return [(f"cmdpoint-{name}", str(value)) for name, value in properties.items() if value]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect divergent tests; print the first report at once, and shorten the others."""
        properties = dict(report.user_properties)
        if hasattr(self._config, "workerinput") or report.when != "call":
            return
        if "cmdpoint-diverging rules" not in properties:
            return
        text = str(report.longrepr)
        self._divergent.append(
            DivergentTest(
                test=_name(report.nodeid),
                target=str(properties["cmdpoint-target"]),
                # The file has the name of the case.
                case=properties.get("cmdpoint-report") or report.nodeid,
                rules=frozenset(str(properties["cmdpoint-diverging rules"]).split()),
                example_of=frozenset(str(properties.get("cmdpoint-rule", "")).split()),
                size=(len(text),),
                as_specified="cmdpoint-as specified" in properties,
                values=tuple(str(properties.get("cmdpoint-values", "")).splitlines()),
                report=str(properties.get("cmdpoint-report", "")),
                command=str(properties.get("cmdpoint-command", "")),
            )
        )
        if len(self._divergent) > 1:
            if path := self._divergent[-1].report:  # without a file, the report is only here
                head = text.partition("\n")[0]
                report.longrepr = f"{head}\nThe report is in {path}."
        elif (reporter := self._config.pluginmanager.get_plugin("terminalreporter")) is not None:
            reporter.write_line(f"\nThe first divergence, in {self._divergent[0].test}:\n\n{text}\n")

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print which rules explain the divergences."""
        tally = self._tally
        agreeing = Agreeing(
            applying=lambda target, rule: tally.rules[target, rule],
            examples=lambda target, rule: tally.examples[target, rule],
        )
        found = suspicions(self._divergent, agreeing)
        for suspicion in found[:SHOWN]:
            for line in self._lines(suspicion):
                terminalreporter.write_line(line, red=line.startswith("DIVERGENCE"))
        if found[SHOWN:]:
            terminalreporter.write_line(f"\n{len(found) - SHOWN} more groups: see .cmdpoint/divergences")

    def _lines(self, suspicion: Suspicion[DivergentTest]) -> Iterator[str]:
        """What the last screen says of one group."""
        smallest = suspicion.divergent[0]
        rules = [rule for rule in all_rules().values() if rule.id in suspicion.rules]
        named = " or ".join(rule.id for rule in rules) or "no rule explains it"
        yield f"\nDIVERGENCE: {named}, on {', '.join(suspicion.targets)}"
        for rule in rules[:3]:
            yield f"  {rule.id}: {rule.title} (spec/{rule.chapter})"
        yield f"  {suspicion.evidence('tests')}"
        compared = any(each.as_specified for each in suspicion.divergent)
        found = [] if compared else self._contradicted(smallest.target)
        if found:
            yield f"  the oracle contradicts examples of the specification: {', '.join(found[:SHOWN])}"
        yield f"  smallest case:    {smallest.report or 'its report is above'} ({smallest.test})"
        if smallest.command:
            yield f"  to reproduce it:  {smallest.command}"
        yield f"  to find it again: {self._again(smallest)}"
        names = [each.partition(" ")[0] for each in found] or [rule.id for rule in rules]
        yield from _next(suspicion, names, oracle_is_wrong=bool(found))

    def _contradicted(self, target: str) -> list[str]:
        """The rules whose examples the oracle contradicts; the run may have compared none of them."""
        name = self._tally.dialects.get(target)
        return [] if name is None else contradicted(all_rules().values(), Dialect.from_name(name))

    def _again(self, divergent: DivergentTest) -> str:
        """The command that runs the test again."""
        engines = self._config.getoption("--engine") or [divergent.target.partition("/")[0]]
        profile = self._config.getoption("--hypothesis-profile", None)
        words = ["python3", "-m", "cmdpoint", "conform"]
        words += [word for engine in engines for word in ("--engine", engine)]
        words += ["--hypothesis-profile", profile] if profile else []
        words += [f"--hypothesis-seed={self._seed()}", divergent.test]
        return shlex.join(words)


def _next(
    suspicion: Suspicion[DivergentTest], rules: Sequence[str], *, oracle_is_wrong: bool
) -> Iterator[str]:
    """What to do about a group.

    Args:
        suspicion: The group.
        rules: The rules that explain it.
        oracle_is_wrong: Whether the oracle contradicts examples that the run did not compare.
    """
    values = Counter(value for each in suspicion.divergent for value in each.values)
    for value, tests in values.most_common(1):
        total = len(suspicion.divergent)
        yield f"  the oracle predicts what {tests} of {total} tests observe with this value: {value}"
    if any(each.as_specified for each in suspicion.divergent):
        yield "  next: the engine does what examples of the specification show, so the oracle is wrong;"
    elif oracle_is_wrong:
        yield "  next: the oracle is wrong;"
    else:
        yield "  next: if the engine is right, `cmdpoint characterise` finds the value; see CONTRIBUTING.md"
        return
    names = shlex.quote(" or ".join(rules[:SHOWN]) or "RULE")
    yield f"    in a clone, run pytest -n 0 tests/unit/test_spec.py -k {names}, and search oracle/"


def _name(nodeid: str) -> str:
    """The name of a test, as `cmdpoint conform` takes it: the file without its folder, and the test."""
    path, colons, test = nodeid.partition("::")
    return path.rpartition("/")[2] + colons + test
