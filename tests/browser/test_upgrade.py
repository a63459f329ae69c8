"""The first section of the page in a real browser: what an upgrade changes, and what diverges."""

from itertools import combinations
from pathlib import Path
from urllib.parse import quote

from cmdpoint.report.matrix import Matrix
from tests.browser.chromium import Chromium

CHANGES = "document.getElementById('changes').textContent"
"""The sentences about an upgrade."""


def test_the_first_sentences_are_the_same_without_javascript(chromium: Chromium, written: Path) -> None:
    """The page has them for its first pair, and the script writes the same ones."""
    chromium.call("Emulation.setScriptExecutionDisabled", value=True)
    chromium.open(written)
    static = chromium.run(CHANGES)
    chromium.call("Emulation.setScriptExecutionDisabled", value=False)
    chromium.open(written)
    assert chromium.run(CHANGES) == static
    assert "docker-29.7.2+containerd/buildkit differ" in static
    assert static.count("Before, ") == static.count("After, ") == int(static.split()[0])


def test_an_upgrade_is_chosen(chromium: Chromium, written: Path, recorded_matrix: Matrix) -> None:
    """Two lists choose the targets; the address keeps the choice; ticks are only where nothing differs."""
    chromium.open(written)
    targets = list(recorded_matrix.targets)
    one, other = "docker-26.1.5/buildkit", "docker-28.5.2/buildkit"
    for name, target in (("from", one), ("to", other)):
        chromium.run(
            f"""(select => {{ select.value = '{targets.index(target)}';
            select.dispatchEvent(new Event('input', {{bubbles: true}})); }})(document.forms.upgrade.{name})"""
        )
    differing = [
        row.rule.id
        for row in recorded_matrix.rows
        if any(frozenset((one, other)) in example.unlike for example in row.examples)
    ]
    ids = "[...document.querySelectorAll('.changes h3 a')].map(e => e.textContent)"
    assert sorted(chromium.run(ids)) == sorted(differing)
    (change,) = (
        text
        for text in chromium.run("[...document.querySelectorAll('.changes li')].map(e => e.textContent)")
        if text.startswith("FORM-2 ")
    )
    assert 'CMD ["/a", "x"] # say x' in change
    assert 'Before, docker run IMAGE runs ["/a", "x"].' in change
    assert 'After, docker run IMAGE runs ["/bin/sh", "-c", "[\\"/a\\", \\"x\\"] # say x"].' in change
    assert "✓" not in chromium.run(CHANGES)
    chromium.open(written, chromium.run("location.hash"))
    assert sorted(chromium.run(ids)) == sorted(differing)
    same = next(
        (a, b)
        for a, b in combinations(targets, 2)
        if not any(frozenset((a, b)) in each.unlike for row in recorded_matrix.rows for each in row.examples)
    )
    chromium.open(written, f"#upgrade={quote(','.join(same), safe='/,')}")
    assert chromium.run(CHANGES).startswith("✓ No rule makes ")


def test_the_divergence_is_shown_first(chromium: Chromium, written: Path, recorded_matrix: Matrix) -> None:
    """The page begins with the rules that explain it, and its smallest case."""
    chromium.open(written)
    text = chromium.run("document.querySelector('main').textContent")
    assert text.startswith("Divergences, and the rules that explain them")
    (suspicion,) = recorded_matrix.suspicions
    first = chromium.run("document.querySelector('.suspicion').textContent")
    assert all(rule in first for rule in suspicion.rules)
    assert "Predicted for" in first
