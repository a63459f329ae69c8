"""The page in a real browser: filters, links, keyboard, print, widths, colours, and without JavaScript."""

import base64
from itertools import combinations
from pathlib import Path
from urllib.parse import quote

import pytest

from cmdpoint.report.matrix import Matrix
from tests.browser.chromium import Chromium

SHOWN = """[...document.querySelectorAll('tr[data-rule]')]
  .filter(e => e.checkVisibility()).map(e => e.dataset.rule)"""
"""The rules whose rows are visible."""

CONTRAST = """(selector => {
  const rgb = text => text.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const below = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  return Math.min(...[...document.querySelectorAll(selector)].map(element => {
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(below(element))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  }));
})"""
"""The lowest contrast between text and background of the selected elements, as WCAG defines it."""


def size(chromium: Chromium, width: int, height: int = 900) -> None:
    """Set the size of the window."""
    chromium.call(
        "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
    )


def test_a_link_shows_what_differs_between_two_targets(
    chromium: Chromium, written: Path, recorded_matrix: Matrix
) -> None:
    """For each pair, it shows the rules that make them differ, and those on which only one diverges."""
    for one, other in combinations(recorded_matrix.targets, 2):
        chromium.open(written, f"#differs={one},{other}")
        unlike = {
            row.rule.id
            for row in recorded_matrix.rows
            if any(frozenset((one, other)) in example.unlike for example in row.examples)
        }
        assert {
            row.rule.id for row in recorded_matrix.rows if frozenset((one, other)) in row.differing
        } <= unlike
        assert set(chromium.run(SHOWN)) == unlike
        heads = "[...document.querySelectorAll('.matrix thead tr:last-child th')]"
        assert chromium.run(f"{heads}.filter(e => e.checkVisibility()).map(e => e.title)") == [one, other]


def test_a_link_may_contain_a_plus_sign(chromium: Chromium, written: Path, recorded_matrix: Matrix) -> None:
    """A plus sign in a link is that of a target's name, not an escaped space."""
    one, other = list(recorded_matrix.targets)[:2]
    chromium.open(written, f"#differs={quote(one, safe='')},{other}")
    assert chromium.run("document.forms.filters.a.selectedOptions[0].text") == one


def test_fails_in_exactly_one(chromium: Chromium, written: Path, recorded_matrix: Matrix) -> None:
    """The filter shows the rules on which one target diverges, with the falsified result."""
    chromium.open(written, "#one")
    diverging = {
        row.rule.id
        for row in recorded_matrix.rows
        if any(cell.verdict == "diverges" for cell in row.cells.values())
    }
    assert diverging
    assert set(chromium.run(SHOWN)) == diverging
    shown = chromium.run("document.querySelector('article:not([hidden]) tr.diverges').textContent")
    assert "</script><b id=injected>" in shown
    assert "Predicted for" in shown


def test_typing_and_choosing(chromium: Chromium, written: Path, recorded_matrix: Matrix) -> None:
    """Filters by word, chapter and verdict change the count and the address, and a reload shows the same."""
    size(chromium, 1440)
    chromium.open(written)
    assert len(chromium.run(SHOWN)) == len(recorded_matrix.rows)
    chromium.click("#filters input[type=search]")
    chromium.type("closing bracket")
    chromium.wait("location.hash.includes('closing')")
    found = chromium.run(SHOWN)
    assert "FORM-2" in found
    assert len(found) < 10
    assert (
        chromium.run("document.getElementById('found').value")
        == f"{len(found)} of {len(recorded_matrix.rows)} rules"
    )
    chromium.open(written, chromium.run("location.hash"))
    assert chromium.run(SHOWN) == found
    chromium.click("#filters button")
    chromium.wait("location.hash === ''")
    assert len(chromium.run(SHOWN)) == len(recorded_matrix.rows)
    chapter = recorded_matrix.rows[0].rule.chapter
    chromium.run(
        f"""(select => {{ select.value = '{chapter}';
        select.dispatchEvent(new Event('input', {{bubbles: true}})); }})(document.forms.filters.chapter)"""
    )
    assert chromium.run(SHOWN) == [row.rule.id for row in recorded_matrix.rows if row.rule.chapter == chapter]
    chromium.open(written, "#verdict=not%20reached")
    assert set(chromium.run(SHOWN)) == {
        row.rule.id
        for row in recorded_matrix.rows
        if any(c.verdict == "not reached" for c in row.cells.values())
    }


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_cell_leads_to_its_rule(chromium: Chromium, written: Path, script: bool) -> None:
    """A click on a cell shows the rule's statement and its example."""
    size(chromium, 1440)
    chromium.call("Emulation.setScriptExecutionDisabled", value=not script)
    chromium.open(written)
    about = "document.getElementById('about-STATE-2')"
    assert not chromium.run(f"{about}.checkVisibility()")
    chromium.click("tr[data-rule='STATE-2'] td:last-child a")
    chromium.wait(f"{about}.checkVisibility()")
    box = chromium.run(f"(b => [b.top, b.bottom])({about}.getBoundingClientRect())")
    assert box[0] < 900
    assert box[1] > 0
    assert chromium.run(f"{about}.querySelector('pre').checkVisibility()")
    if script:
        assert chromium.run("location.hash") == "#rule=STATE-2"
        assert chromium.run("document.activeElement.id") == "about-STATE-2"


def test_without_javascript_everything_is_there(
    chromium: Chromium, written: Path, recorded_matrix: Matrix
) -> None:
    """All rows are visible; in place of the filters, a note says that they need JavaScript."""
    chromium.call("Emulation.setScriptExecutionDisabled", value=True)
    chromium.open(written)
    assert len(chromium.run(SHOWN)) == len(recorded_matrix.rows)
    assert not chromium.run("document.getElementById('filters').checkVisibility()")
    assert chromium.run("document.querySelector('noscript').checkVisibility()")


def test_nothing_observed_runs_and_nothing_is_fetched(chromium: Chromium, written: Path) -> None:
    """Injected markup is shown as text, and the browser loads the file and nothing else."""
    chromium.requested.clear()
    chromium.open(written)
    assert chromium.run("document.getElementById('injected')") is None
    assert chromium.run("document.body.textContent.includes('<b id=injected>')")
    fetched = {each for each in chromium.requested if each != "about:blank" and not each.startswith("data:")}
    assert fetched == {written.as_uri()}


def test_the_keyboard_reaches_everything(chromium: Chromium, written: Path, recorded_matrix: Matrix) -> None:
    """The Tab key stops at each rule's name and at the table, which can be scrolled, but not at each cell."""
    chromium.open(written)
    stops = """[...document.querySelectorAll('a, button, input, select, summary, [tabindex]')]
      .filter(e => e.tabIndex >= 0)"""
    assert chromium.run(f"{stops}.filter(e => e.matches('.matrix th a')).length") == len(recorded_matrix.rows)
    assert chromium.run(f"{stops}.filter(e => e.matches('.matrix td a')).length") == 0
    assert chromium.run(f"{stops}.filter(e => e.matches('.scroll')).length") == 1


def test_heads_stay_in_sight(chromium: Chromium, written: Path) -> None:
    """In the last corner of the table, the heads of its row and column are still visible."""
    size(chromium, 700)
    chromium.open(written)
    chromium.run("(s => s.scrollTo(s.scrollWidth, s.scrollHeight))(document.querySelector('.scroll'))")
    inside = """(selector => { const s = document.querySelector('.scroll').getBoundingClientRect();
      const b = [...document.querySelectorAll(selector)].at(-1).getBoundingClientRect();
      return b.top >= s.top - 1 && b.left >= s.left - 1 && b.bottom <= s.bottom + 1 && b.left < s.right; })"""
    assert chromium.run(f"{inside}('.matrix thead tr:first-child th')")
    assert chromium.run(f"{inside}('.matrix tbody th')")


@pytest.mark.parametrize("width", [360, 800, 1440])
def test_the_page_is_as_wide_as_its_window(chromium: Chromium, written: Path, width: int) -> None:
    """Only the table scrolls horizontally."""
    size(chromium, width)
    chromium.open(written, "#rule=FORM-2")
    assert chromium.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(chromium: Chromium, written: Path, scheme: str) -> None:
    """In light and in dark mode, text has a contrast of at least 4.5."""
    chromium.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    chromium.open(written)
    ground = chromium.run("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 28)"}[scheme]
    for selector in (
        ".matrix td a",
        ".matrix th a",
        ".matrix td b",
        ".sign",
        ".lead",
        ".sources",
        ".wrong",
        "pre",
    ):
        assert chromium.run(f"{CONTRAST}('{selector}')") >= 4.5, selector


def test_no_verdict_is_shown_by_colour_alone(
    chromium: Chromium, written: Path, recorded_matrix: Matrix
) -> None:
    """Each cell has the verdict as a word, for screen readers, and as a sign."""
    chromium.open(written)
    cells = chromium.run("[...document.querySelectorAll('tr[data-rule] td')].map(e => e.textContent)")
    verdicts = [
        row.cells[target].verdict for row in recorded_matrix.rows for target in recorded_matrix.targets
    ]
    assert len(cells) == len(verdicts)
    assert all(verdict in text for text, verdict in zip(cells, verdicts, strict=True))
    assert chromium.run("[...document.querySelectorAll('.matrix th')].every(e => e.scope)")


def test_in_print(chromium: Chromium, written: Path) -> None:
    """All rules are open, the filters are hidden, and the table fits the sheet."""
    sheet = 275 * 96 / 25.4  # A4 landscape without its margins, in CSS pixels
    size(chromium, int(sheet))
    chromium.call("Emulation.setEmulatedMedia", media="print")
    chromium.open(written)
    assert not chromium.run("document.getElementById('filters').checkVisibility()")
    opened = "[...document.querySelectorAll('.about')].every(e => e.getBoundingClientRect().height > 0)"
    assert chromium.run(opened)
    assert chromium.run("document.documentElement.scrollWidth") <= sheet
    assert chromium.run("document.querySelector('.matrix').getBoundingClientRect().right") <= sheet
    # The title of a rule gets what the columns leave, at least a quarter of the sheet.
    title = "document.querySelector('.matrix tr[data-rule] th').getBoundingClientRect().width"
    assert chromium.run(title) >= sheet / 4
    chromium.call("Emulation.setEmulatedMedia", media="")
    printed = chromium.call("Page.printToPDF", landscape=True, preferCSSPageSize=True)["data"]
    assert base64.b64decode(printed).startswith(b"%PDF-")


def test_a_screenshot_is_not_blank(chromium: Chromium, written: Path) -> None:
    """A screenshot of a blank page would be smaller."""
    size(chromium, 1440)
    chromium.open(written)
    picture = base64.b64decode(chromium.call("Page.captureScreenshot", format="png")["data"])
    assert len(picture) > 50_000
