"""Imports point one way, and the oracle needs nothing but the standard library."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ALLOWED = {
    "oracle": set(),
    "spec": {"oracle"},
    "engines": {
        "oracle.files",
        "oracle.model",
        "oracle.outcome",
        "oracle.probe",
        "oracle.command_line",
        "oracle.kinds",
    },
    # The faults are words alone: whoever catches one for a person need not ask who raised it.
    "report": {"oracle", "spec", "engines.probe", "engines.faults"},
    "cmdpoint": {"oracle", "spec", "engines", "report"},
}
"""What of ours each package may import, besides itself."""

THIRD_PARTY = {
    "oracle": set(),
    "spec": {"markdown_it"},
    "engines": {"docker", "requests"},
    "report": {"markdown_it"},
    "cmdpoint": set(),
}
"""What of others' each package may import."""


def imports(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            assert node.module is not None
            known = (ROOT / node.module.replace(".", "/")).is_dir()
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if known else {node.module}
    return found


def files(package: str) -> list[Path]:
    """The files of a package."""
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", ALLOWED)
def test_imports_point_one_way(package: str) -> None:
    """A package imports of ours only what stands below it."""
    assert files(package)
    may = ALLOWED[package] | {package}
    for path in files(package):
        ours = {name for name in imports(path) if name.split(".")[0] in ALLOWED}
        wrong = {
            name for name in ours if not any(name == root or name.startswith(f"{root}.") for root in may)
        }
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


@pytest.mark.parametrize("package", THIRD_PARTY)
def test_third_parties_are_few(package: str) -> None:
    """A package imports of others only what it is for."""
    for path in files(package):
        roots = {name.split(".")[0] for name in imports(path)}
        wrong = roots - set(ALLOWED) - THIRD_PARTY[package] - sys.stdlib_module_names
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def test_modules_stay_small() -> None:
    """No module grows above 300 lines."""
    for package in (*ALLOWED, "tests"):
        for path in files(package):
            lines = len(path.read_text("utf-8").splitlines())
            assert lines <= 300, f"{path.relative_to(ROOT)} has {lines} lines"
