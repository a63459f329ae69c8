"""Fixtures: the browser, a matrix, and its page."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cmdpoint.conformance.recording.curate import RECORDED
from cmdpoint.observations.collection import read_observations
from cmdpoint.observations.replay import ObservedCase
from cmdpoint.oracle import Process
from cmdpoint.report import page
from cmdpoint.report.compute import matrix
from cmdpoint.report.matrix import Matrix
from cmdpoint.spec.rules import all_rules
from tests.browser.chromium import NAMES, Chromium, program


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The browser."""
    path = program()
    if path is None:
        pytest.fail(
            f"there is no {' or '.join(NAMES)} on PATH; on Debian: apt-get install chromium", pytrace=False
        )
    with Chromium(path) as chromium:
        yield chromium


@pytest.fixture(scope="session")
def recorded_matrix() -> Matrix:
    """The matrix of the recorded observations, with one falsified result."""
    collected = read_observations([RECORDED.parent])
    cases = sorted(collected.compared, key=lambda each: each.size)
    at = next(at for at, each in enumerate(cases) if isinstance(each.results[0][1], Process))
    (target, _), *others = cases[at].results
    cases[at] = replace(cases[at], results=((target, Process(("</script><b id=injected>",))), *others))
    return matrix(
        cases, collected.dialects, all_rules(), {target: ["<i id=injected>it died</i>"]}, "2026-11-25"
    )


@pytest.fixture(scope="session")
def falsified(recorded_matrix: Matrix) -> tuple[ObservedCase, str]:
    """The falsified case and its target."""
    row = next(row for row in recorded_matrix.rows if any(cell.diverging for cell in row.cells.values()))
    example = next(each for each in row.examples if any(group.diverging for group in each.results))
    (target,) = (target for group in example.results for target in group.diverging)
    return ObservedCase(example.case, example.level, ()), target


@pytest.fixture(scope="session")
def written(recorded_matrix: Matrix, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the page."""
    path = tmp_path_factory.mktemp("page") / "matrix.html"
    path.write_text(page.render(recorded_matrix), "utf-8")
    return path


@pytest.fixture(autouse=True)
def plain(chromium: Chromium) -> Iterator[None]:
    """Restore the usual window, JavaScript and colours after each test."""
    yield
    chromium.call("Emulation.setScriptExecutionDisabled", value=False)
    chromium.call("Emulation.setEmulatedMedia", media="", features=[])
    chromium.call("Emulation.clearDeviceMetricsOverride")
