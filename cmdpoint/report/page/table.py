"""The table on the page, with one row for each rule and one column for each target."""

from itertools import groupby
from typing import Final

from cmdpoint.report.matrix import Matrix, Row
from cmdpoint.report.matrix_text import GLYPHS, letter
from cmdpoint.report.page.labels import class_of, column_of, groups
from cmdpoint.report.page.markup import Markup, element, raw
from cmdpoint.report.page.rule import heading, render_inline
from cmdpoint.spec.rules import chapter_title

LETTERS: Final = (
    "A tick is only in rows in which no targets differ. In a row with letters, two targets with different "
    "letters differ in some case because of that rule; both agree with the oracle, unless the cell says that "
    "one diverges."
)


def table(matrix: Matrix) -> Markup:
    """Return the table of all rules and targets."""
    engines = groups(matrix.targets)
    head = [element("th", {"scope": "col", "rowspan": "2", "class": "corner"}, "rule")]
    for engine, targets in engines:
        lines = engine.replace("-", " ", 1).replace("+", " +")
        head.append(
            element("th", {"scope": "colgroup", "colspan": str(len(targets)), "class": "first"}, lines)
        )
    columns = [
        element(
            "th", {"scope": "col", "class": "first" if not at else None, "title": target}, column_of(target)
        )
        for _, targets in engines
        for at, target in enumerate(targets)
    ]
    bodies = [
        element("tbody", {}, _chapter_row(chapter, len(matrix.targets)), *(_row(row, matrix) for row in rows))
        for chapter, rows in groupby(matrix.rows, key=lambda row: row.rule.chapter)
    ]
    colgroups = [element("colgroup", {}, element("col", {}))]
    colgroups += [element("colgroup", {"span": str(len(targets))}) for _, targets in engines]
    return element(
        "table",
        {"class": "matrix"},
        element("caption", {"class": "unseen"}, f"Rules by targets. {LETTERS}"),
        *colgroups,
        element("thead", {}, element("tr", {}, *head), element("tr", {}, *columns)),
        *bodies,
    )


def _chapter_row(chapter: str, targets: int) -> Markup:
    return element(
        "tr",
        {"class": "chapter"},
        element("th", {"scope": "rowgroup"}, chapter_heading(chapter)),
        element("td", {"colspan": str(targets)}),
    )


def _row(row: Row, matrix: Matrix) -> Markup:
    link = f"#about-{row.rule.id}"
    firsts = {targets[0] for _, targets in groups(matrix.targets)}
    cells = []
    for target in matrix.targets:
        cell = row.cells[target]
        kind = letter(row, target).upper()
        count = str(cell.diverging or cell.cases or "") if cell.verdict != "does not apply" else ""
        ticked = cell.verdict != "agrees" or not kind
        content = element(
            "a",
            {"href": link, "tabindex": "-1"},
            element("b", {"class": "sign" if ticked else None}, GLYPHS[cell.verdict] if ticked else kind),
            element("span", {"class": "unseen"}, f" {cell.verdict} "),
            count,
            element("b", {}, kind) if kind and ticked else "",
        )
        classes = [class_of(cell.verdict), *(["first"] if target in firsts else [])]
        classes += [f"k{kind}"] if kind else []
        cells.append(element("td", {"class": " ".join(classes)}, content))
    name = element("a", {"href": link}, element("span", {"class": "id"}, row.rule.id), " ", heading(row.rule))
    return element("tr", {"data-rule": row.rule.id}, element("th", {"scope": "row"}, name), *cells)


def chapter_heading(name: str) -> Markup:
    """The number and the title of a chapter."""
    return raw(f"{name.partition('-')[0]}. {render_inline(chapter_title(name))}")
