"""Files of observations: they match the schema, can be read again, and every defect in one is reported."""

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import hypothesis
import jsonschema
import pytest

from cmdpoint.cli.predict_lines import schema as predict_schema
from cmdpoint.conformance.strategies.everything import all_cases
from cmdpoint.engines.faults import Fault
from cmdpoint.observations.faults import (
    Edited,
    MalformedObservations,
    NewerObservations,
    Truncated,
    UnreadableObservations,
)
from cmdpoint.observations.reader import ObservationReader
from cmdpoint.observations.records import Header, Line, Observation, RecordedFault, Target, schema
from cmdpoint.observations.writer import ObservationWriter, footer_of, write
from cmdpoint.oracle import Case, Dialect, Image, Process, Refusal, predict
from cmdpoint.oracle.comparison import LEVELS, expected_at
from cmdpoint.oracle.outcome import Codes
from cmdpoint.oracle.refusals import Kind, Phase

SCHEMA = json.loads(schema())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

CLASSIC, BUILDKIT, PODMAN = "docker-28.5.2/classic", "docker-28.5.2/buildkit", "podman-5.4.2/buildah"
HEADER = Header("2026-11-25", 7, {CLASSIC: Target("docker", "28.5.2", "containerd", "classic", "runc-1.3.6")})
LEARNED = (BUILDKIT, Target("docker", "28.5.2", "", "buildkit", ""))
CASE = Case((Image("image", 'FROM probe\nCMD ["/a", "\udcff"]\n'),))
SEEN = [
    Observation(CASE, "observed", (CLASSIC, BUILDKIT), Process(("/a", "\udcff"), Codes(201, 204, 0))),
    Observation(CASE, "planned", (CLASSIC,), Refusal("create", "no-command", "", None, "image", Codes(400))),
]
ERROR = RecordedFault("the engine died\n  why: \udcff", (PODMAN,))
LINES: list[Line] = [LEARNED, SEEN[0], ERROR, SEEN[1]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with a header, four lines and a footer."""
    path = tmp_path / "seen.jsonl"
    write(path, HEADER, LINES)
    return path


def read(path: Path) -> list[Observation | RecordedFault]:
    """Read a whole file."""
    with ObservationReader(path) as reader:
        return list(reader)


def test_what_is_written_is_read(path: Path) -> None:
    """The reader returns every line with its number, and the targets that were added after the header."""
    with ObservationReader(path) as reader:
        assert reader.header == HEADER
        assert list(reader) == [SEEN[0], ERROR, SEEN[1]]
        assert reader.targets == {**HEADER.targets, BUILDKIT: LEARNED[1]}
    first = read(path)[0]
    assert isinstance(first, Observation)
    assert first.line == 3
    assert isinstance(first.result, Process)
    assert first.result.codes == Codes(201, 204, 0)


@pytest.mark.slow
def test_what_is_written_matches_the_schema(path: Path) -> None:
    """This holds for every kind of line and for every generated case."""
    lines = path.read_bytes().splitlines()
    assert len(lines) == 6
    for line in lines:
        VALIDATOR.validate(json.loads(line))
    dialect = Dialect.newest()

    @hypothesis.settings(max_examples=80)
    @hypothesis.given(all_cases())
    def explore(case: Case) -> None:
        prediction = predict(case, dialect)
        seen = [Observation(case, level, (CLASSIC,), expected_at(level, prediction)) for level in LEVELS]
        write(path, HEADER, seen)
        for line in path.read_bytes().splitlines():
            VALIDATOR.validate(json.loads(line))
        assert [each.case for each in read(path) if isinstance(each, Observation)] == [case] * 3

    explore()


def test_the_schema_is_that_of_the_model() -> None:
    """It lists every kind of refusal, and its cases are defined as those of `cmdpoint predict`."""
    refusal = SCHEMA["$defs"]["refusal"]["properties"]
    assert refusal["kind"]["enum"] == list(get_args(Kind))
    assert refusal["phase"]["enum"] == list(get_args(Phase))
    for name, definition in json.loads(predict_schema("input"))["$defs"].items():
        assert SCHEMA["$defs"][name] == definition


@pytest.mark.parametrize("lost", ["footer", "half a line", "half the footer", "all", "end of line"])
def test_a_truncated_file_is_reported(path: Path, lost: str) -> None:
    """This holds wherever the file ends."""
    content = path.read_bytes()
    footer = content.rindex(b'{"end"')
    length = {"footer": footer, "half a line": footer - 9, "half the footer": footer + 9, "all": 0}
    path.write_bytes(content[: length.get(lost, len(content) - 1)])
    with pytest.raises(Truncated, match="ends without a footer") as raised:
        read(path)
    assert raised.value.remedy


def test_a_writer_that_is_stopped_leaves_a_truncated_file(tmp_path: Path) -> None:
    """A file whose writer ended with an exception has no footer."""

    def broken() -> Iterator[Line]:
        yield from LINES
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "seen", HEADER, broken())
    with pytest.raises(Truncated):
        read(tmp_path / "seen")


def swapped(content: bytes) -> bytes:
    """Exchange two lines."""
    lines = content.splitlines(keepends=True)
    lines[3], lines[4] = lines[4], lines[3]
    return b"".join(lines)


@pytest.mark.parametrize(
    "edit",
    [
        lambda content: content.replace(b'"/a"', b'"/b"'),
        lambda content: content.replace(b"no-command", b"not-found"),
        lambda content: content.replace(b"died", b"lived"),
        lambda content: b"".join(line for line in content.splitlines(True) if b"planned" not in line),
        lambda content: content.replace(b'"observations":2', b'"observations":3'),
        swapped,
    ],
    ids=["word", "kind", "error", "line gone", "count", "order"],
)
def test_an_edited_file_is_reported(path: Path, edit: Callable[[bytes], bytes]) -> None:
    """This holds for every edit."""
    content = path.read_bytes()
    edited = edit(content)
    assert edited != content
    path.write_bytes(edited)
    with pytest.raises(Edited, match="was edited"):
        read(path)


def test_a_footer_can_be_computed_again(path: Path) -> None:
    """It is the footer that the writer wrote."""
    content = path.read_bytes()
    end = content.rindex(b'{"end"')
    path.write_bytes(content[:end])
    assert footer_of(path) == content[end:]
    assert json.loads(content[end:])["sha256"] == sha256(content[:end]).hexdigest()


@pytest.mark.parametrize("number", [3, 99])
def test_a_newer_schema_is_reported(path: Path, number: int) -> None:
    """The reader checks the schema's number before the rest of the header."""
    path.write_text(json.dumps({"cmdpoint": "observations", "schema": number, "new": 1}) + "\n")
    with pytest.raises(NewerObservations, match=f"schema {number}"):
        read(path)


TARGET_KEYS = ("engine", "version", "store", "builder", "runtime")
GOOD = {"case": {"images": []}, "level": "config", "targets": [CLASSIC], "observed": {"config": {}}}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        ([], "not an object"),
        ({}, "level"),
        ({**GOOD, "new": 1}, "'new'"),
        ({**GOOD, "level": "dear"}, "'dear'"),
        ({**GOOD, "targets": []}, "has no target"),
        ({**GOOD, "targets": [CLASSIC, CLASSIC]}, "same one twice"),
        ({**GOOD, "targets": [PODMAN]}, f"describes the target {PODMAN}"),
        ({**GOOD, "observed": {}}, "observed"),
        ({**GOOD, "case": {"images": [], "run": {"docker_run": 5}}}, "docker_run"),
        ({"target": CLASSIC, "engine": "docker"}, "version"),
        ({"target": CLASSIC, **dict.fromkeys(TARGET_KEYS, "")}, "describes the target .* differently"),
        ({"harness_fault": 1, "targets": []}, "not a string"),
        ({"end": False, "observations": 0, "sha256": ""}, "end"),
    ],
)  # fmt: skip
def test_a_malformed_line_is_reported(path: Path, line: Any, message: str) -> None:
    """It is reported with its number before the footer is read."""
    content = line if isinstance(line, bytes) else json.dumps(line).encode()
    header = path.read_bytes().splitlines()[0]
    path.write_bytes(header + b"\n" + content + b"\n")
    with pytest.raises(MalformedObservations, match=message) as raised:
        read(path)
    assert "line 2:" in raised.value.why


@pytest.mark.parametrize(
    "header", [{}, [], {"cmdpoint": "observations"}, {"cmdpoint": "observations", "schema": 0}, {"schema": 1}]
)
def test_another_kind_of_file_is_reported(path: Path, header: Any) -> None:
    """The first line decides."""
    path.write_text(json.dumps(header) + "\n")
    with pytest.raises(MalformedObservations, match="line 1:"):
        read(path)


def test_text_behind_the_footer_is_reported(path: Path) -> None:
    """This happens if two files are concatenated."""
    path.write_bytes(path.read_bytes() * 2)
    with pytest.raises(MalformedObservations, match="after the footer"):
        read(path)


def test_what_cannot_be_read_is_reported(tmp_path: Path) -> None:
    """A missing file, a folder, and a path that no file can have are reported."""
    for path in (tmp_path / "none", tmp_path, Path("a\0b")):
        with pytest.raises(UnreadableObservations):
            read(path)


def test_the_faults_have_exit_codes_of_their_own() -> None:
    """No two classes of fault have the same exit code."""
    classes = [Fault]
    for each in classes:
        classes += each.__subclasses__()
    codes = [each.exit_code for each in classes]
    assert len(set(codes)) == len(codes)


def test_a_target_has_a_dialect() -> None:
    """It is the dialect of its engine, version, builder and runtime."""
    target = Target("docker", "20.10.24", "", "classic", "crun-1.8.1")
    assert target.dialect == Dialect.of("docker", "20.10.24", "classic", "crun-1.8.1")
    assert Target("docker", "20.10.24", "", "classic", "").dialect.runtime.startswith("runc")


def test_the_writer_counts_as_it_goes(tmp_path: Path) -> None:
    """Lines for new targets and for faults may stand between observations, and are not counted."""
    with ObservationWriter(tmp_path / "seen", HEADER) as writer:
        for each in LINES:
            writer.write(each)
    assert json.loads((tmp_path / "seen").read_bytes().splitlines()[-1])["observations"] == 2


SCHEMA_1 = """\
{"cmdpoint":"observations","schema":1,"date":"2026-11-25","seed":7,"places":{"docker-28.5.2/classic":\
{"engine":"docker","version":"28.5.2","store":"containerd","builder":"classic","runtime":"runc-1.3.6"}}}
{"place":"docker-28.5.2/buildkit","engine":"docker","version":"28.5.2","store":"","builder":"buildkit","runtime":""}
{"case":{"images":[{"name":"image","dockerfile":"FROM probe\\nCMD [\\"/a\\", \\"\\udcff\\"]\\n"}]},\
"cost":"observed",\
"places":["docker-28.5.2/classic","docker-28.5.2/buildkit"],\
"seen":{"process":{"argv":["/a","\\udcff"]},"codes":{"create":201,"start":204,"state":0}}}
{"harness_error":"the engine died\\n  why: \\udcff","places":["podman-5.4.2/buildah"]}
{"case":{"images":[{"name":"image","dockerfile":"FROM probe\\nCMD [\\"/a\\", \\"\\udcff\\"]\\n"}]},\
"cost":"planned",\
"places":["docker-28.5.2/classic"],\
"seen":{"refusal":{"stage":"create","kind":"no-command","image":"image"},"codes":{"create":400}}}
"""
"""The file of `path` as version 0.1 of cmdpoint wrote it, without its footer."""


def test_a_file_of_schema_1_is_read(tmp_path: Path) -> None:
    """Its keys are translated, and its digest is that of the lines as they are in the file."""
    path = tmp_path / "old.jsonl"
    path.write_text(SCHEMA_1)
    path.write_bytes(path.read_bytes() + footer_of(path))
    with ObservationReader(path) as reader:
        assert reader.header == HEADER
        assert list(reader) == [SEEN[0], ERROR, SEEN[1]]
        assert reader.targets == {**HEADER.targets, BUILDKIT: LEARNED[1]}
    path.write_bytes(path.read_bytes().replace(b'"cost":"planned"', b'"cost":"observed"'))
    with pytest.raises(Edited):
        read(path)
