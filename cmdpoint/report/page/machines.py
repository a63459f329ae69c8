"""The last section of the page: a container is not a virtual machine, as it was measured."""

from base64 import b64encode
from typing import Any

from cmdpoint.machines.chart import chart
from cmdpoint.machines.claims import MachineRule, machine_rules
from cmdpoint.machines.measured import measured
from cmdpoint.machines.records import records_in
from cmdpoint.machines.table import heading
from cmdpoint.report.page.markup import Markup, element


def machines_section() -> Markup:
    """The verdict of each rule of chapter 10 in the newest records, with ratios and the chart."""
    records, rules = records_in(), machine_rules()
    # As an image, so that its style is its own.
    image = b64encode(chart(records[0]).encode()).decode()
    picture = {
        "src": f"data:image/svg+xml;base64,{image}",
        "alt": "Start, memory and size of a process, containers and a virtual machine; logarithmic",
        "class": "chart",
    }
    heads = [element("th", {"scope": "col"}, title) for title in ("row", "claim", "verdict", "measured")]
    return element(
        "section",
        {"class": "machines", "id": "machines"},
        element("h2", {}, "A container is not a virtual machine"),
        element(
            "p",
            {},
            "Measured with ",
            "; and with ".join(map(heading, records)),
            ". The figures are of the first.",
        ),
        element("img", picture),
        element(
            "table",
            {},
            element("thead", {}, element("tr", {}, *heads)),
            element("tbody", {}, *(_row(rule, records) for rule in rules)),
        ),
    )


def _row(rule: MachineRule, records: list[dict[str, Any]]) -> Markup:
    by_verdict: dict[str, list[str]] = {}
    for record in records:
        by_verdict.setdefault(rule.verdict(record), []).append(record["emulator"])
    names = len(by_verdict) > 1
    verdict = "; ".join(f"{', '.join(who)}: {each}" if names else each for each, who in by_verdict.items())
    return element(
        "tr",
        {},
        element("th", {"scope": "row"}, rule.row),
        element("td", {}, element("strong", {}, rule.id), " ", *_code(rule.title)),
        element("td", {}, *_code(verdict)),
        element("td", {}, *_code(measured(rule, records[0]))),
    )


def _code(text: str) -> list[Markup | str]:
    """A text in which what is between backticks is code."""
    return [element("code", {}, each) if at % 2 else each for at, each in enumerate(text.split("`"))]
