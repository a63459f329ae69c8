"""The kinds of code mutants: for a node of a syntax tree, the nodes that can replace it."""

import ast
import re
from collections.abc import Iterator
from copy import copy
from typing import Final

Alternative = tuple[str, ast.AST]
"""The kind of a change, and the node that stands there instead."""

_FLIPPED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}

_SHIFTED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}

_CLEANING_METHODS: Final = frozenset(
    ("strip", "lstrip", "rstrip", "lower", "upper", "removeprefix", "removesuffix", "replace")
)
"""Methods of a string that return a string, so that a call can be left out."""

_CLEANING_FUNCTIONS: Final = frozenset(("readable", "lower", "reversed", "sorted", "normpath"))
"""Functions of one argument that return something of the same type."""

_RULE: Final = re.compile(r"[A-Z]+-\d+")

_WORDS: Final = re.compile(r"[\w /-]+")
"""A string that is compared as a whole; any other may be a set of characters or a pattern."""


def alternatives(node: ast.AST, parent: ast.AST, field: str) -> Iterator[Alternative]:
    """What can replace a node.

    Args:
        node: The node.
        parent: The node it belongs to.
        field: The field of the parent that has it.
    """
    if isinstance(node, ast.expr):
        if _is_condition(parent, field):
            yield from _conditions(node, parent)
        yield from _expressions(node)
    elif isinstance(node, ast.stmt):
        yield from _statements(node, parent)


def _is_condition(parent: ast.AST, field: str) -> bool:
    if field == "test":
        return isinstance(parent, ast.If | ast.While | ast.IfExp)
    return field in ("ifs", "guard") or (isinstance(parent, ast.BoolOp) and field == "values")


def _conditions(node: ast.expr, parent: ast.AST) -> Iterator[Alternative]:
    now = node.value if isinstance(node, ast.Constant) else None  # as in `x or False`
    if now is not True and not isinstance(parent, ast.While):
        yield "condition is always true", ast.Constant(True)
    if now is not False:
        yield "condition is always false", ast.Constant(False)


def _expressions(node: ast.expr) -> Iterator[Alternative]:
    match node:
        case ast.Compare(left, [op], comparators):
            if flipped := _FLIPPED.get(type(op)):
                yield "comparison flipped", ast.Compare(left, [flipped()], comparators)
            if shifted := _SHIFTED.get(type(op)):
                yield "boundary shifted", ast.Compare(left, [shifted()], comparators)
        case ast.BoolOp(op, values):
            other = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield "and/or swapped", ast.BoolOp(other, values)
        case ast.UnaryOp(ast.Not(), operand):
            yield "not dropped", operand
        case ast.BinOp(left, ast.Add(), right):
            yield "operand dropped", right
            yield "operand dropped", left
        case ast.Constant(value):
            yield from _constants(value)
        case ast.Slice():
            yield from _slices(node)
        case ast.Call():
            yield from _calls(node)
        case _:
            yield from _collections(node)


def _collections(node: ast.expr) -> Iterator[Alternative]:
    match node:
        case ast.Set(elements) | ast.List(elements) | ast.Tuple(elements) if len(elements) > 1:
            if all(isinstance(each, ast.Constant) and not _is_prose(each.value) for each in elements):
                for at in range(len(elements)):
                    changed = copy(node)
                    changed.elts = [*elements[:at], *elements[at + 1 :]]
                    yield "element dropped", changed
        case ast.Dict(keys, values) if len(keys) > 1:
            for at in range(len(keys)):
                rest = ast.Dict(keys[:at] + keys[at + 1 :], values[:at] + values[at + 1 :])
                yield "element dropped", rest


def _constants(value: object) -> Iterator[Alternative]:
    match value:
        case bool():
            yield "constant flipped", ast.Constant(not value)
        case int():
            yield "constant changed", ast.Constant(value + 1)
            yield "constant changed", ast.Constant(value - 1)
        case str() if not _is_prose(value):
            yield "string changed", ast.Constant(value[:-1] if value else "x")
            if len(value) > 1 and not _WORDS.fullmatch(value):
                yield "string changed", ast.Constant(value[1:])


def _is_prose(value: object) -> bool:
    """Whether a constant is only shown: the id of a rule, or a sentence in a message or a note."""
    return isinstance(value, str) and (_RULE.fullmatch(value) is not None or value.count(" ") > 2)


def _slices(node: ast.Slice) -> Iterator[Alternative]:
    if node.lower is not None:
        yield "slice bound dropped", ast.Slice(None, node.upper, node.step)
    if node.upper is not None:
        yield "slice bound dropped", ast.Slice(node.lower, None, node.step)
    for name in ("lower", "upper"):
        bound = getattr(node, name)
        if bound is not None and not isinstance(bound, ast.Constant):
            shifted = ast.BinOp(bound, ast.Add(), ast.Constant(1))
            bounds = {"lower": node.lower, "upper": node.upper, name: shifted}
            yield "slice bound shifted", ast.Slice(bounds["lower"], bounds["upper"], node.step)


def _calls(node: ast.Call) -> Iterator[Alternative]:
    match node.func:
        case ast.Attribute(value, name) if name in _CLEANING_METHODS:
            yield f"call of {name} dropped", value
        case ast.Name(name) | ast.Attribute(_, name) if name in _CLEANING_FUNCTIONS and len(node.args) == 1:
            yield f"call of {name} dropped", node.args[0]


def _statements(node: ast.stmt, parent: ast.AST) -> Iterator[Alternative]:
    is_last = isinstance(parent, ast.FunctionDef) and node is parent.body[-1]
    match node:
        case ast.Return() | ast.Raise() if not is_last:
            yield "early exit dropped", ast.Pass()
        case ast.Continue():
            yield "continue dropped", ast.Pass()
        case ast.Break():
            yield "break dropped", ast.Pass()
        case ast.Expr(ast.Call() | ast.YieldFrom() | ast.Yield()) | ast.AugAssign():
            yield "statement deleted", ast.Pass()
        case ast.Assign([ast.Attribute() | ast.Subscript()]):
            yield "statement deleted", ast.Pass()
        case ast.Assign([ast.Name(name)]) if _reads(node.value, name):
            yield "statement deleted", ast.Pass()


def _reads(value: ast.expr, name: str) -> bool:
    """Whether an assignment changes what it reads; without any other, the name would not exist."""
    return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(value))
