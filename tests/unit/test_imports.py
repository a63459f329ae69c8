"""Imports point one way, and the oracle needs nothing but the standard library."""

import ast
import os
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LAYERS = {
    "oracle": set(),
    "spec": {"oracle"},
    # Of the oracle: values, the probe and the newest verified versions. Live code never predicts.
    "engines": {
        "exit_codes",
        "oracle.case",
        "oracle.clients.docker_run",
        "oracle.dialect.data",
        "oracle.dialect.names",
        "oracle.files",
        "oracle.images.probe",
        "oracle.outcome",
        "oracle.refusals",
    },
    # A fault is only text, so code that catches one to print it need not import the code that raises it.
    "observations": {"exit_codes", "oracle", "spec", "engines.faults"},
    "machines": {"spec", "engines"},
    "report": {
        "oracle",
        "spec",
        "engines.faults",
        "engines.probe",
        "observations",
        "machines.chart",
        "machines.claims",
        "machines.measured",
        "machines.records",
        "machines.table",
    },
    "cli": {
        "settings",
        "exit_codes",
        "oracle",
        "spec",
        "engines",
        "observations",
        "bases",
        "command_lines",
        "findings",
    },
    "bases": {"exit_codes", "oracle", "engines"},
    "command_lines": {"exit_codes", "oracle", "engines.faults"},
    "findings": {"oracle", "bases"},
    "checks": {"exit_codes", "oracle", "spec", "engines.faults", "bases", "cli", "findings", "settings"},
    "api": {"oracle", "engines.faults", "bases", "cli", "upgrade"},
    "characterise": {"oracle", "spec", "engines", "observations", "upgrade.change_text"},
    "dialects": {"oracle", "upgrade.change_text"},
    "upgrade": {"oracle", "spec", "engines", "bases", "cli", "findings"},
    "diff": {"oracle", "bases", "cli", "upgrade"},
    "conformance": {"exit_codes", "oracle", "spec", "engines", "observations", "report"},
    "commands": {
        "dispatch",
        "exit_codes",
        "settings",
        "oracle",
        "spec",
        "engines",
        "observations",
        "report",
        "cli",
        "bases",
        "checks",
        "characterise",
        "dialects",
        "upgrade",
        "conformance",
        "diff",
        "machines",
    },
}
"""The modules of cmdpoint that each folder of the package may import, besides itself."""

ORACLE = [
    *(
        "dialect",
        "refusals",
        "files",
        "first_bytes",
        "lookup",
        "accounts",
        "folders",
        "case",
        "outcome",
        "trace",
        "comparison",
        "memory",
    ),
    *("dockerfile", "build", "clients", "container", "images", "predict", "prediction_cache"),
    *("explain", "interchange"),
]
"""The folders and modules of the oracle in order: values, then from text to outcome, then presentation."""

THIRD_PARTY = {
    "spec": {"markdown_it"},
    "bases": {"docker", "requests"},
    "engines": {"docker", "requests"},
    "report": {"markdown_it"},
    "machines": {"markdown_it"},
    "conformance": {"_pytest", "docker", "hypothesis", "pytest"},
    "commands": {"pytest", "shtab"},
}
"""The third-party packages that a folder may import; a folder that is not listed may import none."""


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """The nodes of a file's syntax tree that import something or define a function."""
    wanted = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef)
    return tuple(node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, wanted))


@cache
def imports(path: Path) -> set[str]:
    """The modules that a file imports, also inside functions."""
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            assert node.module is not None
            known = (ROOT / node.module.replace(".", "/")).is_dir()
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if known else {node.module}
    return found


def files(folder: str) -> list[Path]:
    """The files of a folder of the package, through its links to folders at the top of the repository."""
    walk = os.walk(ROOT / "cmdpoint" / folder, followlinks=True)
    return sorted(Path(at, name) for at, _, names in walk for name in names if name.endswith(".py"))


def module_of(path: Path) -> str:
    """The name that a file of the package is imported by."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_the_linked_folders_are_checked() -> None:
    """The conformance tests and the strategies are installed too, so the same rules hold for them."""
    found = {path.relative_to(ROOT / "cmdpoint/conformance") for path in files("conformance")}
    assert {Path("tests/test_spec.py"), Path("strategies/cases.py")} <= found


@pytest.mark.parametrize("folder", LAYERS)
def test_imports_point_one_way(folder: str) -> None:
    """A folder imports only those modules of cmdpoint that `LAYERS` allows."""
    assert files(folder)
    allowed = [f"cmdpoint.{name}" for name in LAYERS[folder] | {folder}]
    for path in files(folder):
        ours = {name for name in imports(path) if name.split(".")[0] == "cmdpoint"}
        wrong = {
            name for name in ours if not any(name == root or name.startswith(f"{root}.") for root in allowed)
        }
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


@pytest.mark.parametrize("name", ORACLE)
def test_the_oracle_flows_one_way(name: str) -> None:
    """A folder or module of the oracle imports itself and those before it."""
    allowed = set(ORACLE[: ORACLE.index(name) + 1])
    for path in files(f"oracle/{name}") or [ROOT / "oracle" / f"{name}.py"]:
        of_oracle = {each.split(".")[2] for each in imports(path) if each.startswith("cmdpoint.oracle.")}
        assert of_oracle <= allowed, f"{path.relative_to(ROOT)} imports {of_oracle - allowed}"


def test_the_oracle_has_no_other_folder() -> None:
    """Every folder and module of the oracle is in that order."""
    found = {path.stem for path in (ROOT / "oracle").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert found - {"__init__", "__pycache__"} == set(ORACLE)


def test_no_modules_import_each_other() -> None:
    """The modules of the package have no import cycle."""
    graph: dict[str, set[str]] = {}
    for folder in LAYERS:
        for path in files(folder):
            name = module_of(path)
            graph[name] = {each for each in imports(path) if each.split(".")[0] == "cmdpoint"}
    modules = {
        name: {each if each in graph else each.rpartition(".")[0] for each in needed} - {name}
        for name, needed in graph.items()
    }
    TopologicalSorter(modules).prepare()  # raises CycleError, with the modules


def test_every_folder_has_a_layer() -> None:
    """Every folder of the package is in `LAYERS`."""
    folders = {path.name for path in (ROOT / "cmdpoint").iterdir() if (path / "__init__.py").exists()}
    assert folders == set(LAYERS)


def test_nothing_is_imported_by_a_bare_name() -> None:
    """`oracle` and `spec` are imported as `cmdpoint.oracle` and `cmdpoint.spec`, as in the wheel."""
    bare = {path.name for path in (ROOT / "cmdpoint").iterdir() if path.is_dir()}
    for path in [*files("."), *(ROOT / "tests").rglob("*.py")]:
        wrong = {name for name in imports(path) if name.split(".")[0] in bare}
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


@pytest.mark.parametrize("folder", LAYERS)
def test_third_parties_are_few(folder: str) -> None:
    """A folder imports only the third-party packages that `THIRD_PARTY` allows."""
    for path in files(folder):
        roots = {name.split(".")[0] for name in imports(path)}
        wrong = roots - {"cmdpoint"} - THIRD_PARTY.get(folder, set()) - sys.stdlib_module_names
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def test_modules_stay_small() -> None:
    """No module has more than 300 lines."""
    for folder in ("cmdpoint", "oracle", "spec", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            lines = len(path.read_text("utf-8").splitlines())
            assert lines <= 300, f"{path.relative_to(ROOT)} has {lines} lines"


def test_functions_stay_short() -> None:
    """No function has more than 40 lines; docstrings of the API, which are its reference, do not count."""
    for folder in ("cmdpoint", "oracle", "spec", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in nodes(path):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    lines = (node.end_lineno or 0) - node.lineno + 1
                    if path.is_relative_to(ROOT / "cmdpoint/api"):
                        lines -= len((ast.get_docstring(node) or "").splitlines())
                    where = f"{path.relative_to(ROOT)}:{node.lineno}"
                    assert lines <= 40, f"{node.name} at {where} has {lines} lines"
