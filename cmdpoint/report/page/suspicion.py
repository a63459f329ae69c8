"""The section about divergences: the rules that explain them, and the smallest case of each."""

from collections.abc import Iterator

from cmdpoint.report.matrix import DivergentCase, Matrix
from cmdpoint.report.matrix_text import SHOWN
from cmdpoint.report.page.markup import Markup, element, joined
from cmdpoint.report.page.rule import figure, heading
from cmdpoint.report.suspects import Suspicion
from cmdpoint.report.wording import grouped


def suspicions(matrix: Matrix) -> Iterator[Markup]:
    """The section, if a target diverges."""
    if not matrix.suspicions:
        return
    yield element("h2", {}, "Divergences, and the rules that explain them")
    for suspicion in matrix.suspicions[:SHOWN]:
        yield element("section", {"class": "suspicion"}, *_about(suspicion, matrix))
    if others := len(matrix.suspicions[SHOWN:]):
        yield element("p", {}, f"{others} more groups of divergences: filter the table by the verdict.")


def _about(suspicion: Suspicion[DivergentCase], matrix: Matrix) -> Iterator[Markup]:
    rules = [row.rule for row in matrix.rows if row.rule.id in suspicion.rules]
    targets = grouped(suspicion.targets, len(matrix.targets))
    names = [
        joined(" or " if at else "", element("a", {"href": f"#about-{rule.id}"}, rule.id), " ", heading(rule))
        for at, rule in enumerate(rules)
    ]
    yield element("h3", {}, *(names or [joined("No rule explains these")]), f", on {targets}")
    yield element("p", {}, f"{suspicion.evidence('Cases')}. The smallest:")
    order = {target: at for at, target in enumerate(matrix.targets)}
    yield figure(suspicion.divergent[0].example, order)
