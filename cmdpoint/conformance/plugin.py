"""The pytest plugin of a run: its options, and the hooks for its engines, seed, tally and exit status.

The controller finds or starts the engines before the workers start, and stops them after the workers end.
"""

import argparse
import os
import random
import signal
from collections.abc import Generator
from pathlib import Path
from threading import Lock
from typing import Any, Final

import pytest

from cmdpoint.conformance.divergence_report import DivergenceReport
from cmdpoint.conformance.errors import ConfirmedDivergence, harness_fault, is_verdict
from cmdpoint.conformance.exit_status import exit_status
from cmdpoint.conformance.fleet import EngineAccess, Fleet
from cmdpoint.conformance.garbage import freeze
from cmdpoint.conformance.profiles import check_profile, load_profiles
from cmdpoint.conformance.progress import Progress, screen_for
from cmdpoint.conformance.selected_tests import (
    TESTS,
    is_conformance_test,
    is_live_test,
    is_whole_run,
    ordered,
    selects,
    selects_only,
)
from cmdpoint.engines.faults import Fault
from cmdpoint.observations.shard import WHOLE, Shard
from cmdpoint.observations.tally import Tally
from cmdpoint.report import run_table
from cmdpoint.spec.rules import all_rules

pytest_plugins = [
    "cmdpoint.conformance.observation_log",
    "cmdpoint.conformance.example_database",
    "cmdpoint.conformance.fixtures",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add cmdpoint's options; register Hypothesis's profiles before its own plugin reads their names."""
    load_profiles()
    group = parser.getgroup("cmdpoint")
    group.addoption(
        "--engine",
        action="append",
        metavar="NAME",
        help="the engine to test: auto (the default), host, private, docker-VERSION, podman-VERSION, "
        "docker:SUITE, podman:SUITE, container:IMAGE, an address, or all for every private engine; "
        "+containerd after a docker selects that image store; repeat the option for several engines; "
        "none leaves out the live tests",
    )
    group.addoption(
        "--every-rule",
        action="store_true",
        help="fail if no case reached some rule of the specification; without effect if only some of the "
        "conformance tests are selected, or if the Hypothesis profile is smaller than quick",
    )
    group.addoption(
        "--shard",
        type=_shard,
        default=WHOLE,
        metavar="K/N",
        help="run the K-th of N shards of the tests, such as 2/5; needs --hypothesis-seed, the same for all "
        "shards, which then together compare what a run without shards compares",
    )
    parser.addini("live_tests", "folders whose tests need an engine", type="paths", default=[])


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, warning filters and hooks of a run."""
    check_profile(config.getoption("--hypothesis-profile", None))
    config.addinivalue_line("markers", "every_runtime: run a live test with each runtime of an engine")
    config.addinivalue_line("markers", "one_builder: run a live test on one builder of an engine")
    config.addinivalue_line("markers", "long: run a live test before others")
    config.addinivalue_line("filterwarnings", "error")
    # docker-py does not close the socket of a connection that failed because the engine died.
    config.addinivalue_line("filterwarnings", "ignore:unclosed <socket:ResourceWarning")
    config.stash[RUN] = run = Run(config)
    config.pluginmanager.register(run, "cmdpoint-run")
    report = DivergenceReport(config, run.tally, lambda: run.seed)
    config.pluginmanager.register(report, "cmdpoint-divergences")


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """`-n auto`: one worker for each core, two for live tests, because one cannot keep an engine busy."""
    return (2 if selects(config, config.getini("live_tests")) else 1) * (os.cpu_count() or 1)


class Run:
    """The state of a run in one process, with the hooks of the controller and of the workers.

    Attributes:
        engines: The engines under test.
        seed: The seed of all generated examples.
        tally: The counts of compared cases.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.engines: list[EngineAccess] = []
        self.seed = 0
        self.tally = Tally()
        self._config = config
        self._fleet: Fleet | None = None
        self._faults: list[int] = []
        self._failures: dict[str, int] = {_DIVERGENCE: 0, _SELF_TEST: 0}
        self._unreached: list[tuple[str, str]] = []
        self._print_lock = Lock()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """In the controller, connect to the engines; in a worker, read them from the controller."""
        worker = getattr(self._config, "workerinput", None)
        if worker is not None:
            self.engines = [
                EngineAccess(name, connect_to, tuple(builders), tuple(client), tuple(runtimes), start_name)
                for name, connect_to, builders, client, runtimes, start_name in worker["cmdpoint_engines"]
            ]
            self.seed = worker["cmdpoint_seed"]
            # Every process of the run receives Ctrl-C. A worker ends at once, because its clean-up might wait
            # for the engine; the controller removes everything of its workers.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            return
        seed = self._config.getoption("--hypothesis-seed", None)
        if seed is None and not self._config.getoption("--shard").is_whole:
            raise pytest.UsageError("--shard needs --hypothesis-seed=N, the same number for all shards")
        self.seed = int(seed) if str(seed).isdigit() else random.SystemRandom().randrange(2**32)
        if selects(self._config, self._config.getini("live_tests")):
            names = self._config.getoption("--engine") or ["auto"]
            try:
                self._fleet = Fleet(names, self._print)
            except Fault as fault:
                self._print(f"HARNESS FAULT, no verdict on an engine\n{fault}")
                pytest.exit("there is no engine to test", returncode=fault.exit_code)
            self.engines = self._fleet.engines
            self._faults += [fault.exit_code for fault in self.failed.values()]
            if selects_only(self._config, TESTS) and (screen := screen_for(self._config)):
                self._config.pluginmanager.register(Progress(self._config, screen), "cmdpoint-progress")

    @property
    def failed(self) -> dict[str, Fault]:
        """The fault of each engine that cannot be used, by the name that the user gave."""
        return {} if self._fleet is None else self._fleet.failed

    def pytest_report_header(self) -> str:
        """Print how to repeat the run."""
        engines = ", ".join(engine.name for engine in self.engines) or "none"
        return f"cmdpoint: engines: {engines}; to repeat: --hypothesis-seed={self.seed}"

    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> bool | None:
        """Leave out the live tests if there is no engine."""
        return True if not self.engines and is_live_test(config, collection_path) else None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Select the tests of the shard, and put them into the best order."""
        own = self._config.getoption("--shard").of(items)
        selected = set(own)
        if others := [item for item in items if item not in selected]:
            self._config.hook.pytest_deselected(items=others)
        worker = getattr(self._config, "workerinput", {"workercount": 1})
        items[:] = ordered(own, worker["workercount"])

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self) -> None:
        """Collect little garbage while an engine is tested."""
        if self.engines:
            freeze()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Send a worker the engines and the seed."""
        node.workerinput["cmdpoint_engines"] = [
            (
                *(each.name, each.connect_to, list(each.builders), list(each.client)),
                *(list(each.runtimes), each.start_name),
            )
            for each in self.engines
        ]
        node.workerinput["cmdpoint_seed"] = self.seed

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add the counts of a worker."""
        data = getattr(node, "workeroutput", {}).get("cmdpoint_tally")
        if data is not None:
            self.tally.merge(Tally.from_data(data))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Mark a failure as a divergence, a harness fault or a failed self-test."""
        report = yield
        error = call.excinfo.value if call.excinfo is not None else None
        is_conformance = is_conformance_test(item.path)
        if isinstance(error, ConfirmedDivergence):
            report.longrepr = str(error)
        if fault := harness_fault(item, call):
            report.longrepr = f"HARNESS FAULT, no verdict on the engine\n{fault}"
            # xdist can send a plain number to the controller, but not an enum.
            report.user_properties.append((_FAULT, int(fault.exit_code)))
        elif report.failed and report.when != "call" and is_conformance:
            # A fixture failed, so nothing was compared.
            report.user_properties.append((_FAULT, int(Fault.exit_code)))
        elif report.failed and is_conformance and is_verdict(error):
            report.user_properties.append((_FAILURE, _DIVERGENCE))
        elif report.failed and is_live_test(item.config, item.path):
            report.user_properties.append((_FAILURE, _SELF_TEST))
            report.sections.append(
                ("SELF-TEST FAILED", "cmdpoint itself failed, which is no verdict on the engine.")
            )
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the failures of each kind."""
        properties = dict(report.user_properties)
        if isinstance(code := properties.get(_FAULT), int):
            self._faults.append(code)
        elif isinstance(kind := properties.get(_FAILURE), str):
            self._failures[kind] += 1
        elif report.when not in ("setup", "call", "teardown"):
            self._faults.append(Fault.exit_code)  # xdist reports a lost worker

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """In a worker, send the counts to the controller; in the controller, decide the exit status."""
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output["cmdpoint_tally"] = self.tally.to_data()
            return
        if self._config.getoption("--every-rule") and is_whole_run(self._config):
            passed = session.exitstatus == pytest.ExitCode.OK and not self._faults
            self._unreached = self.tally.unreached(all_rules().values()) if passed else []
        session.exitstatus = exit_status(
            session.exitstatus,
            diverges=self._failures[_DIVERGENCE] > 0,
            faults=self._faults,
            self_test_failed=self._failures[_SELF_TEST] > 0,
            not_reached=bool(self._unreached),
        )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table of rules, and the number of failures of each kind."""
        if not self.engines and not self.failed:
            return
        write = terminalreporter.write_line
        terminalreporter.section("cmdpoint")
        if selects(self._config, [TESTS]):
            for line in run_table.render(self.tally, all_rules().values(), whole=is_whole_run(self._config)):
                write(line)
        write(f"\nto repeat this run: --hypothesis-seed={self.seed}")
        for name, fault in self.failed.items():
            write(f"\nHARNESS FAULT, no verdict on {name}\n{fault}", red=True)
        if count := self._failures[_DIVERGENCE]:
            write(f"\n{count} tests found that an engine diverges from the specification", red=True)
        if self._faults:
            write(f"\n{len(self._faults)} harness faults: no verdict", red=True)
            for name, file in self._fleet.save_logs().items() if self._fleet else ():
                write(f"{name} ended; its log is {file}", red=True)
        if count := self._failures[_SELF_TEST]:
            write(f"\n{count} tests of cmdpoint itself failed: no verdict on an engine", red=True)
        for target, rule in self._unreached:
            write(f"no case reached {rule} on {target}", red=True)

    def pytest_unconfigure(self) -> None:
        """Stop the engines, however the run ended."""
        if self._fleet is not None:
            self._fleet.stop()

    def _print(self, what: str) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            with self._print_lock:  # engines start in several threads
                reporter.write_line(f"cmdpoint: {what}")


def _shard(text: str) -> Shard:
    """The value of `--shard`."""
    shard = Shard.read(text)
    if shard is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a shard, such as 1/4, 2/4, 3/4 or 4/4")
    return shard


RUN: Final = pytest.StashKey[Run]()
"""The key of the run in pytest's stash."""

_FAULT: Final = "cmdpoint-fault"
_FAILURE: Final = "cmdpoint-failure"
_DIVERGENCE: Final = "divergence"
_SELF_TEST: Final = "self-test"
