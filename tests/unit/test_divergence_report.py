"""The report of a divergence against snapshots, and its script, run with a `docker` that records its calls.

The snapshots are in `snapshots` beside this file. After an intended change, renew them with
CMDPOINT_RENEW_SNAPSHOTS=1 and read the difference before you commit it.
"""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from cmdpoint.engines.probe import ARCHITECTURES, program
from cmdpoint.observations.collection import read_observations
from cmdpoint.oracle.case import Case, CommandLine, Image, ImageConfig, Request
from cmdpoint.oracle.comparison import LEVELS, Level, agree, expected_at
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Codes, Outcome, Process, Refusal
from cmdpoint.oracle.predict import predict
from cmdpoint.report.divergence import render
from cmdpoint.report.reproduction import script

SNAPSHOTS = Path(__file__).with_name("snapshots")
RECORDED = Path(__file__).parents[2] / "cmdpoint/observations/recorded"
RENEW = "CMDPOINT_RENEW_SNAPSHOTS"

CASES: dict[str, tuple[str, Case, Level, Outcome | ImageConfig, Outcome | ImageConfig]] = {
    "argv": (
        "docker-20.10.24/buildkit",
        Case(
            (
                Image("base", 'FROM probe\nCMD ["/a"]\n'),
                Image("image", 'FROM base\nENTRYPOINT ["/b", "a b"]\n'),
            ),
            Request(None, ("x y", "it's")),
        ),
        "observed",
        Process(("/b", "a b", "x y", "it's")),
        Process(("/b", "a b", "\x1b", "it's", "/a")),
    ),
    "refusal": (
        "docker-28.5.2/classic",
        Case(
            (Image("image", 'FROM probe AS one\nCMD ["/a"]\nFROM one\nCMD ["b", 1]', "one"),), Request((), ())
        ),
        "planned",
        Refusal("parse", "not-all-strings", "a JSON array must hold strings only", 4, "image"),
        Process(("/a",)),
    ),
    "config": (
        "docker-28.5.2/buildkit",
        Case((Image("image", "FROM probe\nCMD echo \udcff\u00a0x\nENTRYPOINT\n"),)),
        "config",
        ImageConfig(("/bin/sh", "-c", ""), ("/bin/sh", "-c", "echo \ufffd\u00a0x")),
        ImageConfig((), ("/bin/sh", "-c", "echo \ufffd\u00a0x")),
    ),
}


def report_of(name: str) -> str:
    """The report of one of the cases."""
    where, case, level, expected, seen = CASES[name]
    return render(case, where, predict(case, Dialect.named(where)), level, expected, seen)


@pytest.mark.parametrize("name", CASES)
def test_the_report_is_the_snapshot(name: str) -> None:
    """The report is compared character by character."""
    path = SNAPSHOTS / f"divergence-{name}.txt"
    if os.environ.get(RENEW):
        path.write_text(report_of(name), "utf-8")
        pytest.skip(f"{path.name} was renewed")
    assert report_of(name) == path.read_text("utf-8"), f"if this is intended: {RENEW}=1 pytest {__file__}"


def test_only_what_differs_is_marked() -> None:
    """Marks are at the second argument and at the extra one, and nowhere else."""
    marked = [line.split()[1] for line in report_of("argv").splitlines() if line.startswith("≠")]
    assert marked == ["argv[2]", "argv[4]"]


def test_the_steps_of_the_client_are_shown() -> None:
    """They appear at the levels that include the client; exit codes that were not observed are not marked."""
    case = Case(
        (Image("image", 'FROM probe\nENTRYPOINT ["/a"]\n'),), CommandLine(("--entrypoint=", "IMAGE", "/b"))
    )
    target = "docker-28.5.2/buildkit"
    prediction = predict(case, Dialect.named(target))
    client = {step.rule for step in prediction.steps if step.phase == "client"}
    assert client
    observed = Process(("/c",), Codes(run=0))
    for level in LEVELS:
        report = render(case, target, prediction, level, expected_at(level, prediction), observed)
        assert all((f"    {rule} " in report) is (level != "config") for rule in client)
    expected = expected_at("observed", prediction)
    assert isinstance(expected, Process)
    report = render(
        case, target, prediction, "observed", replace(expected, codes=Codes(201, 204, 0)), observed
    )
    assert marked_rows(report) == ["argv[0]"]


def marked_rows(report: str) -> list[str]:
    """The labels of the rows that are marked."""
    rows = [line for line in report.splitlines() if line.startswith("≠")]
    return [line[2:12].strip() for line in rows]


def test_a_row_is_marked_exactly_where_the_comparison_fails() -> None:
    """This holds for all pairs of results that were recorded for one case."""
    pairs = 0
    for each in read_observations([RECORDED]).compared:
        prediction = predict(each.case, Dialect.newest())
        different = list(dict.fromkeys(repr(result) for _, result in each.results))
        by_text = {repr(result): result for _, result in each.results}
        for one, other in product(different, repeat=2):
            pairs += 1
            predicted, observed = by_text[one], by_text[other]
            report = render(each.case, "docker-28.5.2/buildkit", prediction, each.level, predicted, observed)
            assert bool(marked_rows(report)) is not agree(predicted, observed), report
    assert pairs > 1000


def test_a_line_that_only_one_refusal_has_is_no_difference() -> None:
    """The report ignores such a line, as the comparison does."""
    case = Case((Image("image", "FROM probe\nNOPE\n"),))
    prediction = predict(case, Dialect.newest())
    expected = Refusal("parse", "unknown-instruction", "unknown instruction: NOPE", 2, "image")
    seen = Refusal("parse", "unclassified", "what is NOPE?", None, "image")
    lines = render(case, "docker-28.5.2/buildkit", prediction, "config", expected, seen).splitlines()
    assert [line.split()[1] for line in lines if line.startswith("≠")] == ["kind"]
    assert "  the engine says: what is NOPE?" in lines


DOCKER = """\
#!/bin/sh
printf '%s\\n' "BUILDKIT=$DOCKER_BUILDKIT" "$@" END >>"$LOG"
case $1 in
version) echo amd64 ;;
image) [ "$2" != inspect ] || [ "$3" = --format ] || exit "$IMAGE_IS_THERE" ;;
create) echo 0123abcd ;;
build)
    for folder; do :; done
    cp -R "$folder" "$LOG.context.$(ls -d "$LOG".context.* 2>/dev/null | wc -l | tr -d ' ')" ;;
esac
"""


class Sandbox:
    """An environment for scripts with a `docker` that records its calls."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "log"
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        (folder / "docker").write_text(DOCKER)
        (folder / "docker").chmod(0o755)
        self._environment = {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "LOG": str(self.log),
            "TMPDIR": str(self.temporary),
        }

    def run(self, text: str, *, image_is_there: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a script."""
        environment = self._environment | {"IMAGE_IS_THERE": "0" if image_is_there else "1"}
        return subprocess.run(
            ["sh", "-c", text], env=environment, capture_output=True, text=True, check=False
        )

    def calls(self, verb: str) -> list[list[str]]:
        """The words of each call of `docker VERB`, the builder first."""
        calls = [call.split("\n") for call in self.log.read_text().split("\nEND\n")[:-1]]
        return [call for call in calls if call[1] == verb]

    def context(self, number: int) -> Path:
        """The context of the build of that number, from 0."""
        return self.log.with_name(f"log.context.{number}")


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """A sandbox."""
    if shutil.which("base64") is None:
        pytest.skip("no base64 here")
    return Sandbox(tmp_path)


def script_of(name: str) -> str:
    """The script for one of the cases."""
    where, case, level, expected, seen = CASES[name]
    return script(case, where, level, expected, seen)


def test_the_script_builds_exactly_the_case(sandbox: Sandbox) -> None:
    """It builds the base image with the probe at the needed paths, then each Dockerfile."""
    done = sandbox.run(script_of("argv"))
    assert (done.returncode, done.stderr) == (0, "")
    root = sandbox.context(0) / "root"
    assert {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()} == {"b", "bin/sh"}
    assert (root / "b").read_bytes() == program("amd64")
    assert os.access(root / "b", os.X_OK)
    assert (sandbox.context(1) / "Dockerfile").read_text() == 'FROM probe\nCMD ["/a"]\n'
    assert (sandbox.context(2) / "Dockerfile").read_text() == 'FROM base\nENTRYPOINT ["/b", "a b"]\n'
    assert [call[:-1] for call in sandbox.calls("build")] == [
        ["BUILDKIT=1", "build", "-q", "-t", "probe"],
        ["BUILDKIT=1", "build", "-t", "base"],
        ["BUILDKIT=1", "build", "-t", "image"],
    ]
    assert sandbox.calls("create") == [["BUILDKIT=1", "create", "--network", "none", "image", "x y", "it's"]]


def test_bytes_and_missing_line_ends_survive(sandbox: Sandbox) -> None:
    """Text that a here-document cannot hold reaches the builder unchanged."""
    sandbox.run(script_of("config"))
    assert (
        sandbox.context(1) / "Dockerfile"
    ).read_bytes() == b"FROM probe\nCMD echo \xff\xc2\xa0x\nENTRYPOINT\n"


def test_a_text_without_a_line_end_gets_none(sandbox: Sandbox) -> None:
    """Quotes, dollar signs and backslashes do not change either."""
    dockerfile = 'FROM probe\nCMD ["it\'s", "$x"] `y` \\'
    case = Case((Image("image", dockerfile, "a b"),))
    sandbox.run(script(case, "docker-28.5.2/classic", "config", ImageConfig(), ImageConfig(("/a",))))
    assert (sandbox.context(1) / "Dockerfile").read_text() == dockerfile
    assert sandbox.calls("build")[1][:-1] == ["BUILDKIT=0", "build", "-t", "image", "--target", "a b"]


def test_the_script_leaves_nothing(sandbox: Sandbox) -> None:
    """It removes its folder, its container and its images when it ends."""
    sandbox.run(script_of("argv"))
    assert list(sandbox.temporary.iterdir()) == []
    assert sandbox.calls("rm") == [["BUILDKIT=1", "rm", "-f", "0123abcd"]]
    assert ["BUILDKIT=1", "image", "rm", "-f", "probe", "base", "image"] in sandbox.calls("image")


def test_the_script_removes_no_other_image(sandbox: Sandbox) -> None:
    """If an image with one of its names exists, it does nothing."""
    done = sandbox.run(script_of("argv"), image_is_there=True)
    assert done.returncode == 1
    assert "there is an image called probe already" in done.stderr
    assert [call[2] for call in sandbox.calls("image")] == ["inspect"]
    assert sandbox.calls("build") == []


def test_what_the_client_cannot_request_is_sent_to_the_api() -> None:
    """A request with an empty list is sent to the socket, with `[]` as it is."""
    text = script_of("refusal")
    assert re.search(r"""-d '\{"Image": "image", .*"Entrypoint": \[\], "Cmd": \[\]\}'""", text)
    assert "docker create" not in text


def test_the_script_has_a_probe_for_every_architecture() -> None:
    """The script therefore runs on a machine with another CPU than the one that wrote it."""
    cases = re.findall(r"^(\w+)\) probe=\S+ ;;$", script_of("argv"), re.MULTILINE)
    assert cases == list(ARCHITECTURES)
