"""`cmdpoint dialect`: the list, one dialect, and the difference between two, as text and as JSON."""

import json
from typing import Any, get_args

import jsonschema
import pytest

from cmdpoint.__main__ import main
from cmdpoint.dialects.as_json import schema
from cmdpoint.oracle import Dialect
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.changes import decision
from cmdpoint.oracle.dialect.data import dialect_data, version_number
from cmdpoint.oracle.dialect.known import known_dialects, runtime_dialects
from cmdpoint.oracle.dialect.values import RuntimeName

SCHEMA = jsonschema.Draft202012Validator(json.loads(schema()))


def output(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    """What the command prints."""
    assert main(["dialect", *words]) == status
    return capsys.readouterr().out


def data(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> dict[str, Any]:
    """What the command prints as JSON, which matches the schema."""
    found: dict[str, Any] = json.loads(output(capsys, *words, "--format", "json", status=status))
    SCHEMA.validate(found)
    return found


def test_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a name, the command lists every builder with the versions that changed its behaviour."""
    lines = output(capsys).split("\n")
    (line,) = (line for line in lines if line.startswith("docker/buildkit"))
    assert line.split()[1:4] == ["20.10,", "20.10.10,", "23.0,"]
    assert any(line.startswith("crun") for line in lines)
    assert "Newest verified versions: docker 29.7.2, podman 6.1.1" in lines
    names = [each["name"] for each in data(capsys)["dialects"]]
    assert names == [str(each) for each in known_dialects()]


def test_one_dialect(capsys: pytest.CaptureFixture[str]) -> None:
    """Each behaviour is printed with its value, its meaning, and the row that decided it with its source."""
    text = output(capsys, "28.5")
    assert text.startswith("docker-28.5.2/buildkit\n")
    start = text.index('\ntrailing_text: "shell form"\n')
    paragraph = text[start : text.index("\n\n", start + 1)]
    assert behaviours()["trailing_text"].meaning in " ".join(paragraph.split())
    assert "docker since 27.1: moby/buildkit 80518e257, vendored in 27.1.0" in paragraph
    assert text.count("\n\n") == len(behaviours())
    entries = data(capsys, "Docker 28.5.2")["behaviours"]
    assert entries["trailing_text"]["decided_by"] == {
        "target": "docker",
        "since": "27.1",
        "source": "moby/buildkit 80518e257, vendored in 27.1.0; observed in 28.5.2",
    }
    assert entries["failed_exec_code"]["decided_by"]["target"] == "runc"
    assert entries["start_codes"]["value"]["folder"] == [400, 126, 126]


def test_a_difference(capsys: pytest.CaptureFixture[str]) -> None:
    """Only what differs is shown, before and after, with the version that changed it."""
    text = output(capsys, "27.0", "--diff", "27.1", status=3)
    assert "3 behaviours differ." in text
    assert '"ignored" → "shell form"' in text
    assert "changed in 27.1: moby/buildkit 80518e257" in text
    assert "bare_cmd" not in text
    found = data(capsys, "docker-20.10.24", "--diff", "docker-28.5.2/classic", status=3)
    assert (found["from"]["name"], found["to"]["builder"]) == ("docker-20.10.24/classic", "classic")
    assert [each["version"] for each in found["behaviours"]["substitutions"]["versions"]] == [
        "25.0",
        "26.0",
        "27.3",
    ]


def test_no_difference(capsys: pytest.CaptureFixture[str]) -> None:
    """A dialect does not differ from itself, however its name is written."""
    assert "No behaviour differs." in output(capsys, "docker", "--diff", "v29.7.2/buildkit")
    assert data(capsys, "docker", "--diff", "29")["behaviours"] == {}


@pytest.mark.parametrize("words", [["dokcer-28"], ["docker", "--diff", "dokcer-28"]])
def test_an_unknown_dialect(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Three lines say what is wrong, which name is nearest, and what to do."""
    assert main(["dialect", *words]) == 44
    lines = capsys.readouterr().err.rstrip("\n").split("\n")
    assert len(lines) == 3
    assert lines[0] == "cmdpoint: there is no dialect 'dokcer-28'"
    assert "docker-28.5.2" in lines[1]


def test_a_wrong_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """`--diff` needs two dialects."""
    with pytest.raises(SystemExit) as error:
        main(["dialect", "--diff", "docker"])
    assert error.value.code == 2
    assert "--diff needs the NAME" in capsys.readouterr().err


def test_the_schema_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """`--schema` prints the schema and nothing else."""
    assert json.loads(output(capsys, "--schema")) == SCHEMA.schema


@pytest.mark.parametrize("dialect", [*known_dialects(), *runtime_dialects()], ids=str)
def test_the_row_that_decided_a_value_holds_it(dialect: Dialect) -> None:
    """The row that is reported has the value, and no later row of that target sets the behaviour again."""
    for name in behaviours():
        if name == "start_codes":
            continue
        row = decision(dialect, name)
        engine, _, builder = row.target.partition("/")
        engine, _, store = engine.partition("+")
        rows = [
            each
            for each in (*dialect_data()["row"], *dialect_data()["runtime"])
            if name in each
            and (each.get("engine") or each.get("name")) == engine
            and (each.get("builder", ""), each.get("store", "")) == (builder, store)
            and each["since"] == row.since
        ]
        value = getattr(dialect, name)
        assert [list(value) if isinstance(value, tuple) else value] == [each[name] for each in rows]
        version = dialect.runtime.partition("-")[2] if engine in get_args(RuntimeName) else dialect.version
        assert version_number(row.since) <= version_number(version)
