"""A rule on the page: its statement, its sources, and examples with the result of each target."""

import re
from collections.abc import Iterator
from typing import Final

from markdown_it import MarkdownIt

from cmdpoint.observations.replay import Result, ResultGroup
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.report.matrix import VERDICTS, Example, Matrix, Row
from cmdpoint.report.matrix_text import GLYPHS
from cmdpoint.report.page import sentence
from cmdpoint.report.page.labels import class_of, column_of, groups
from cmdpoint.report.page.markup import Markup, element, joined, raw
from cmdpoint.report.wording import clipped, clipped_lines, command, grouped, one_line
from cmdpoint.spec.rule import Rule

_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False})

_ADDRESS: Final = re.compile(r'href="([^"]*)"')
_TO_RULE: Final = re.compile(r"#([a-z]+-[0-9]+)--")


def render_inline(text: str) -> Markup:
    """A line of the spec's Markdown."""
    return _linked(_MARKDOWN.renderInline(text))


def _linked(text: str) -> Markup:
    """Redirect the links of the spec's HTML to the rules and chapters on the page."""
    return raw(_ADDRESS.sub(lambda link: f'href="{_here(link[1])}"', text))


def _here(address: str) -> str:
    rule = _TO_RULE.search(address)
    if rule is not None:
        return f"#about-{rule[1].upper()}"
    return address if address.startswith("https://") else "#rules"


def heading(rule: Rule) -> Markup:
    """The title of a rule."""
    return element("span", {"class": "title"}, render_inline(rule.title))


def article(row: Row, matrix: Matrix) -> Markup:
    """The article about a rule."""
    rule = row.rule
    verdicts = [cell.verdict for cell in row.cells.values()]
    failing = groups(target for target, cell in row.cells.items() if cell.verdict == "diverges")
    counts = [
        joined(
            element("span", {"class": f"sign {class_of(verdict)}"}, GLYPHS[verdict]), f" {verdict} {count}  "
        )
        for verdict in VERDICTS
        if (count := verdicts.count(verdict))
    ]
    summary = element(
        "summary",
        {},
        element("h3", {}, element("span", {"class": "id"}, rule.id), " ", heading(rule)),
        element("span", {"class": "verdicts"}, *counts),
        element("span", {"class": "differing"}, "targets differ") if row.differing else "",
    )
    # A link to an element inside opens the details without a script.
    body = element(
        "div", {"id": f"about-{rule.id}", "class": "about", "tabindex": "-1"}, *_about(row, matrix)
    )
    classes = " ".join(dict.fromkeys(map(class_of, verdicts)))
    return element(
        "article",
        {
            "id": rule.id,
            "data-chapter": rule.chapter,
            "data-verdicts": classes,
            "data-fails": str(len(failing)),
        },
        element("details", {}, summary, body),
    )


def _about(row: Row, matrix: Matrix) -> Iterator[Markup]:
    yield element("div", {"class": "statement"}, _linked(_MARKDOWN.render(row.rule.statement)))
    yield element("p", {"class": "sources"}, "Sources: ", render_inline(row.rule.sources))
    yield element(
        "p",
        {"class": "chapter"},
        f"spec/{row.rule.chapter}, line {row.rule.line}. ",
        element("a", {"href": "#rules"}, "Back to the table"),
    )
    if not row.examples:
        yield element("p", {}, "No observed case tests this rule.")
    order = {target: at for at, target in enumerate(matrix.targets)}
    for example in row.examples:
        yield _example(example, order)


def _example(example: Example, order: dict[str, int]) -> Markup:
    what = "From the spec" if example.from_spec else "An observed case"
    if example.differing:
        what += ", in which targets differ because of this rule"
    return figure(example, order, element("figcaption", {}, f"{what}:"))


def figure(example: Example, order: dict[str, int], caption: Markup | None = None) -> Markup:
    """A case with the results of all targets.

    Args:
        example: The case.
        order: The number of each target.
        caption: What it shows.
    """
    pairs = sorted(sorted(order[target] for target in pair) for pair in example.unlike)
    images = [
        element("pre", {}, element("code", {}, "\n".join(clipped_lines(notation.creation_lines(image)))))
        for image in example.case.images
    ]
    results = element(
        "table",
        {"class": "results"},
        element(
            "thead",
            {},
            element("tr", {}, *(element("th", {"scope": "col"}, head) for head in ("observed", "targets"))),
        ),
        element("tbody", {}, *(_result_group(group, order) for group in example.results)),
    )
    return element(
        "figure",
        {
            "class": "example",
            "data-differing": " ".join(f"{a}-{b}" for a, b in pairs) or None,
            "data-subject": sentence.subject(example) if pairs else None,
        },
        caption or "",
        *images,
        element(
            "pre",
            {"class": "command"},
            element("code", {}, f"$ {clipped(command(example.case, example.level))}"),
        ),
        results,
    )


def _result_group(group: ResultGroup, order: dict[str, int]) -> Markup:
    predicted: dict[str, list[str]] = {}
    for target, expected in group.diverging.items():
        predicted.setdefault(clipped(one_line(expected), 1000), []).append(target)
    wrong = [
        element(
            "p",
            {"class": "wrong"},
            f"{GLYPHS['diverges']} Predicted for {grouped(targets, 0)}: ",
            element("code", {}, expected),
        )
        for expected, targets in predicted.items()
    ]
    return element(
        "tr",
        {
            "class": "diverges" if wrong else None,
            "data-verb": sentence.verb(group.result),
            "data-targets": " ".join(str(order[target]) for target in group.targets),
        },
        element("td", {}, _result(group.result), *wrong),
        element("td", {}, *_targets(group.targets, order)),
    )


def _result(result: Result) -> Markup:
    shown = element("code", {}, clipped(one_line(result), 1000))
    if isinstance(result, Refusal) and result.message:
        message = element("span", {"class": "message"}, clipped(notation.visible(result.message)))
        shown = joined(shown, message)
    return shown


def _targets(targets: tuple[str, ...], order: dict[str, int]) -> Iterator[Markup]:
    """The targets, with a line for each engine; or their number, if these are all targets."""
    if len(targets) == len(order) > 1:
        yield element("span", {"class": "engine"}, f"all {len(order)} targets")
        return
    for engine, own in groups(sorted(targets, key=order.__getitem__)):
        yield element(
            "span", {"class": "engine"}, element("b", {}, engine), f" {', '.join(map(column_of, own))}"
        )
