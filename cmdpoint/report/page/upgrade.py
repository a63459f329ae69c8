"""The first section of the page: what changes between two targets, in sentences with before and after.

The sentences about the first pair are in the page. `page.js` writes those about every other pair, from the
examples of the rules.
"""

from collections.abc import Iterator

from cmdpoint.observations.replay import Pair, Result
from cmdpoint.observations.targets import has_other_runtime
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain import notation
from cmdpoint.report.matrix import Example, Matrix, Row
from cmdpoint.report.page.labels import select
from cmdpoint.report.page.markup import Markup, element, joined
from cmdpoint.report.page.rule import heading
from cmdpoint.report.page.sentence import VERBS, subject, verb
from cmdpoint.report.wording import clipped, clipped_lines, one_line


def default_pair(matrix: Matrix) -> tuple[str, str] | None:
    """The pair that is shown first: the newest Docker as a fresh install has it, and the version before it.

    Returns:
        The target before and the target after an upgrade; None if there are no two targets.
    """
    names = [name for name in matrix.targets if not has_other_runtime(name)] or list(matrix.targets)
    dockers = [name for name in names if matrix.targets[name].engine == "docker"] or names
    after = max(dockers, key=lambda name: (_is_fresh(matrix.targets[name]), names.index(name)))
    dialect = matrix.targets[after]

    def likeness(name: str) -> tuple[bool, bool, bool, bool, int]:
        other = matrix.targets[name]
        return (
            other.engine == dialect.engine,
            other.builder == dialect.builder,
            other.version != dialect.version,
            _is_fresh(other),
            names.index(name),
        )

    before = max((name for name in names if name != after), key=likeness, default=None)
    return None if before is None else (before, after)


def _is_fresh(dialect: Dialect) -> bool:
    """Whether a fresh install of the version has this image store."""
    return dialect.store == Dialect.from_name(f"{dialect.engine}-{dialect.version}/{dialect.builder}").store


def section(matrix: Matrix) -> Markup:
    """The section; empty if there are no two targets."""
    pair = default_pair(matrix)
    if pair is None:
        return joined()
    options = [(str(at), target) for at, target in enumerate(matrix.targets)]
    numbers = [str(list(matrix.targets).index(target)) for target in pair]
    pickers = element(
        "form",
        {"id": "upgrade", "class": "bar", "hidden": ""},
        select("upgrade from", "from", options, chosen=numbers[0]),
        select("to", "to", options, chosen=numbers[1]),
    )
    return element(
        "section",
        {"class": "upgrade"},
        element("h2", {}, "What does an upgrade change?"),
        pickers,
        element("div", {"id": "changes", "aria-live": "polite"}, *_changes(matrix, *pair)),
    )


def _changes(matrix: Matrix, before: str, after: str) -> Iterator[Markup]:
    found = [(row, example) for row in matrix.rows if (example := _example(row, before, after))]
    yield element("p", {}, _count(before, after, len(found)))
    found.sort(key=lambda pair: _order(pair[1], before, after))
    if found:
        changes = (_change(row, example, before, after) for row, example in found)
        yield element("ol", {"class": "changes"}, *changes)


def _count(before: str, after: str, count: int) -> str:
    if not count:
        return f"✓ No rule makes {before} and {after} differ in the compared cases."
    rules = "1 rule makes" if count == 1 else f"{count} rules make"
    return f"{rules} {before} and {after} differ in the compared cases."


def _example(row: Row, before: str, after: str) -> Example | None:
    """The first example in which two targets differ."""
    pair: Pair = frozenset((before, after))
    return next((example for example in row.examples if pair in example.unlike), None)


def _change(row: Row, example: Example, before: str, after: str) -> Markup:
    images = [
        element("pre", {}, element("code", {}, "\n".join(clipped_lines(notation.creation_lines(image)))))
        for image in example.case.images
    ]
    name = element("a", {"href": f"#about-{row.rule.id}"}, row.rule.id)
    return element(
        "li",
        {},
        element("h3", {}, name, " ", heading(row.rule)),
        *images,
        element("p", {}, *_sentence("Before", example, before), *_sentence(" After", example, after)),
    )


def _sentence(when: str, example: Example, target: str) -> Iterator[Markup]:
    result = _result(example, target)
    yield joined(f"{when}, ", element("code", {}, subject(example)), f" {verb(result)} ")
    yield joined(element("code", {}, clipped(one_line(result), 1000)), ".")


def _order(example: Example, before: str, after: str) -> int:
    """The position of a change: that of the verb in its sentences that comes last."""
    return max(VERBS.index(verb(_result(example, target))) for target in (before, after))


def _result(example: Example, target: str) -> Result:
    """The first result of a target."""
    return next(group.result for group in example.results if target in group.targets)
