"""A rule on the page: what it says, where it comes from, and examples with what each place did."""

import re
from collections.abc import Iterator
from typing import Final

from markdown_it import MarkdownIt

from cmdpoint.observations.replay import Result, ResultGroup
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.report.matrix import VERDICTS, Example, Matrix, Row
from cmdpoint.report.matrix_text import GLYPHS
from cmdpoint.report.page.markup import Markup, element, joined, raw
from cmdpoint.report.page.names import class_of, column_of, groups
from cmdpoint.report.phrases import asked, clipped, lines, said, together
from cmdpoint.spec.rule import Rule

_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False})

_ADDRESS: Final = re.compile(r'href="([^"]*)"')
_TO_RULE: Final = re.compile(r"#([a-z]+-[0-9]+)--")

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def render_inline(text: str) -> Markup:
    """A line of the spec's Markdown."""
    return _linked(_MARKDOWN.renderInline(text))


def _linked(text: str) -> Markup:
    """The spec's HTML, with links to rules and chapters that lead to where they are on the page."""
    return raw(_ADDRESS.sub(lambda link: f'href="{_here(link[1])}"', text))


def _here(address: str) -> str:
    rule = _TO_RULE.search(address)
    if rule is not None:
        return f"#about-{rule[1].upper()}"
    return address if address.startswith("https://") else "#rules"


def heading(rule: Rule) -> Markup:
    """The title of a rule."""
    return element("span", {"class": "title"}, render_inline(rule.title))


def letter(row: Row, target: str) -> str:
    """The letter of a place in a row where places are apart, or nothing."""
    if not row.apart or target not in row.kinds:
        return ""
    return _LETTERS[row.kinds[target] % len(_LETTERS)]


def article(row: Row, matrix: Matrix) -> Markup:
    """All there is to tell of a rule."""
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
        element("span", {"class": "sets-apart"}, "sets places apart") if row.apart else "",
    )
    # A link to what is inside opens the details, with no script.
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
    if not row.exhibits:
        yield element("p", {}, "No case that puts it to the test was observed.")
    order = {target: at for at, target in enumerate(matrix.targets)}
    for exhibit in row.exhibits:
        yield _exhibit(exhibit, row, order)


def _exhibit(exhibit: Example, row: Row, order: dict[str, int]) -> Markup:
    what = "An example of the rule's own" if exhibit.own else "The smallest case observed"
    if exhibit.apart:
        what += ", in which the rule sets places apart"
    pairs = sorted(sorted(order[target] for target in pair) for pair in exhibit.unlike)
    images = [
        element("pre", {}, element("code", {}, "\n".join(lines(notation.how(image)))))
        for image in exhibit.case.images
    ]
    answers = element(
        "table",
        {"class": "answers"},
        element(
            "thead",
            {},
            element("tr", {}, *(element("th", {"scope": "col"}, head) for head in ("what was done", "by"))),
        ),
        element("tbody", {}, *(_answer(answer, order) for answer in exhibit.answers)),
    )
    return element(
        "figure",
        {"class": "exhibit", "data-apart": " ".join(f"{a}-{b}" for a, b in pairs) or None},
        element("figcaption", {}, f"{what}:"),
        *images,
        element(
            "pre", {"class": "asked"}, element("code", {}, f"$ {clipped(asked(exhibit.case, exhibit.level))}")
        ),
        answers,
    )


def _answer(answer: ResultGroup, order: dict[str, int]) -> Markup:
    foretold: dict[str, list[str]] = {}
    for target, expected in answer.wrong.items():
        foretold.setdefault(clipped(said(expected), 1000), []).append(target)
    wrong = [
        element(
            "p",
            {"class": "wrong"},
            f"{GLYPHS['diverges']} For {together(targets, 0)} the oracle says: ",
            element("code", {}, expected),
        )
        for expected, targets in foretold.items()
    ]
    return element(
        "tr",
        {"class": "diverges" if wrong else None},
        element("td", {}, _seen(answer.result), *wrong),
        element("td", {}, *_who(answer.targets, order)),
    )


def _seen(seen: Result) -> Markup:
    told = element("code", {}, clipped(said(seen), 1000))
    if isinstance(seen, Refusal) and seen.message:
        told = joined(told, element("span", {"class": "message"}, clipped(notation.visible(seen.message))))
    return told


def _who(targets: tuple[str, ...], order: dict[str, int]) -> Iterator[Markup]:
    """The places, a line an engine; all of them in two words."""
    if len(targets) == len(order) > 1:
        yield element("span", {"class": "engine"}, f"all {len(order)} places")
        return
    for engine, own in groups(sorted(targets, key=order.__getitem__)):
        yield element(
            "span", {"class": "engine"}, element("b", {}, engine), f" {', '.join(map(column_of, own))}"
        )
