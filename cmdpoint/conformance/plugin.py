"""What a test run is about, beyond its tests: engines, seed, tally, and how faults and findings are told.

The controller finds or starts the engines before any worker begins, and stops them when the last has ended.
"""

import os
import random
import signal
from collections.abc import Generator
from pathlib import Path
from threading import Lock
from typing import Any, Final

import pytest

from cmdpoint.conformance.comparator import ConfirmedDivergence, HarnessError
from cmdpoint.conformance.fleet import Address, Fleet
from cmdpoint.engines.faults import Fault
from cmdpoint.observations.tally import Tally
from cmdpoint.report import run_table
from cmdpoint.spec.rules import all_rules

_TESTS = Path(__file__).parents[2] / "tests"
_LIVE_TESTS = (_TESTS / "conformance", _TESTS / "suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add cmdpoint's options."""
    group = parser.getgroup("cmdpoint")
    group.addoption(
        "--engine",
        action="append",
        metavar="NAME",
        help="ask this engine: auto (the default), host, private, docker-VERSION, podman-VERSION, "
        "docker:SUITE, podman:SUITE, container:IMAGE, an address, or all: every private one there is; a "
        "docker with +containerd behind it has that store; may be repeated; none leaves the live tests out",
    )
    group.addoption(
        "--every-rule",
        action="store_true",
        help="fail where a rule of the spec was never put to the test by a generated case",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """`-n auto`: a worker a core, and two for live tests: one request alone does not keep an engine busy."""
    return (2 if _wants_live_tests(config) else 1) * (os.cpu_count() or 1)


def pytest_configure(config: pytest.Config) -> None:
    """Begin a run."""
    config.stash[RUN] = run = Run(config)
    config.pluginmanager.register(run, "cmdpoint-run")


class Run:
    """One process's share of a test run.

    Attributes:
        addresses: The engines that are asked.
        seed: What every generated example follows from.
        tally: What was compared.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.addresses: list[Address] = []
        self.seed = 0
        self.tally = Tally()
        self._config = config
        self._fleet: Fleet | None = None
        self._harness_errors: list[int] = []
        self._saying = Lock()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Get the engines ready, in the controller; in a worker, take over what it found."""
        worker = getattr(self._config, "workerinput", None)
        if worker is not None:
            self.addresses = [
                Address(name, how, tuple(builders), tuple(client), tuple(runtimes))
                for name, how, builders, client, runtimes in worker["cmdpoint_addresses"]
            ]
            self.seed = worker["cmdpoint_seed"]
            # Ctrl-C reaches every process of the run. A worker dies of it at once, and the controller clears
            # what it leaves: that takes a moment, where a worker that unwinds may wait for its engine.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            return
        seed = self._config.getoption("--hypothesis-seed", None)
        self.seed = int(seed) if str(seed).isdigit() else random.SystemRandom().randrange(2**32)
        if _wants_live_tests(self._config):
            names = self._config.getoption("--engine") or ["auto"]
            try:
                self._fleet = Fleet(names, self._say)
            except Fault as fault:
                pytest.exit(f"cmdpoint: {fault}", returncode=fault.exit_code)
            self.addresses = self._fleet.addresses
            self._harness_errors += [fault.exit_code for fault in self.failed.values()]

    @property
    def failed(self) -> dict[str, Fault]:
        """The engines that cannot be had: what they were called, and why."""
        return {} if self._fleet is None else self._fleet.failed

    def pytest_report_header(self) -> str:
        """Say how the run can be repeated."""
        engines = ", ".join(address.name for address in self.addresses) or "none"
        return f"cmdpoint: engines: {engines}; to repeat: --hypothesis-seed={self.seed}"

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave the live tests out where there is no engine."""
        return True if not self.addresses and collection_path in _LIVE_TESTS else None

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker what the controller found."""
        node.workerinput["cmdpoint_addresses"] = [
            (each.name, each.how, list(each.builders), list(each.client), list(each.runtimes))
            for each in self.addresses
        ]
        node.workerinput["cmdpoint_seed"] = self.seed

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker counted."""
        data = getattr(node, "workeroutput", {}).get("cmdpoint_tally")
        if data is not None:
            self.tally.merge(Tally.from_data(data))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Show a finding as its report and a fault as its message, without a traceback."""
        report = yield
        error = call.excinfo.value if call.excinfo is not None else None
        if isinstance(error, ConfirmedDivergence):
            report.longrepr = str(error)
        if isinstance(error, HarnessError):
            report.longrepr = f"HARNESS ERROR, no verdict on the engine\n{error}"
            report.user_properties.append((_HARNESS_ERROR, error.exit_code))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember the faults."""
        codes = [value for name, value in report.user_properties if name == _HARNESS_ERROR]
        self._harness_errors += [code for code in codes if isinstance(code, int)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand the counts to the controller; there, hold them against the rules."""
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output["cmdpoint_tally"] = self.tally.to_data()
        elif self._harness_errors:
            session.exitstatus = self._harness_errors[0]
        elif session.exitstatus == pytest.ExitCode.OK and self._unreached():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table of rules, and what is missing from it."""
        if not self.tally.targets:
            return
        terminalreporter.section("cmdpoint")
        for line in run_table.render(self.tally, all_rules().values()):
            terminalreporter.write_line(line)
        terminalreporter.write_line(f"\nto repeat this run: --hypothesis-seed={self.seed}")
        for name, fault in self.failed.items():
            terminalreporter.write_line(f"\nHARNESS ERROR, no verdict on {name}\n{fault}", red=True)
        if self._harness_errors:
            terminalreporter.write_line(f"\n{len(self._harness_errors)} harness errors: no verdict", red=True)
        for target, rule in self._unreached():
            terminalreporter.write_line(f"{rule} was never put to the test on {target}", red=True)

    def pytest_unconfigure(self) -> None:
        """Stop the engines, however the run ended."""
        if self._fleet is not None:
            self._fleet.stop()

    def _unreached(self) -> list[tuple[str, str]]:
        if not self._config.getoption("--every-rule"):
            return []
        return self.tally.unreached(all_rules().values())

    def _say(self, what: str) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            with self._saying:  # engines start side by side
                reporter.write_line(f"cmdpoint: {what}")


RUN: Final = pytest.StashKey[Run]()
"""Where a test finds the run."""

_HARNESS_ERROR: Final = "harness-error"


def _wants_live_tests(config: pytest.Config) -> bool:
    """Whether the paths on the command line hold live tests, and nobody said `--engine none`."""
    if config.getoption("--engine") == ["none"] or config.option.collectonly:
        return False
    paths = [Path(argument.split("::")[0]).resolve() for argument in config.args]
    return any(
        path.is_relative_to(live) or live.is_relative_to(path) for path in paths for live in _LIVE_TESTS
    )
