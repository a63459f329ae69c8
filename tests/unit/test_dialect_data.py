"""The data files of dialects: every kind of wrong row is rejected with its file, row and line."""

from dataclasses import fields
from importlib.resources import files
from typing import Literal, get_args, get_origin

import pytest

from cmdpoint.oracle.clients.run_options import RUN_OPTIONS
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.data import load
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.oracle.dialect.validation import DialectDataError
from cmdpoint.oracle.dialect.values import Behaviours
from cmdpoint.spec.rules import all_rules

TEXT = files("cmdpoint.oracle.dialect").joinpath("dialects.toml").read_text("utf-8")

ROW = """\
[[row]]
engine = "docker"
builder = "buildkit"
since = "99.0"
"""


def problem(text: str) -> str:
    """The only problem of a text."""
    with pytest.raises(DialectDataError) as error:
        load(text, "copy.toml")
    (found,) = error.value.problems
    return found


def line_of(text: str, part: str) -> int:
    """The number of the only line that begins with some text."""
    (number,) = (number for number, line in enumerate(text.split("\n"), 1) if line.startswith(part))
    return number


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            'cmd_counts_as_set = "allways"',
            "'allways' is not a value of cmd_counts_as_set; did you mean 'always'?",
        ),
        ('cmd_count_as_set = "always"', "cmd_count_as_set is not a behaviour or another key; did you mean"),
        ("bare_cmd = true", "True is not a value of bare_cmd; the values are"),
        (
            'directives = ["escape", "sintax"]',
            "'sintax' is not a value of directives; did you mean 'syntax'?",
        ),
        ('directives = "escape"', "directives is 'escape', and must be a list"),
        ('substitutions = [":="]', "':=' is not a value of substitutions"),
        ('unchecked_flags = ["RUM"]', "'RUM' is not a value of unchecked_flags; did you mean 'RUN'?"),
        ('predefined_arguments = ["TARGETOS "]', "did you mean 'TARGETOS'?"),
        ("unknown_run_options = [1]", "unknown_run_options is 1, and must be a string"),
        ('longest_line = "65535"', "longest_line is '65535', and must be an integer"),
        ("longest_line = true", "longest_line is True, and must be an integer"),
        ("init_codes = [1, 2]", "init_codes has 2 members, and must have 3"),
        ('store = "containerdd"', "'containerdd' is not a value of store; did you mean 'containerd'?"),
        (
            'runtime = "runcc-1.1"',
            "'runcc-1.1' is not a runtime with its version, such as runc-1.1.5; did you",
        ),
        ('runtime = "runc"', "'runc' is not a runtime with its version"),
        ("source = 5", "source is 5, and must be a string"),
        ('relative_path = "found"', "relative_path is a behaviour of a runtime; set it in a [[runtime]] row"),
    ],
)
def test_a_wrong_line_of_a_row(line: str, message: str) -> None:
    """The message says what is wrong, in which row and line, and which name is nearest."""
    text = f"{TEXT}\n{ROW}{line}\n"
    found = problem(text)
    assert found.startswith(f"copy.toml:{text.count(chr(10))}: [[row]] docker buildkit")
    assert message in found


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            '[[row]]\nengine = "dokcer"\nsince = "1.0"\n',
            "'dokcer' is not a value of engine; did you mean 'docker'?",
        ),
        ('[[row]]\nengine = "docker"\nbuilder = "clasic"\nsince = "1.0"\n', "did you mean 'classic'?"),
        ('[[row]]\nsince = "1.0"\n', "engine is missing"),
        ('[[row]]\nengine = "docker"\n', "since is missing"),
        (
            '[[row]]\nengine = "docker"\nsince = "28.x"\n',
            "since is '28.x', which is not a version such as 28.5.2",
        ),
        (
            '[[runtime]]\nname = "runk"\nsince = "1.0"\n',
            "'runk' is not a value of name; did you mean 'runc'?",
        ),
        (
            '[[runtime]]\nname = "runc"\nsince = "1.9"\nbare_cmd = "no text"\n',
            "bare_cmd is not a behaviour or",
        ),
        (
            '[[runtime]]\nname = "runc"\nsince = "1.9"\n[runtime.docker_start]\nnot-fond = [1, 2, 3]\n',
            "'not-fond' is not a value of docker_start; did you mean 'not-found'?",
        ),
        (
            '[[runtime]]\nname = "runc"\nsince = "1.9"\n[runtime.docker_start]\nnot-found = [1, 2]\n',
            "docker_start.not-found has 2 members, and must have 3",
        ),
        ("[[rows]]\nsince = '1'\n", "rows is not a behaviour or another key; did you mean 'row'?"),
    ],
)
def test_a_wrong_row(row: str, message: str) -> None:
    """Wrong names of engines, builders, runtimes and tables are rejected too."""
    assert message in problem(f"{TEXT}\n{row}")


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('verified = ["20.10.5"', "verified = [5", "verified is 5, and must be a string"),
        ('stores = { containerd = "25.0" }', 'stores = { container = "25.0" }', "did you mean 'containerd'?"),
        ("[engine.docker]", "[engine.doker]", "'doker' is not a value of engine; did you mean 'docker'?"),
    ],
)
def test_a_wrong_engine(right: str, wrong: str, message: str) -> None:
    """The tables of engines are checked like rows."""
    text = TEXT.replace(right, wrong, 1)
    assert message in problem(text)
    assert problem(text).startswith(f"copy.toml:{line_of(text, wrong)}: ")


def test_every_problem_is_listed() -> None:
    """Several problems are reported together."""
    with pytest.raises(DialectDataError) as error:
        load(f'{TEXT}\n{ROW}bare_cmd = "x"\nbare_entrypoint = "y"\n', "copy.toml")
    assert len(error.value.problems) == 2
    assert str(error.value).count("\n") == 1


def test_every_behaviour_has_a_meaning() -> None:
    """`behaviours.toml` explains each field and each of its values, and names rules that exist."""
    types = {field.name: field.type for field in fields(Behaviours)}
    assert set(behaviours()) == set(types)
    for name, behaviour in behaviours().items():
        assert behaviour.rules, name
        assert set(behaviour.rules) <= set(all_rules()), name
        if get_origin(types[name]) is Literal:
            for value in get_args(types[name]):
                assert f'"{value}"' in behaviour.meaning, f"{name}: {value} is not explained"


def test_unknown_options_are_options() -> None:
    """An option that a client does not know is an option of some version of it."""
    for dialect in known_dialects():
        known = RUN_OPTIONS[dialect.engine]
        options = {*known.switches, *known.valued, *known.short}
        assert set(dialect.unknown_run_options) <= options


def test_a_change_is_introduced_without_other_values() -> None:
    """A meaning that has more than two values is not shown above a change; its subject has no value."""
    types = {field.name: field.type for field in fields(Behaviours)}
    assert len(behaviours()) > 100
    for name, behaviour in behaviours().items():
        values = get_args(types[name])
        several = len(values) > 2 and all(isinstance(value, str) for value in values)
        assert several == (behaviour.subject != behaviour.meaning), name
        assert '"' not in behaviour.subject or not several, name
        assert len(behaviour.subject) < 120 or not several, name
