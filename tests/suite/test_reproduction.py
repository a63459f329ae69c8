"""The reproduction scripts on a live engine: each shows what the engine was observed to do.

A run executes a share of the scripts, one of each kind in turn, chosen by the run's seed. All scripts of the
spec's examples, and one of each kind of recorded case, are executed with `--hypothesis-profile thorough`.
"""

import fcntl
import os
import random
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Final

import pytest

from cmdpoint.conformance.comparator import Comparator
from cmdpoint.conformance.plugin import RUN
from cmdpoint.conformance.profiles import at_least
from cmdpoint.conformance.recording.curate import RECORDED
from cmdpoint.engines.client_on_path import client_on_path
from cmdpoint.observations.collection import read_observations
from cmdpoint.oracle.case import Case, CommandLine, Image, ImageConfig
from cmdpoint.oracle.comparison import Level, agree
from cmdpoint.oracle.outcome import Outcome, Process, Refusal
from cmdpoint.oracle.predict import predict
from cmdpoint.report.reproduction import reproduction_script
from cmdpoint.report.saved_divergence import save
from cmdpoint.spec.rules import all_rules
from tests.suite.runs import ROOT
from tests.suite.script_output import shown

SHARE: Final = 8
"""How many scripts a run executes on an engine; one takes about two seconds."""

Tried = tuple[Case, Level]
"""A case, and what its script shows."""


def examples() -> list[Tried]:
    """The cases of the spec's examples."""
    found = (example for rule in all_rules().values() for example in rule.examples)
    return [(each.case, each.level) for each in found]


def recorded() -> list[Tried]:
    """The cases that are recorded."""
    return [(each.case, each.level) for each in read_observations([RECORDED.parent]).compared]


def kind_of(tried: Tried, comparator: Comparator) -> tuple[object, ...]:
    """What decides which lines the script has, and how far it gets."""
    case, level = tried
    prediction = predict(case, comparator.dialect)
    outcome = prediction.outcome
    end = (outcome.phase, outcome.kind) if isinstance(outcome, Refusal) else ()
    origins = tuple(sorted({type(image).__name__ for image in case.images}))
    return level, type(case.request).__name__, origins, end


def chosen(comparator: Comparator, seed: int, engines_targets: int) -> list[Tried]:
    """The scripts to execute."""
    order = random.Random(seed)
    by_kind: dict[tuple[object, ...], list[Tried]] = {}
    for each in order.sample(all_examples := examples(), len(all_examples)):
        by_kind.setdefault(kind_of(each, comparator), []).append(each)
    if at_least("thorough"):
        of_recorded: dict[tuple[object, ...], Tried] = {}
        for each in recorded():
            of_recorded.setdefault(kind_of(each, comparator), each)
        return [*all_examples, *of_recorded.values()]
    kinds = order.sample(sorted(by_kind, key=repr), len(by_kind))
    return [by_kind[kind][0] for kind in kinds[: SHARE // engines_targets]]


@contextmanager
def alone(engine: str) -> Iterator[None]:
    """Wait until no other process runs a script on the engine: all scripts call their images the same."""
    name = f"cmdpoint-test-{blake2b(engine.encode(), digest_size=6).hexdigest()}.lock"
    with Path(tempfile.gettempdir(), name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def execute(script: str, path: str, url: str, folder: Path) -> str:
    """The output of a script, with the client of the engine and this Python on PATH."""
    file = folder / "script.sh"
    file.write_bytes(script.encode("utf-8", "surrogateescape"))
    programs = os.pathsep.join([path, str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": programs, "DOCKER_HOST": url, "CONTAINER_HOST": url}
    done = subprocess.run(
        ["sh", file],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    output = done.stdout.decode("utf-8", "surrogateescape")
    assert done.returncode == 0, output
    return output


@pytest.mark.long
def test_a_script_shows_what_the_engine_does(
    comparator: Comparator, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The config, the argv or the refusal, and the codes, are those that were observed."""
    run, live = request.config.stash[RUN], comparator.live
    (engine,) = (each for each in run.engines if each.name == live.engine.name)
    if not engine.client:
        pytest.skip("the engine has no client on this machine")
    cases = chosen(comparator, run.seed, len(engine.targets))
    wrong = []
    with alone(live.engine.url), client_on_path(live.engine.product, engine.client) as path:
        for case, level in cases:
            script = reproduction_script(case, str(live), level)
            output = execute(script, path, live.engine.url, tmp_path)
            observed = comparator.observe(case, level)
            if predict(case, comparator.dialect).is_settled and not shows(output, case, level, observed):
                wrong.append(f"{observed}\n{output}\n{script}")
    assert not wrong, f"{len(wrong)} of {len(cases)} do not reproduce:\n" + "\n\n".join(wrong)


@pytest.mark.one_builder
def test_the_printed_command_runs_a_saved_script(
    comparator: Comparator, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It starts or finds the engine, and the script uses that engine's client."""
    (engine,) = (
        each for each in request.config.stash[RUN].engines if each.name == comparator.live.engine.name
    )
    monkeypatch.chdir(tmp_path)
    case = Case((Image("image", 'FROM probe\nENTRYPOINT ["/a", "b c"]\n'),), CommandLine(("IMAGE", "x")))
    results = Process(("/a",)), Process(("/a", "b c", "x"))
    saved = save(case, str(comparator.live), "observed", "a report\n", *results)
    _, *words = shlex.split(saved.command(engine.connect_to))
    with alone(comparator.live.engine.url):
        done = subprocess.run(
            [sys.executable, *words],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert shown(done.stdout, case) == (Process(("/a", "b c", "x")), ("/a", "b c", "x"))


def shows(output: str, case: Case, level: Level, observed: Outcome | ImageConfig) -> bool:
    """Whether the output of a script shows what was observed."""
    result, argv = shown(output, case)
    if level == "planned" and isinstance(observed, Process):
        # Podman's inspect shows a single word as Path and again as Args.
        return argv in (observed.argv, observed.argv * 2 if len(observed.argv) == 1 else observed.argv)
    return agree(observed, result)
