"""The catalogue lists correctly which rules are covered."""

import re
from importlib.resources import files

from cmdpoint.spec.rules import all_rules


def test_the_catalogue_matches_the_chapters() -> None:
    """An entry is marked as covered exactly if the spec has a rule for it, and the totals are right."""
    text = files("cmdpoint.spec").joinpath("catalogue.md").read_text("utf-8")
    rows = re.findall(r"^\| ([A-Z]+-\d+) \| (.*?)\| (covered|not covered)\b", text, re.MULTILINE)
    chapters = {rule.id for rule in all_rules().values()}
    assert {rule for rule, _, state in rows if state == "covered"} == {
        rule for rule, *_ in rows if rule in chapters
    }
    covered = sum(state == "covered" for *_, state in rows)
    assert f"{covered} of {len(rows)} are covered" in text
    assert all(all_rules()[rule].chapter in link for rule, link, state in rows if state == "covered")
