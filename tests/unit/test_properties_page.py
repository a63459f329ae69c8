"""PROPERTIES.md lists every property test, and each of its links leads to an existing test."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

LISTED = set(re.findall(r"\[(test_\w+)\]\((tests/[\w/]+\.py)\)", (ROOT / "PROPERTIES.md").read_text("utf-8")))


def test_every_link_leads_to_a_test() -> None:
    """Each name is that of a test function in the linked file."""
    assert LISTED
    assert {(name, path) for name, path in LISTED if name not in names_in(path)} == set()


def test_every_property_test_is_listed() -> None:
    """Every test of tests/conformance, and every test of tests/unit that generates its cases."""
    conformance = {(name, path) for path in files("conformance") for name in names_in(path)}
    unit = {
        (test.name, path) for path in files("unit") for test in functions_of(path) if generates_cases(test)
    }
    assert (conformance | unit) - LISTED == set()


def files(folder: str) -> list[str]:
    """The test files of a folder of tests, relative to the root."""
    return [path.relative_to(ROOT).as_posix() for path in (ROOT / "tests" / folder).glob("test_*.py")]


def functions_of(path: str) -> Iterator[ast.FunctionDef]:
    """The test functions of a file, including methods of classes."""
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def names_in(path: str) -> set[str]:
    """The names of a file's tests, or none if the file does not exist."""
    return {test.name for test in functions_of(path)} if (ROOT / path).is_file() else set()


def generates_cases(test: ast.FunctionDef) -> bool:
    """Whether a test, or a function inside it, is decorated with Hypothesis' `given`."""
    functions = [node for node in ast.walk(test) if isinstance(node, ast.FunctionDef)]
    return any(
        re.search(r"\bgiven\(", ast.unparse(mark)) for each in functions for mark in each.decorator_list
    )
