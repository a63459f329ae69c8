"""Change a syntax tree in place: one mutation after the other, each undone before the next."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tests.mutants.kinds import alternatives

Lines = range
"""The lines of a statement; of one with a body, the lines above the body."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change of a syntax tree.

    Attributes:
        kind: The kind of the change.
        line: The line of the node that is changed.
        was: The source of the node.
        now: The source of what stands there instead.
        lines: The lines of the statement. A case that executes none of them cannot show the change.
    """

    kind: str
    line: int
    was: str
    now: str
    lines: Lines


def mutations(root: ast.AST, lines: Lines) -> Iterator[Mutation]:
    """The mutations of a tree. Each is in effect while it is yielded, and undone afterwards.

    Args:
        root: The tree, which is not changed itself, only what is below it.
        lines: Its lines.
    """
    for field, value in ast.iter_fields(root):
        if field in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        children = value if isinstance(value, list) else [value]
        for at, child in enumerate(children):
            if not isinstance(child, ast.AST) or _is_only_shown(child):
                continue
            own = _lines(child, lines)
            for kind, other in alternatives(child, root, field):
                _put(root, field, at, ast.copy_location(other, child))
                ast.fix_missing_locations(root)
                line = getattr(child, "lineno", own.start)
                try:
                    yield Mutation(kind, line, ast.unparse(child), ast.unparse(other), own)
                finally:
                    _put(root, field, at, child)
            yield from mutations(child, own)


def _put(root: ast.AST, field: str, at: int, child: ast.AST) -> None:
    value = getattr(root, field)
    if isinstance(value, list):
        value[at] = child
    else:
        setattr(root, field, child)


def _is_only_shown(node: ast.AST) -> bool:
    """Whether a node has no part in a prediction: a docstring, a step that is noted, a message."""
    match node:
        case ast.Expr(ast.Constant()):
            return True
        case ast.JoinedStr(values):
            return sum(str(each.value).count(" ") for each in values if isinstance(each, ast.Constant)) > 2
        case ast.Call(ast.Attribute(_, name) | ast.Name(name)):
            return name.lstrip("_").startswith("note")
        case ast.Expr(ast.Call(ast.Attribute(_, name) | ast.Name(name))):
            return name.lstrip("_").startswith("note")
    return False


def _lines(node: ast.AST, outer: Lines) -> Lines:
    match node:
        case ast.match_case():
            return range(node.pattern.lineno, node.body[0].lineno)
        case ast.If() | ast.While() | ast.For() | ast.With() | ast.FunctionDef() | ast.ClassDef():
            return range(node.lineno, max(node.body[0].lineno, node.lineno + 1))
        case ast.Match():
            return range(node.lineno, node.lineno + 1)
        case ast.Try():
            return outer
        case ast.ExceptHandler():
            return range(node.lineno, node.lineno + 1)
        case ast.stmt():
            return range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return outer
