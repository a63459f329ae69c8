"""The public API at `import cmdpoint`: its examples, unknown outcomes, and how much an import loads."""

import doctest
import inspect
import subprocess
import sys
from importlib import import_module
from itertools import product
from pathlib import Path

import pytest

import cmdpoint

ROOT = Path(__file__).parents[2]

BOTH = 'ENTRYPOINT ["node"]\nCMD ["server.js"]\n'


@pytest.mark.parametrize("name", ["cmdpoint", "cmdpoint.api.prediction", "cmdpoint.api.comparison"])
def test_examples(name: str) -> None:
    """Every example in the documentation of the API prints what it shows."""
    done = doctest.testmod(import_module(name))
    assert done.attempted
    assert not done.failed


def test_everything_public_exists() -> None:
    """Each name in `__all__` is an attribute of the package, and no other name is."""
    assert all(getattr(cmdpoint, name) is not None for name in cmdpoint.__all__)
    with pytest.raises(AttributeError, match="prediction"):
        cmdpoint.prediction  # type: ignore[attr-defined]  # noqa: B018 - unused if mypy accepted any attribute


def test_every_function_documents_its_arguments() -> None:
    """Each argument of a function is in its docstring."""
    for function in (cmdpoint.predict, cmdpoint.explain, cmdpoint.compare, cmdpoint.compare_files):
        text = inspect.getdoc(function) or ""  # Python 3.13 removes the indentation from docstrings itself
        assert all(f"\n    {name}: " in text for name in function.__annotations__ if name != "return")


def test_import_is_cheap() -> None:
    """`import cmdpoint` loads none of its own modules; a prediction loads no dependency."""
    code = (
        "import sys, cmdpoint; print(*sys.modules); cmdpoint.compare('FROM x', 'docker-26', 'docker-28');"
        "print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    imported, used = (set(line.split()) for line in run.stdout.splitlines())
    assert not {name for name in imported if name.startswith("cmdpoint.")}
    assert not used & {"docker", "pytest", "hypothesis", "markdown_it", "requests"}


@pytest.mark.parametrize(
    ("below", "keys"),
    [
        ("", ("Entrypoint", "Cmd", "OnBuild")),
        ("CMD node server.js\n", ("Entrypoint", "Shell", "OnBuild")),
        ('CMD ["node"]\n', ("Entrypoint", "OnBuild")),
        # An ENTRYPOINT resets the Cmd of the base, but not one that a trigger of the base sets.
        ('ENTRYPOINT ["node"]\n', ("OnBuild",)),
        ("ENTRYPOINT node\n", ("Shell", "OnBuild")),
        ('SHELL ["/bin/sh", "-c"]\nENTRYPOINT []\nCMD node\n', ()),
        (BOTH, ()),
    ],
)
def test_what_a_base_decides(below: str, keys: tuple[cmdpoint.Key, ...]) -> None:
    """For a base that is not given, the outcome needs the keys that the Dockerfile does not set itself."""
    outcome = cmdpoint.predict(f"FROM node:22\n{below}").outcome
    needs = outcome.needs if isinstance(outcome, cmdpoint.Unknown) else ()
    assert needs == ((cmdpoint.UnknownBase("node:22", keys),) if keys else ())


def test_arguments_can_make_an_outcome_certain() -> None:
    """With `--entrypoint`, no key of the base decides what runs."""
    result = cmdpoint.predict("FROM node:22\n", ["-v"], entrypoint="node")
    assert isinstance(result.outcome, cmdpoint.Process)
    assert result.outcome.argv == ("node", "-v")
    assert isinstance(result.config, cmdpoint.Unknown)


def test_only_bases_that_matter_are_needed() -> None:
    """The base of a stage from which files are copied decides nothing."""
    text = "FROM golang AS build\nFROM alpine\nCOPY --from=build /app /app\nCMD app\n"
    for dialect in ("docker", "docker-20.10.24/classic", "podman"):
        assert [base.name for base in cmdpoint.predict(text, dialect=dialect).needs] == ["alpine"]


def test_unknown_is_never_equal() -> None:
    """Two unknown outcomes do not compare equal, even for the same Dockerfile."""
    one, other = (cmdpoint.predict("FROM node:22").outcome for _ in range(2))
    assert one != other


def test_a_given_base_makes_an_outcome_certain() -> None:
    """A base is given as a value or as decoded JSON, with the same result."""
    data = {"Entrypoint": ["run"], "Cmd": None, "Env": ["A=b"]}
    inspected: list[object] = [{"Id": "sha256:1", "Config": data}]
    for base in (data, {"Config": data}, inspected, cmdpoint.ImageConfig(entrypoint=("run",))):
        result = cmdpoint.predict('FROM a\nCMD ["x"]', bases={"a": base})
        assert not result.needs
        assert result.outcome == cmdpoint.Process(("run", "x"))


def test_a_case_is_predicted_with_its_own_request() -> None:
    """A case is predicted with its own images and request, and its base is unknown as well."""
    image = cmdpoint.Image("app", 'FROM node:22\nENTRYPOINT ["x"]\nCMD ["y"]\n')
    result = cmdpoint.predict(cmdpoint.Case((image,), cmdpoint.Request(cmd=("z",))))
    assert result.outcome == cmdpoint.Process(("x", "z"))
    assert "MERGE-14" not in result.prediction.rules


def test_errors() -> None:
    """Wrong arguments raise the exceptions that the documentation lists."""
    with pytest.raises(cmdpoint.UnknownDialect, match="nearest: docker-"):
        cmdpoint.predict("FROM a", dialect="dokcer-28")
    with pytest.raises(cmdpoint.BadBase, match="Cmd is neither null nor a list of strings"):
        cmdpoint.predict("FROM a", bases={"a": {"Cmd": "sh"}})
    with pytest.raises(cmdpoint.BadBase, match="there is no key entrypoint; the nearest is Entrypoint"):
        cmdpoint.predict("FROM a", bases={"a": {"entrypoint": ["sh"]}})
    with pytest.raises(cmdpoint.BadBase, match="it describes a container"):
        cmdpoint.predict("FROM a", bases={"a": {"State": {}, "Path": "/a", "Config": {"Cmd": ["/a"]}}})
    with pytest.raises(TypeError, match="list of words"):
        cmdpoint.predict("FROM a", "ls -l")
    with pytest.raises(TypeError, match="its own arguments"):
        cmdpoint.predict(cmdpoint.Case(()), target="x")


def test_a_difference_that_no_base_decides() -> None:
    """Where two dialects read an instruction differently, the verdict is certain, whatever the base is."""
    text = 'FROM node:22\nENTRYPOINT ["node"]\nCMD ["x"]  # comment\n'
    changed = cmdpoint.compare(text, "docker-26.1.5", "docker-28.5.2")
    assert (changed.verdict, changed.kind, changed.needs) == ("different", "runs", ())
    assert [(cause.rule, cause.line) for cause in changed.causes] == [("FORM-2", 3)]
    assert cmdpoint.compare(f"FROM node:22\n{BOTH}", "docker-26.1.5", "docker-28.5.2").verdict == "same"


def test_a_trigger_that_is_not_known_may_be_read_differently() -> None:
    """Two dialects that agree about a shell form do not agree about every trigger of the base."""
    same = cmdpoint.compare("FROM node:22\nCMD node x\n", "docker-28.5.2", "docker-28.5.2/classic")
    assert same.verdict == "unknown"
    assert [base.name for base in same.needs] == ["node:22"]
    assert not same.causes


def test_a_tree_is_compared(tmp_path: Path) -> None:
    """Each Dockerfile of a tree is compared; a file that cannot be read is a fault, raised or handed over."""
    (tmp_path / "Dockerfile").write_text(f"FROM node:22\n{BOTH}", "utf-8")
    (tmp_path / "Dockerfile.bad").write_bytes(b"FROM \xff")
    faults: list[cmdpoint.Fault] = []
    found = [*cmdpoint.compare_files(tmp_path, "docker-26", "podman-5", on_fault=faults.append)]
    assert [each.file for each in found] == [str(tmp_path / "Dockerfile")]
    assert len(faults) == 1
    with pytest.raises(cmdpoint.Fault, match="not UTF-8"):
        list(cmdpoint.compare_files(tmp_path, "docker-26", "podman-5"))


TEXTS = (
    "FROM a\n",
    "FROM a\nCMD x\n",
    'FROM a\nENTRYPOINT ["x"]\n',
    'FROM a\nENTRYPOINT ["x"]\nCMD ["y"]\n',
    "FROM a\nENTRYPOINT x\n",
    'FROM a AS b\nSHELL ["s"]\nFROM b\nCMD x\n',
    'FROM a\nCMD ["x"] # comment\n',
)
CONFIGS = tuple(
    cmdpoint.ImageConfig(entrypoint, cmd, shell, triggers)
    for entrypoint, cmd, shell, triggers in product(
        [(), ("e",), ("",)],
        [(), ("c", "d")],
        [(), ("s", "-x")],
        [(), ('CMD ["t"] # comment',), ('SHELL ["u"]',)],
    )
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "engines",
    [
        ("docker-26.1.5", "docker-28.5.2"),
        ("docker-20.10.24/classic", "docker-28.5.2"),
        ("docker-28.5.2", "podman-5.4.2"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("text", TEXTS)
def test_what_is_certain_holds_for_every_base(text: str, engines: tuple[str, str]) -> None:
    """No config of the base changes an outcome or a verdict that is certain without it."""
    outcomes = [cmdpoint.predict(text, dialect=name).outcome for name in engines]
    verdict = cmdpoint.compare(text, *engines).verdict
    for config in CONFIGS:
        for name, outcome in zip(engines, outcomes, strict=True):
            if not isinstance(outcome, cmdpoint.Unknown):
                assert cmdpoint.predict(text, dialect=name, bases={"a": config}).outcome == outcome
        if verdict != "unknown":
            assert cmdpoint.compare(text, *engines, bases={"a": config}).verdict == verdict
