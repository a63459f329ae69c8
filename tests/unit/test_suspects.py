"""The rules that explain the divergences of a run, also for a dialect with a wrong value."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from cmdpoint.oracle import Dialect, predict
from cmdpoint.oracle.comparison import agree, expected_at, steps_tested
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.report.suspects import Divergent, suspicions
from cmdpoint.spec.rules import all_rules

DIALECT = Dialect.of("docker", "28.5.2", "classic")


def divergent(number: int, *rules: str, target: str = "a") -> Divergent:
    """A divergent case that applies some rules."""
    return Divergent(target, number, frozenset(rules), (number,))


def test_the_rule_that_no_agreeing_case_applies_is_suspected() -> None:
    """Rules that many agreeing cases apply are not suspected."""
    found = suspicions(
        [divergent(2, "FORM-1", "STATE-2"), divergent(1, "FORM-2", "STATE-2", "FORM-1")],
        lambda _, rule: {"STATE-2": 0}.get(rule, 100),
    )
    assert [(each.rules, each.agreeing) for each in found] == [(("STATE-2",), 0)]
    assert [each.size for each in found[0].divergent] == [(1,), (2,)], "the smallest case comes first"


def test_two_wrong_rules_give_two_groups() -> None:
    """Each rule explains the tests that apply it."""
    tests = [divergent(1, "FORM-1", "A-1"), divergent(2, "FORM-1", "B-1"), divergent(3, "FORM-1", "A-1")]
    found = suspicions(tests, lambda _, rule: 1000 if rule == "FORM-1" else 0)
    assert [(each.rules, len(each.divergent)) for each in found] == [(("A-1",), 2), (("B-1",), 1)]


def test_a_case_counts_once() -> None:
    """Several tests that find the same case are no more evidence than one."""
    tests = [*(divergent(1, "A-1", "B-1") for _ in range(6)), divergent(2, "B-1"), divergent(3, "B-1")]
    found = suspicions(tests, lambda _, rule: {"A-1": 0, "B-1": 4}[rule])
    assert [(each.rules, len(each.divergent)) for each in found] == [(("B-1",), 8)]


def test_targets_with_the_same_wrong_rule_are_one_group() -> None:
    """A rule that is wrong on two builders is reported once."""
    found = suspicions([divergent(1, "A-1", target="x"), divergent(2, "A-1", target="y")], lambda *_: 0)
    assert [each.targets for each in found] == [["x", "y"]]


def test_a_rule_that_many_agreeing_cases_apply_explains_nothing() -> None:
    """The tests are one group without a rule, on all targets."""
    tests = [divergent(1, "A-1", target="x"), divergent(2, "A-1", "B-1", target="y")]
    found = suspicions(tests, lambda *_: 100)
    assert [(each.rules, each.targets) for each in found] == [((), ["x", "y"])]


def test_a_rule_with_as_many_agreeing_cases_explains_nothing() -> None:
    """One of two cases applies a rule that an agreeing case applies too."""
    tests = [divergent(1, "A-1", "B-1"), divergent(2, "A-1")]
    found = suspicions(tests, lambda _, rule: {"A-1": 100, "B-1": 1}[rule])
    assert [each.rules for each in found] == [()]


def test_a_case_without_rules_is_a_group() -> None:
    """No divergence is lost."""
    assert [each.rules for each in suspicions([divergent(1)], lambda *_: 0)] == [()]


@pytest.mark.parametrize(
    ("name", "value"),
    [("trailing_text", "ignored"), ("bare_cmd", "empty text")],
)
def test_the_rule_of_a_wrong_behaviour_is_suspected(name: str, value: str) -> None:
    """The spec's examples diverge from a dialect with one wrong value, by a rule of that behaviour."""
    change: dict[str, Any] = {name: value}
    wrong = replace(DIALECT, **change)
    assert wrong != DIALECT, "the value is another"
    tests: list[Divergent] = []
    agreeing = Counter[str]()
    for example in (example for rule in all_rules().values() for example in rule.examples):
        prediction = predict(example.case, wrong)
        truth = expected_at("observed", predict(example.case, DIALECT))
        rules = {step.rule for step in steps_tested("observed", prediction, truth)}
        if agree(expected_at("observed", prediction), truth):
            agreeing.update(rules)
        else:
            tests.append(Divergent("t", example, frozenset(rules), (len(tests),)))
    assert tests
    found = suspicions(tests, lambda _, rule: agreeing[rule])
    assert set(found[0].rules) & set(behaviours()[name].rules), found[0]
