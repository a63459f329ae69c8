"""The page in a real browser: filters, links, keyboard, print, narrow and dark, and with no JavaScript."""

import base64
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from urllib.parse import quote

import pytest

from cmdpoint.report.matrix import Matrix
from tests.browser.chromium import Chromium

SHOWN = """[...document.querySelectorAll('tr[data-rule]')]
  .filter(e => e.checkVisibility()).map(e => e.dataset.rule)"""
"""The rules whose rows are to be seen."""

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
"""The least contrast between the text and the ground of elements, as WCAG counts it."""


@pytest.fixture(autouse=True)
def plain(chromium: Chromium) -> Iterator[None]:
    """A window of usual size, with JavaScript, on a light screen."""
    yield
    chromium.call("Emulation.setScriptExecutionDisabled", value=False)
    chromium.call("Emulation.setEmulatedMedia", media="", features=[])
    chromium.call("Emulation.clearDeviceMetricsOverride")


def size(chromium: Chromium, width: int, height: int = 900) -> None:
    """Give the window a size."""
    chromium.call(
        "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
    )


def test_a_link_shows_what_differs_between_two_targets(
    chromium: Chromium, written: Path, kept: Matrix
) -> None:
    """For each pair: the rules because of which they differ, and those on which only one of them diverges."""
    for one, other in combinations(kept.targets, 2):
        chromium.open(written, f"#differs={one},{other}")
        unlike = {
            row.rule.id
            for row in kept.rows
            if any(frozenset((one, other)) in example.unlike for example in row.examples)
        }
        assert {row.rule.id for row in kept.rows if frozenset((one, other)) in row.differing} <= unlike
        assert set(chromium.run(SHOWN)) == unlike
        heads = "[...document.querySelectorAll('.matrix thead tr:last-child th')]"
        assert chromium.run(f"{heads}.filter(e => e.checkVisibility()).map(e => e.title)") == [one, other]


def test_a_store_in_a_link_may_be_typed_as_it_is(chromium: Chromium, written: Path, kept: Matrix) -> None:
    """A plus sign is a plus sign, as in the names of targets."""
    one, other = list(kept.targets)[:2]
    chromium.open(written, f"#differs={quote(one, safe='')},{other}")
    assert chromium.run("document.forms.filters.a.selectedOptions[0].text") == one


def test_fails_in_exactly_one(chromium: Chromium, written: Path, kept: Matrix) -> None:
    """The rules on which one engine diverges; the page shows the falsified result and its target."""
    chromium.open(written, "#one")
    diverging = {
        row.rule.id for row in kept.rows if any(cell.verdict == "diverges" for cell in row.cells.values())
    }
    assert diverging
    assert set(chromium.run(SHOWN)) == diverging
    shown = chromium.run("document.querySelector('article:not([hidden]) tr.diverges').textContent")
    assert "</script><b id=injected>" in shown
    assert "Predicted for" in shown


def test_typing_and_choosing(chromium: Chromium, written: Path, kept: Matrix) -> None:
    """A word, a chapter, a verdict: the address says it, the count too, and a reload shows the same."""
    size(chromium, 1440)
    chromium.open(written)
    assert len(chromium.run(SHOWN)) == len(kept.rows)
    chromium.click("#filters input[type=search]")
    chromium.type("closing bracket")
    chromium.wait("location.hash.includes('closing')")
    found = chromium.run(SHOWN)
    assert "FORM-2" in found
    assert len(found) < 10
    assert chromium.run("document.getElementById('found').value") == f"{len(found)} of {len(kept.rows)} rules"
    chromium.open(written, chromium.run("location.hash"))
    assert chromium.run(SHOWN) == found
    chromium.click("#filters button")
    chromium.wait("location.hash === ''")
    assert len(chromium.run(SHOWN)) == len(kept.rows)
    chapter = kept.rows[0].rule.chapter
    chromium.run(
        f"""(select => {{ select.value = '{chapter}';
        select.dispatchEvent(new Event('input', {{bubbles: true}})); }})(document.forms.filters.chapter)"""
    )
    assert chromium.run(SHOWN) == [row.rule.id for row in kept.rows if row.rule.chapter == chapter]
    chromium.open(written, "#verdict=not%20reached")
    assert set(chromium.run(SHOWN)) == {
        row.rule.id for row in kept.rows if any(c.verdict == "not reached" for c in row.cells.values())
    }


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_cell_leads_to_its_rule(chromium: Chromium, written: Path, script: bool) -> None:
    """One click from any cell, the rule's statement and its example are to be seen."""
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


def test_without_javascript_everything_is_there(chromium: Chromium, written: Path, kept: Matrix) -> None:
    """All rows; no filters that do nothing, but a word that they need it."""
    chromium.call("Emulation.setScriptExecutionDisabled", value=True)
    chromium.open(written)
    assert len(chromium.run(SHOWN)) == len(kept.rows)
    assert not chromium.run("document.getElementById('filters').checkVisibility()")
    assert chromium.run("document.querySelector('noscript').checkVisibility()")


def test_nothing_observed_runs_and_nothing_is_fetched(chromium: Chromium, written: Path) -> None:
    """Injected markup is shown as text, and the browser loads the file and nothing else."""
    chromium.requested.clear()
    chromium.open(written)
    assert chromium.run("document.getElementById('injected')") is None
    assert chromium.run("document.body.textContent.includes('<b id=injected>')")
    assert {address for address in chromium.requested if address != "about:blank"} == {written.as_uri()}


def test_the_keyboard_reaches_everything(chromium: Chromium, written: Path, kept: Matrix) -> None:
    """Each rule by its name in the table, and not by each of its cells; the table itself can be scrolled."""
    chromium.open(written)
    stops = """[...document.querySelectorAll('a, button, input, select, summary, [tabindex]')]
      .filter(e => e.tabIndex >= 0)"""
    assert chromium.run(f"{stops}.filter(e => e.matches('.matrix th a')).length") == len(kept.rows)
    assert chromium.run(f"{stops}.filter(e => e.matches('.matrix td a')).length") == 0
    assert chromium.run(f"{stops}.filter(e => e.matches('.scroll')).length") == 1


def test_heads_stay_in_sight(chromium: Chromium, written: Path) -> None:
    """Scrolled to its last corner, the table still shows which column and which row that is."""
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
    """Only the table scrolls sideways."""
    size(chromium, width)
    chromium.open(written, "#rule=FORM-2")
    assert chromium.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(chromium: Chromium, written: Path, scheme: str) -> None:
    """On a light screen and on a dark one: what is read has a contrast of 4.5 at least."""
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


def test_no_verdict_is_shown_by_colour_alone(chromium: Chromium, written: Path, kept: Matrix) -> None:
    """Each cell has the word, for whoever listens, and the sign."""
    chromium.open(written)
    cells = chromium.run("[...document.querySelectorAll('tr[data-rule] td')].map(e => e.textContent)")
    verdicts = [row.cells[target].verdict for row in kept.rows for target in kept.targets]
    assert len(cells) == len(verdicts)
    assert all(verdict in text for text, verdict in zip(cells, verdicts, strict=True))
    assert chromium.run("[...document.querySelectorAll('.matrix th')].every(e => e.scope)")


def test_in_print(chromium: Chromium, written: Path) -> None:
    """All rules are open, without filters; the table is no wider than the sheet; there is a document."""
    size(chromium, 1040)  # A4 across, less its margins, in CSS pixels
    chromium.call("Emulation.setEmulatedMedia", media="print")
    chromium.open(written)
    assert not chromium.run("document.getElementById('filters').checkVisibility()")
    opened = "[...document.querySelectorAll('.about')].every(e => e.getBoundingClientRect().height > 0)"
    assert chromium.run(opened)
    assert chromium.run("document.querySelector('.matrix').getBoundingClientRect().width") <= 1040
    chromium.call("Emulation.setEmulatedMedia", media="")
    printed = chromium.call("Page.printToPDF", landscape=True, preferCSSPageSize=True)["data"]
    assert base64.b64decode(printed).startswith(b"%PDF-")


def test_a_picture_of_it_is_not_blank(chromium: Chromium, written: Path) -> None:
    """The browser paints it."""
    size(chromium, 1440)
    chromium.open(written)
    picture = base64.b64decode(chromium.call("Page.captureScreenshot", format="png")["data"])
    assert len(picture) > 50_000
