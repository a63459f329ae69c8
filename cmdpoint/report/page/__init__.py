"""The matrix as one HTML page, which needs no network, and JavaScript only for its filters."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Final

from cmdpoint.report.matrix import VERDICTS, CellVerdict, Matrix
from cmdpoint.report.matrix_text import GLYPHS
from cmdpoint.report.page.labels import class_of, labelled, select
from cmdpoint.report.page.machines import machines_section
from cmdpoint.report.page.markup import Markup, element, joined, raw
from cmdpoint.report.page.rule import article
from cmdpoint.report.page.suspicion import suspicions
from cmdpoint.report.page.table import LETTERS, table
from cmdpoint.report.page.upgrade import section
from cmdpoint.report.wording import grouped

_TITLE: Final = "What process does a Docker container run?"


def render(matrix: Matrix) -> str:
    """The whole page."""
    page = element(
        "html",
        {"lang": "en"},
        element("head", {}, *_head()),
        element("body", {}, *_body(matrix)),
    )
    return f"<!DOCTYPE html>\n{page}\n"


def _head() -> Iterator[Markup]:
    yield element("meta", {"charset": "utf-8"})
    yield element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    yield element("meta", {"name": "color-scheme", "content": "light dark"})
    yield element("title", {}, f"cmdpoint: {_TITLE}")
    yield element("style", {}, raw(_shipped("page.css")))


def _body(matrix: Matrix) -> Iterator[Markup]:
    differing = sum(bool(row.differing) for row in matrix.rows)
    diverging = [target for target in matrix.targets if matrix.diverging[target]]
    cases = sum(matrix.cases.values())
    yield element(
        "header",
        {},
        element("p", {"class": "name"}, "cmdpoint, the conformance matrix"),
        element("h1", {}, _TITLE),
        element(
            "p",
            {"class": "lead"},
            f"{len(matrix.rows)} rules, {len(matrix.targets)} targets, {cases:,} observations, the newest "
            f"from {matrix.date}. A target is an engine with a builder, and with a runtime if that is not "
            "the engine's default. ",
            element(
                "strong",
                {},
                f"{differing} rules make some targets differ. ",
                _diverging(matrix, diverging),
            ),
        ),
    )
    yield element("main", {}, *_main(matrix))
    yield element("script", {}, raw(_shipped("page.js")))


def _diverging(matrix: Matrix, diverging: list[str]) -> str:
    if not diverging:
        return "Every target agrees with the oracle."
    return f"These targets diverge from the oracle: {grouped(diverging, len(matrix.targets))}."


def _main(matrix: Matrix) -> Iterator[Markup]:
    yield from suspicions(matrix)
    yield section(matrix)
    yield _targets(matrix)
    yield element("h2", {"id": "rules"}, "Rules by targets")
    yield _legend()
    yield _filters(matrix)
    yield element(
        "div",
        {"class": "scroll", "role": "region", "aria-label": "Rules by targets", "tabindex": "0"},
        table(matrix),
    )
    yield element("h2", {}, "Rule by rule")
    yield element("div", {"class": "rules"}, *(article(row, matrix) for row in matrix.rows))
    yield machines_section()


def _targets(matrix: Matrix) -> Markup:
    """The table of targets, with the harness faults."""
    shown = [
        verdict for verdict in VERDICTS if any(matrix.count(target, verdict) for target in matrix.targets)
    ]
    heads = [element("th", {"scope": "col"}, _signed(verdict)) for verdict in shown]
    rows = []
    for target in matrix.targets:
        cells = [element("td", {}, str(matrix.count(target, verdict))) for verdict in shown]
        head = element("th", {"scope": "row"}, target)
        rows.append(element("tr", {}, head, *cells, element("td", {}, f"{matrix.cases[target]:,}")))
    errors = [
        element("li", {}, element("strong", {}, target), f": {error}")
        for target, faults in matrix.errors.items()
        for error in faults
    ]
    return element(
        "details",
        {"class": "targets", "open": "" if errors else None},
        element("summary", {}, "Targets, and the number of rules with each verdict"),
        element(
            "table",
            {"class": "counts"},
            element("thead", {}, element("tr", {}, _corner("target"), *heads, _corner("cases"))),
            element("tbody", {}, *rows),
        ),
        element("ul", {"class": "errors"}, *errors) if errors else "",
    )


def _corner(text: str) -> Markup:
    return element("th", {"scope": "col"}, text)


def _signed(verdict: CellVerdict) -> Markup:
    return joined(element("span", {"class": f"sign {class_of(verdict)}"}, GLYPHS[verdict]), f" {verdict}")


def _legend() -> Markup:
    terms = [
        joined(element("dt", {}, _signed(verdict)), element("dd", {}, meaning))
        for verdict, meaning in VERDICTS.items()
    ]
    return element(
        "details",
        {"class": "legend"},
        element("summary", {}, *(joined(_signed(verdict), " ") for verdict in VERDICTS), "(meaning)"),
        element("dl", {}, *terms),
        element("p", {}, f"The number is the number of compared cases. {LETTERS}"),
    )


def _filters(matrix: Matrix) -> Markup:
    """The filters, which are hidden without JavaScript."""
    names = dict.fromkeys(row.rule.chapter for row in matrix.rows)
    chapters = [(name, _short(name)) for name in names]
    targets = [(str(at), target) for at, target in enumerate(matrix.targets)]
    verdicts = [(verdict, verdict) for verdict in VERDICTS]
    return joined(
        element(
            "noscript", {}, element("p", {}, "The filters need JavaScript; everything else works without it.")
        ),
        element(
            "form",
            {"id": "filters", "class": "bar", "hidden": ""},
            labelled(
                "search", element("input", {"type": "search", "name": "q", "placeholder": "a rule, a word"})
            ),
            select("chapter", "chapter", [("", "all"), *chapters]),
            select("verdict", "verdict", [("", "any"), *verdicts]),
            select("differs between", "a", [("", "…"), *targets]),
            select("and", "b", [("", "…"), *targets]),
            element(
                "label",
                {"class": "check"},
                element("input", {"type": "checkbox", "name": "one"}),
                " diverges in exactly one engine",
            ),
            element("button", {"type": "reset"}, "Show all"),
            element("output", {"id": "found", "aria-live": "polite"}),
        ),
    )


def _short(name: str) -> str:
    return name.removesuffix(".md").replace("-", ". ", 1).replace("-", " ")


def _shipped(name: str) -> str:
    return files("cmdpoint.report.page").joinpath(name).read_text("utf-8")
