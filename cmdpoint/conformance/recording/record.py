"""`python -m cmdpoint.conformance.recording.record --engine NAME...`: record the same cases on engines.

Each engine has its own file. A file that is complete is not recorded again, so a recording can be resumed.
"""

import argparse
import re
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cmdpoint.conformance.comparator import Comparator, target_of
from cmdpoint.conformance.errors import HarnessFault
from cmdpoint.conformance.fleet import EngineAccess, Fleet, TargetAccess
from cmdpoint.conformance.recording.cases import SEED, ChainCases, cases_of_file, recorded_cases
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.faults import EngineDied, Fault
from cmdpoint.engines.find import find
from cmdpoint.observations.reader import ObservationReader
from cmdpoint.observations.records import Header, Observation, RecordedFault, Result
from cmdpoint.observations.tally import Tally
from cmdpoint.observations.writer import ObservationWriter
from cmdpoint.oracle import Case, predict
from cmdpoint.oracle.comparison import Level, agree, expected_at

FOLDER: Final = Path(".cmdpoint/replay")
"""The default folder of the files."""

JOBS: Final = 4
"""The number of cases that run on each target at the same time, to keep the engine busy."""

MAX_FAULTS: Final = 5
"""The number of harness faults in a row after which an engine counts as dead."""

RESTART_AFTER: Final = 100
"""The number of chains after which an engine is restarted, because it is slow with many images."""

PROGRESS_SECONDS: Final = 10.0
"""The seconds between two progress messages."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Record, and return the exit code of the process."""
    parser = argparse.ArgumentParser(
        prog="python -m cmdpoint.conformance.recording.record", description=__doc__
    )
    parser.add_argument(
        "--engine", action="append", required=True, help="an engine, as for conform; may be repeated"
    )
    parser.add_argument("--folder", type=Path, default=FOLDER, help="the folder of the files (%(default)s)")
    parser.add_argument("--jobs", type=int, default=JOBS, help="cases at a time on each target (%(default)s)")
    parser.add_argument("--again", type=Path, metavar="FILE", help="record the cases of this file")
    parser.add_argument(
        "--runtime", metavar="NAME", default="", help="record only with this further runtime, such as runsc"
    )
    parser.add_argument("--first", type=int, metavar="N", help="record only the first N chains, for a trial")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    todo = cases_of_file(options.again)[: options.first] if options.again else recorded_cases(options.first)
    status = 0
    for name in options.engine:
        path = options.folder / f"{re.sub('[^a-z0-9.+-]+', '-', name)}.jsonl"
        try:
            if path.exists() and _is_complete(path):
                _say(f"{name}: {path} is complete; remove it to record again")
                continue
            _record(name, path, todo, options.jobs, options.runtime)
        except Fault as fault:
            _say(f"{name}: {fault}")
            status = fault.exit_code
    return status


def _record(name: str, path: Path, todo: Sequence[ChainCases], jobs: int, runtime: str) -> None:
    if runtime:
        todo = [each for each in todo if each.every_runtime]
    with ObservationWriter(path, Header(f"{datetime.now(UTC):%Y-%m-%d}", SEED)) as writer:
        for at in range(0, len(todo), RESTART_AFTER):
            some = todo[at : at + RESTART_AFTER]
            _say(f"{name}: chains {at + 1:,} to {at + len(some):,} of {len(todo):,}")
            fleet = Fleet([name], _say)
            try:
                for engine in fleet.engines:
                    _Recording(engine, writer, some, runtime).run(jobs)
            finally:
                fleet.stop()


class _Recording:
    """The recording of one engine."""

    def __init__(
        self, engine: EngineAccess, writer: ObservationWriter, todo: Sequence[ChainCases], runtime: str
    ) -> None:
        self._name = engine.name
        runtimes = [each for each in todo if each.every_runtime]
        self._todo = {target: deque(todo) for target in engine.targets if not runtime}
        self._todo |= {
            target: deque(runtimes)
            for target in engine.runtime_targets
            if runtime in ("", target.runtime_name)
        }
        self._all = sum(len(list(each.cases)) for queue in self._todo.values() for each in queue)
        self._done = 0
        self._failed = 0
        self._writer = writer
        self._lock = threading.Lock()
        self._begin = self._reported = time.monotonic()

    def run(self, jobs: int) -> None:
        """Record everything.

        Raises:
            Fault: The engine stopped.
        """
        targets = [target for target in self._todo for _ in range(jobs)]
        with ThreadPoolExecutor(len(targets)) as pool:
            for each in [pool.submit(self._record_all, target) for target in targets]:
                each.result()
        self._report_progress()

    def _record_all(self, target: TargetAccess) -> None:
        """Record in one thread, which always takes the next chain that no other thread has begun."""
        queue = self._todo[target]
        try:
            engine = find(target.engine.connect_to).connect()
            client = Client(target.engine.client)
            with LiveTarget(engine, target.builder, Owner.this_process(), client, target.runtime) as live:
                with self._lock:
                    self._writer.write((str(live), target_of(live)))
                while True:
                    try:
                        chain = queue.popleft()
                    except IndexError:
                        break
                    for case, level in chain.cases:
                        self._record(Comparator(live, Tally()), case, level)
                    # The images are not used again, and a removal is slower with more images.
                    live.forget()
            engine.close()
        except BaseException:
            for each in self._todo.values():
                each.clear()
            raise

    def _record(self, comparator: Comparator, case: Case, level: Level) -> None:
        target = (str(comparator.live),)
        line: Observation | RecordedFault | None = None
        try:
            if predict(case, comparator.dialect).is_settled:
                line = Observation(case, level, target, _observed(comparator, case, level))
        except HarnessFault as error:
            line = RecordedFault(str(error), target)
        with self._lock:
            if line is not None:
                self._writer.write(line)
            self._done += 1
            self._failed = self._failed + 1 if isinstance(line, RecordedFault) else 0
            if self._failed >= MAX_FAULTS:
                why = f"{MAX_FAULTS} harness faults in a row, the last: {line}"
                raise EngineDied(f"the recording on {self._name} was stopped", why, "start it again")
            if time.monotonic() - self._reported > PROGRESS_SECONDS:
                self._report_progress()

    def _report_progress(self) -> None:
        self._reported = time.monotonic()
        seconds = self._reported - self._begin
        rate = self._done / seconds
        _say(f"{self._name}: {self._done:,} of {self._all:,} in {seconds:.0f} s, {rate:.0f} a second")


def _observed(comparator: Comparator, case: Case, level: Level) -> Result:
    """The observed result, which is confirmed with a second run if it differs from the prediction.

    Raises:
        HarnessFault: The engine cannot be used, or the second result is different.
    """
    first = comparator.observe(case, level)
    if agree(expected_at(level, predict(case, comparator.dialect)), first):
        return first
    comparator.live.forget()
    second = comparator.observe(case, level)
    if not agree(second, first):
        raise HarnessFault(f"{comparator.live}: {level} of {case} is first {first}, then {second}")
    return first


def _is_complete(path: Path) -> bool:
    try:
        with ObservationReader(path) as reader:
            return sum(1 for _ in reader) > 0
    except Fault:
        return False


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
