"""The code of the oracle in parts that can be changed one at a time: functions and constants."""

import ast
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Final

import cmdpoint.oracle
from tests.mutants.sites import Lines

PACKAGE: Final = "cmdpoint.oracle"

ORACLE: Final = Path(cmdpoint.oracle.__file__).parent
"""The folder, by the name that tracebacks give it."""

PREDICTING: Final = (".", "build", "build/buildah", "clients", "container", "dockerfile", "images")
"""The folders whose code makes predictions: neither the data of the dialects nor what shows a prediction."""

_NOT_PREDICTING: Final = ("comparison.py", "memory.py", "trace.py", "outcome.py", "__init__.py")


@dataclass(frozen=True, slots=True)
class Part:
    """A function, or a constant of a module.

    Attributes:
        file: The file, from the root of the project.
        module: The module.
        name: The name in the module, such as `Class.method`.
        node: Its syntax tree.
    """

    file: str
    module: ModuleType
    name: str
    node: ast.FunctionDef | ast.Assign | ast.AnnAssign

    @property
    def lines(self) -> Lines:
        """Its lines."""
        return range(self.node.lineno, (self.node.end_lineno or self.node.lineno) + 1)

    @property
    def is_function(self) -> bool:
        """Whether it is a function."""
        return isinstance(self.node, ast.FunctionDef)


def files() -> list[Path]:
    """The files whose code makes predictions."""
    found = (path for folder in PREDICTING for path in sorted((ORACLE / folder).glob("*.py")))
    return [path for path in found if path.name not in _NOT_PREDICTING]


@cache
def parts() -> list[Part]:
    """All functions and constants of these files."""
    return [part for path in files() for part in _parts(path)]


def _parts(path: Path) -> Iterator[Part]:
    inner = path.relative_to(ORACLE)
    module = importlib.import_module(".".join([PACKAGE, *inner.with_suffix("").parts]))
    tree = ast.parse(path.read_text("utf-8"), str(path))
    for name, node in _named(tree):
        yield Part(f"oracle/{inner}", module, name, node)


def _named(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.Assign | ast.AnnAssign]]:
    for node in tree.body:
        match node:
            case ast.FunctionDef(name):
                yield name, node
            case ast.ClassDef(name, body=body):
                yield from (
                    (f"{name}.{each.name}", each) for each in body if isinstance(each, ast.FunctionDef)
                )
            case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name), value=ast.expr()):
                yield name, node


class NotCodeError(Exception):
    """A changed part cannot be executed, such as a pattern that is none: that is no oracle at all."""


@contextmanager
def changed(part: Part) -> Iterator[None]:
    """Run the part as its syntax tree says now, until the end of the block.

    Raises:
        NotCodeError: The part cannot be executed.
    """
    restore: list[Callable[[], None]] = []
    try:
        try:
            if part.is_function:
                _change_function(part, restore)
            else:
                _change_constant(part, restore)
        except Exception as error:
            raise NotCodeError(str(error)) from error
        forget()
        yield
    finally:
        for undo in reversed(restore):
            undo()
        forget()


def _change_function(part: Part, restore: list[Callable[[], None]]) -> None:
    function = _function(part)
    before = function.__code__, function.__defaults__, function.__kwdefaults__
    node = part.node
    assert isinstance(node, ast.FunctionDef)
    bare = ast.FunctionDef(node.name, node.args, node.body, [], None, None, lineno=node.lineno, col_offset=0)
    names = dict(vars(part.module))
    exec(compile(ast.Module([bare], []), part.module.__file__ or "", "exec"), names)
    new = names[node.name]
    function.__code__, function.__defaults__, function.__kwdefaults__ = (
        new.__code__,
        new.__defaults__,
        new.__kwdefaults__,
    )

    def undo() -> None:
        function.__code__, function.__defaults__, function.__kwdefaults__ = before

    restore.append(undo)


def _function(part: Part) -> FunctionType:
    """The function itself, below a property, a class method or a cache."""
    *classes, name = part.name.split(".")
    owner: Any = part.module
    for each in classes:
        owner = getattr(owner, each)
    found = vars(owner)[name]
    for inner in ("fget", "func", "__func__", "__wrapped__"):
        found = getattr(found, inner, found)
    assert isinstance(found, FunctionType), part
    return found


def _change_constant(part: Part, restore: list[Callable[[], None]]) -> None:
    """Change a constant, the modules that import it, and the constants that are made of it."""
    todo = [part]
    while todo:
        each = todo.pop(0)
        expression = each.node.value  # type: ignore[union-attr]
        assert expression is not None
        code = compile(ast.Expression(expression), each.module.__file__ or "", "eval")
        old, new = getattr(each.module, each.name), eval(code, vars(each.module))
        holders = [module for module in _modules() if vars(module).get(each.name) is old]
        for module in holders:
            setattr(module, each.name, new)
            restore.append(partial(setattr, module, each.name, old))
        todo += [other for other in _constants() if other.module in holders and _loads(other.node, each.name)]


def _modules() -> list[ModuleType]:
    return [module for name, module in sys.modules.items() if name.startswith(PACKAGE)]


def _constants() -> list[Part]:
    return [part for part in parts() if not part.is_function]


def _loads(node: ast.AST, name: str) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Load)
        for each in ast.walk(node)
    )


def forget() -> None:
    """Empty the caches, which remember what another oracle said."""
    for clear in _caches():
        clear()


@cache
def _caches() -> list[Callable[[], None]]:
    found = []
    for module in _modules():
        for value in vars(module).values():
            owner = getattr(value, "__module__", "") if hasattr(value, "cache_clear") else ""
            if owner.startswith(PACKAGE) and ".dialect." not in owner:
                found.append(value.cache_clear)
    return found


def users(part: Part) -> list[tuple[str, Lines]]:
    """Where a constant is read: the statements of functions, in files by name."""
    names = {part.name}
    for other in _constants():
        if any(_loads(other.node, name) for name in names):
            names.add(other.name)
    functions = (each for each in parts() if each.is_function)
    return [(each.file, each.lines) for each in functions if any(_loads(each.node, name) for name in names)]
