"""`cmdpoint predict`: one line of output for each line of input, by the published schema."""

import io
import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import hypothesis
import jsonschema
import pytest
from hypothesis import strategies as st

from cmdpoint.__main__ import main
from cmdpoint.cli.predict_lines import Answers, schema
from cmdpoint.exit_codes import ExitCode
from cmdpoint.oracle import Dialect
from cmdpoint.oracle.refusals import Kind, Phase

DIALECT = Dialect.newest()
INPUT = jsonschema.Draft202012Validator(json.loads(schema("input")))
OUTPUT = jsonschema.Draft202012Validator(json.loads(schema("output")))

CASE = {
    "id": 7,
    "images": [
        {"name": "base", "dockerfile": 'FROM probe\nCMD ["/c"]\n'},
        {"name": "image", "dockerfile": 'FROM base\nENTRYPOINT ["/e"]\nSHELL ["/b"]\nONBUILD CMD x\n'},
    ],
    "run": {"Cmd": ["a"]},
}


def answers_to(*lines: object) -> list[dict[str, Any]]:
    """The answers to lines; bytes are sent as they are, other values as JSON."""
    encoded = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return [json.loads(line) for line in Answers(encoded, DIALECT)]


def test_a_prediction() -> None:
    """An answer has every key, with the whole prediction."""
    (answer,) = answers_to(CASE)
    assert {"FORM-1", "STATE-2", "ONB-2", "MERGE-2"} < set(answer.pop("rules"))
    assert answer == {
        "schema": 2,
        "id": 7,
        "config": {"Entrypoint": ["/e"], "Cmd": [], "Shell": ["/b"], "OnBuild": ["CMD x"]},
        "outcome": {"process": {"argv": ["/e", "a"]}},
        "codes": {"docker_run": 0, "state": 0, "create": 201, "start": 204},
    }


def test_the_schema_number() -> None:
    """A line may name the schema; one that names another is refused with both numbers."""
    answer, *others = answers_to({**CASE, "schema": 2}, {**CASE, "schema": 1}, {**CASE, "schema": "2"})
    assert answer == answers_to(CASE)[0]
    assert [other["id"] for other in others] == [7, 7]
    assert (
        "the line has schema 1, and this version of cmdpoint reads schema 2" in others[0]["error"]["message"]
    )
    assert others[1]["error"]["message"] == "schema is not a whole number"
    assert [INPUT.is_valid({**CASE, "schema": number}) for number in (2, 1, "2")] == [True, False, False]


def test_a_command_line() -> None:
    """The words after `docker run` are read, and its exit code is predicted."""
    (answer,) = answers_to({**CASE, "run": {"docker_run": ["--entrypoint", "nope", "IMAGE", "x"]}})
    assert answer["outcome"]["refusal"]["kind"] == "not-found"
    assert answer["codes"] == {"docker_run": 127, "state": 127, "create": 201, "start": 400}


def test_a_setting() -> None:
    """Settings that decide where a program is searched are part of a request."""
    run = {"Entrypoint": ["program"], "Env": ["PATH=/work"], "HostConfig": {"Init": True}}
    (answer,) = answers_to({**CASE, "run": run})
    assert answer["outcome"] == {"process": {"argv": ["program"]}}


@pytest.mark.parametrize(
    ("origin", "config"),
    [
        ({"commit": {"base": "base", "run": {"Cmd": ["x"]}}}, {"Cmd": ["x"]}),
        ({"commit": {"base": "base", "changes": ["ENTRYPOINT /e"]}}, {"Entrypoint": ["/bin/sh", "-c", "/e"]}),
        ({"import": {"changes": ['CMD ["y"]']}}, {"Cmd": ["y"]}),
        ({"import": {}}, {}),
        ({"load": {"config": '{"Entrypoint": ["/l"]}'}}, {"Entrypoint": ["/l"]}),
        ({"tag": {"base": "base"}}, {"Cmd": ["/c"]}),
    ],
)
def test_images_that_no_builder_made(origin: dict[str, Any], config: dict[str, Any]) -> None:
    """An image may be committed, imported, loaded, or tagged with another name."""
    line = {"images": [CASE["images"][0], {"name": "image", **origin}]}  # type: ignore[index]
    INPUT.validate(line)
    (answer,) = answers_to(line)
    if "changes" in origin.get("commit", {}):
        del answer["config"]["Cmd"]  # not what this test is about
    assert {key: words for key, words in answer["config"].items() if words} == config


def test_a_call_of_docker_py() -> None:
    """docker-py splits a string into words."""
    (answer,) = answers_to({**CASE, "run": {"docker_py": {"command": "a 'b c'", "entrypoint": ["/b"]}}})
    assert answer["outcome"] == {"process": {"argv": ["/b", "a", "b c"]}}


def test_a_base_that_no_image_can_be_is_malformed() -> None:
    """Only an image that can exist can be committed or tagged."""
    line = {"images": [{"name": "i", "tag": {"base": "b"}}]}
    assert "error" in answers_to({"images": [{"name": "i", "tag": {"base": "B"}}]})[0]
    assert "unknown" in answers_to(line)[0]["outcome"]
    (answer,) = answers_to({**line, "bases": {"b": {"Cmd": ["/b"]}}})
    assert answer["outcome"] == {"process": {"argv": ["/b"]}}


@pytest.mark.parametrize("bases", [{}, {"bases": {}}, {"bases": {"other": {}}}])
def test_an_unknown_base_is_unknown(bases: dict[str, Any]) -> None:
    """The config of an image that is not given is never assumed, with and without `bases`."""
    line = {"images": [{"name": "i", "dockerfile": 'FROM nginx\nCMD ["x"]\n'}], **bases}
    INPUT.validate(line)
    (answer,) = answers_to(line)
    OUTPUT.validate(answer)
    need = {"name": "nginx", "keys": ["Entrypoint", "OnBuild"]}
    assert answer["outcome"] == {"unknown": {"needs": [need]}}
    assert answer["config"]["unknown"]["needs"][0]["name"] == "nginx"
    assert set(answer["codes"].values()) == {None}
    assert "MERGE-2" not in answer["rules"]


def test_names_of_one_image_find_its_config() -> None:
    """The domain of Docker Hub, `library/`, `latest` and a digest do not matter."""
    digest = f"nginx@sha256:{'0' * 64}"
    for name in ("nginx", "nginx:latest", "docker.io/library/nginx", digest):
        line = {
            "images": [{"name": "i", "dockerfile": f"FROM {name}\n"}],
            "bases": {"nginx": {"Cmd": ["/b"]}},
        }
        assert answers_to(line)[0]["outcome"] == {"process": {"argv": ["/b"]}}


def test_what_the_base_does_not_decide_is_certain() -> None:
    """BuildKit does not build a stage that the last one does not need."""
    text = 'FROM probe AS one\nFROM nginx\nFROM one\nENTRYPOINT ["/e"]\n'
    (answer,) = answers_to({"images": [{"name": "i", "dockerfile": text}]})
    assert answer["outcome"] == {"process": {"argv": ["/e"]}}


def test_a_refusal() -> None:
    """A refusal has its phase, kind, line and image; the config is null."""
    (answer,) = answers_to({"images": [{"name": "i", "dockerfile": "FROM probe\nNOPE\n"}]})
    assert answer["config"] is None
    refusal = answer["outcome"]["refusal"]
    assert (refusal["phase"], refusal["kind"], refusal["line"]) == ("parse", "unknown-instruction", 2)
    assert refusal["image"] == "i"
    assert answer["rules"] == ["LEX-22"]


@pytest.mark.parametrize(
    ("run", "argv"),
    [
        ({}, ["/e", "/c"]),
        ({"Entrypoint": None}, ["/e", "/c"]),
        ({"Entrypoint": []}, ["/c"]),
        ({"Entrypoint": [""]}, None),
        ({"Entrypoint": [""], "Cmd": ["x"]}, ["x"]),
        ({"Cmd": []}, ["/e", "/c"]),
    ],
)
def test_shapes_of_a_request_are_distinguished(run: dict[str, Any], argv: list[str] | None) -> None:
    """A key may be absent, null, the empty list, or a list with one empty word."""
    text = 'FROM probe\nENTRYPOINT ["/e"]\nCMD ["/c"]\n'
    (answer,) = answers_to({"images": [{"name": "i", "dockerfile": text}], "run": run})
    assert answer["outcome"].get("process", {}).get("argv") == argv


def test_bases_targets_and_build_arguments() -> None:
    """The configs of bases, the target stage and the values of ARG take effect."""
    image = {
        "name": "i",
        "dockerfile": "ARG B\nFROM $B AS one\nFROM scratch\n",
        "target": "one",
        "build_args": {"B": "python:3"},
    }
    (answer,) = answers_to({"images": [image], "bases": {"python:3": {"Cmd": ["python3"], "OnBuild": None}}})
    assert answer["outcome"] == {"process": {"argv": ["python3"]}}


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b'{"id": 1}',
        b'{"id": 1, "images": []}',
        b'{"id": 1, "images": {}}',
        b'{"id": 1, "images": [{"name": "i"}]}',
        b'{"id": 1, "images": [{"name": "i", "dockerfile": "FROM probe", "x": 1}]}',
        b'{"id": 1, "images": [{"name": "i", "dockerfile": "FROM probe"}], "run": {"cmds": []}}',
        b'{"id": 1, "images": [{"name": "i", "dockerfile": "FROM probe"}], "run": []}',
        b'{"id": 1, "images": [{"name": "i", "commit": {"base": "probe", "run": {"Cmd": [1]}}}]}',
        b'{"id": 1, "images": [{"name": "i", "dockerfile": "FROM probe"}], "bases": {"b": []}}',
        b'{"id": 1, "images": [{"name": "i", "dockerfile": "FROM probe\\nCMD \\ud800"}]}',
        b'{"id": 1, "images": [{"name": "\\udfff", "dockerfile": "FROM probe"}]}',
        b'{"id": 1, "images": [{"name": "i", "dockerfile": "FROM x"}], "run": {"docker_run": ["\\ud800"]}}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_a_malformed_line_is_answered_and_nothing_stops(line: bytes) -> None:
    """The answer has the line's number, and its id if it can be read; the next line is predicted."""
    wrong, right = answers_to(b"\n", line, CASE)[-2:]
    assert wrong["error"]["line"] == 2
    assert wrong["error"]["message"]
    assert wrong["id"] == (1 if line.startswith(b'{"id"') else None)
    assert right["id"] == 7
    OUTPUT.validate(wrong)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_a_number_that_json_does_not_have_is_malformed(number: str) -> None:
    """Such a number is never in the output, which is JSON that any parser reads."""
    line = f'{{"id": {number}, "images": [{{"name": "i", "dockerfile": "FROM probe"}}]}}'.encode()
    written = [*Answers([line, json.dumps(CASE).encode()], DIALECT)]
    wrong, right = (json.loads(each, parse_constant=pytest.fail) for each in written)
    assert number in wrong["error"]["message"]
    assert right["id"] == 7


def test_half_a_surrogate_pair_in_a_request_is_read_as_go_reads_it() -> None:
    """As U+FFFD; seen on Docker 28.5.2 and Podman 5.4.2. In an id it is given back."""
    line = json.dumps({**CASE, "id": "\ud800", "run": {"Entrypoint": ["/a"], "Cmd": ["\ud800x", "\udcff"]}})
    (answer,) = answers_to(line.encode())
    assert answer["id"] == "\ud800"
    assert answer["outcome"]["process"]["argv"] == ["/a", "\ufffdx", "\ufffd"]


def test_any_text_is_answered() -> None:
    """Any line has one answer, which matches the schema."""
    words = st.none() | st.lists(st.text(max_size=3), max_size=2) | st.just("x")
    texts = st.text() | st.sampled_from(["FROM probe\nCMD x"])
    given = st.dictionaries(st.text(), st.text())
    images = st.fixed_dictionaries(
        {"name": st.sampled_from(["a", "b", ""]), "dockerfile": texts},
        optional={"target": st.none() | st.text(max_size=3), "build_args": given},
    )
    run = st.dictionaries(st.sampled_from(["Entrypoint", "Cmd", "x"]), words)
    records = st.fixed_dictionaries(
        {}, optional={"id": st.integers(), "images": st.lists(images, max_size=2), "run": run}
    )

    @hypothesis.given(records.map(json.dumps).map(str.encode) | st.binary())
    def explore(line: bytes) -> None:
        answers = list(Answers([line], DIALECT))
        assert len(answers) == (1 if line.strip() else 0)
        for answer in map(json.loads, answers):
            OUTPUT.validate(answer)
            assert ("error" in answer) == (not _matches_the_schema(line))

    explore()


def _matches_the_schema(line: bytes) -> bool:
    try:
        return INPUT.is_valid(json.loads(line.decode()))
    except (ValueError, RecursionError):
        return False


def test_the_schema_knows_every_kind() -> None:
    """It lists the kinds and phases of the code, except the kind that is never predicted."""
    refusal = json.loads(schema("output"))["oneOf"][0]["properties"]["outcome"]["oneOf"][1]
    properties = refusal["properties"]["refusal"]["properties"]
    assert set(properties["kind"]["enum"]) == set(get_args(Kind)) - {"unclassified"}
    assert properties["phase"]["enum"] == list(get_args(Phase))


def test_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads a file or standard input, with or without a dialect, and has an exit code for each fault."""
    file = tmp_path / "cases"
    file.write_text(json.dumps(CASE) + "\n")
    assert main(["predict", "--dialect", "docker-20.10.24/classic", str(file)]) == 0
    first = capsys.readouterr()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes() + b"x\n")))
    assert main(["predict"]) == ExitCode.MALFORMED_LINES
    second = capsys.readouterr()
    assert second.out.splitlines()[0] == first.out.strip()
    assert (first.err, second.err) == ("", "")
    assert main(["predict", "--dialect", "docker-1/x"]) == 44
    assert main(["predict", str(tmp_path / "none")]) == 40
    assert main(["predict", str(tmp_path)]) == 41
    assert main(["predict", "--dialect", "docker-99.0/buildkit", str(file)]) == 0
    assert "newer than every version" in capsys.readouterr().err
    assert main(["predict", "--schema", "input"]) == 0
    published = files("cmdpoint").joinpath("schema/predict-input.schema.json").read_text("utf-8")
    assert capsys.readouterr().out == published
