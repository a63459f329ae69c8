"""The spec and the oracle agree, example by example and rule by rule."""

import re
from pathlib import Path

import pytest

from cmdpoint.oracle import predict
from cmdpoint.oracle.comparison import expected_at
from cmdpoint.oracle.dialect.known import known_dialects, runtime_dialects
from cmdpoint.spec.example import Example
from cmdpoint.spec.expectation import as_text, matches
from cmdpoint.spec.rule import Rule
from cmdpoint.spec.rules import all_rules

ROOT = Path(__file__).parents[2]

DIALECTS, RUNTIMES = known_dialects(), runtime_dialects()
EXAMPLES = [example for rule in all_rules().values() for example in rule.examples]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example(example: Example) -> None:
    """The oracle predicts the result that the example shows, in every dialect."""
    position = f"{example.chapter}:{example.line}"
    case = example.case
    for dialect in filter(example.applies, (*DIALECTS, *RUNTIMES)):
        prediction = predict(case, dialect)
        expected = example.expected(dialect)
        assert expected is not None, f"{position} has no expectation for {dialect}"
        text = as_text(expected_at(example.level, prediction))
        assert matches(expected, text), f"{position} {example.command} in {dialect}: {text}"


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.id)
def test_examples_belong_to_their_rule(rule: Rule) -> None:
    """At least one dialect applies the rule to each of its examples."""
    for example in rule.examples:
        position = f"{example.chapter}:{example.line}"
        used = (predict(example.case, dialect).rules for dialect in (*DIALECTS, *RUNTIMES))
        assert any(rule.id in rules for rules in used), position


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
