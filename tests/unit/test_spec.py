"""The spec and the oracle agree, rule by rule and example by example."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmdpoint.conformance.value_mutants import value_mutants
from cmdpoint.oracle import Dialect, Prediction, predict
from cmdpoint.oracle.comparison import expected_at
from cmdpoint.oracle.prediction_cache import CachedCase
from cmdpoint.spec.example import Example
from cmdpoint.spec.expectation import as_text, matches
from cmdpoint.spec.rule import Rule
from cmdpoint.spec.rules import all_rules
from tests.mutants.evidence import dialects

ROOT = Path(__file__).parents[2]

DIALECTS = dialects()


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.id)
def test_examples(rule: Rule) -> None:
    """The oracle predicts what each example shows, and at least one dialect applies the rule to it.

    Of the rows of a table, which are on consecutive lines, one that the rule applies to is enough.
    """
    problems: list[str] = []
    applied: dict[int, bool] = {}
    for number, example in enumerate(rule.examples):
        case = CachedCase(example.case, lambda prediction: prediction)
        problems += _problems(example, case)
        is_applied = any(rule.id in case.predict(dialect).rules for dialect in DIALECTS)
        applied[example.line - number] = applied.get(example.line - number, False) or is_applied
    assert not problems, "\n".join(problems)
    assert all(applied.values()), f"no dialect applies {rule.id} to one of its examples: {applied}"


def _problems(example: Example, case: CachedCase[Prediction]) -> Iterator[str]:
    """What is wrong with an example, in any dialect that it applies to."""
    position = f"{example.chapter}:{example.line}"
    for dialect in filter(example.applies, DIALECTS):
        expected = example.expected(dialect)
        text = as_text(expected_at(example.level, case.predict(dialect)))
        if expected is None:
            yield f"{position} has no expectation for {dialect}"
        elif not matches(expected, text):
            yield f"{position} {example.command} in {dialect}: {text}"


def test_every_member_of_a_list_has_an_example() -> None:
    """An example has another result if some dialect has a member too many or too few in a list."""
    lists = ("flags", "unchecked_flags", "more_signals", "predefined_arguments")
    missing = {(name, each) for dialect in DIALECTS for name in lists for each in getattr(dialect, name)}
    rules = (all_rules()[rule] for rule in ("LEX-27", "LEX-33", "STATE-16", "STATE-28"))
    cases = [example.case for rule in rules for example in rule.examples]
    for dialect in map(Dialect.from_name, ("docker-28.5.2/classic", "docker-28.5.2", "podman-5.4.2")):
        for mutant in value_mutants(dialect):
            member = mutant.behaviour, mutant.now.split("'")[-2:][0]
            if member in missing and any(
                predict(case, mutant.wrong).outcome != predict(case, dialect).outcome for case in cases
            ):
                missing.remove(member)
    assert not missing


def test_every_rule_has_examples() -> None:
    """No rule is without an example, because a rule without one is not tested."""
    assert all_rules()
    assert [rule.id for rule in all_rules().values() if not rule.examples] == []


def test_the_oracle_and_the_spec_have_the_same_rules() -> None:
    """Every rule id in the oracle's code has a heading in the spec, and the reverse."""
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "oracle").rglob("*.py"))
    assert set(re.findall(r'"([A-Z]+-\d+)"', code)) == set(all_rules())


def test_rules_are_in_order() -> None:
    """Within a chapter, the rules of a prefix are in ascending order; no two chapters share a prefix."""
    chapters: dict[str, list[tuple[str, int]]] = {}
    for rule in all_rules().values():
        prefix, number = rule.id.split("-")
        chapters.setdefault(rule.chapter, []).append((prefix, int(number)))
    prefixes = [{prefix for prefix, _ in ids} for ids in chapters.values()]
    assert sum(map(len, prefixes)) == len(set.union(*prefixes))
    for chapter, ids in chapters.items():
        assert ids == sorted(ids), chapter


def test_links_between_rules_lead_to_a_heading() -> None:
    """A link to a rule has the chapter and the anchor of its present heading."""
    anchors = {(rule.chapter, _anchor(f"{rule.id}  {rule.title}")) for rule in all_rules().values()}
    for chapter in {rule.chapter for rule in all_rules().values()}:
        text = (ROOT / "spec" / chapter).read_text("utf-8")
        links = re.findall(r"\]\((\d-[a-z-]+\.md)?#([^)]+)\)", text)
        broken = [anchor for other, anchor in links if (other or chapter, anchor) not in anchors]
        assert broken == [], chapter


def _anchor(heading: str) -> str:
    """The anchor that GitHub derives from a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
