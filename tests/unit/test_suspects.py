"""The rules that explain the divergences of a run, also for a dialect with a wrong value."""

from collections import Counter
from functools import cache
from typing import Any, Final

import pytest

from cmdpoint.oracle import Dialect, ImageConfig, Outcome, predict
from cmdpoint.oracle.build import docker
from cmdpoint.oracle.clients import docker_run
from cmdpoint.oracle.comparison import agree, expected_at, steps_tested
from cmdpoint.oracle.container import create
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dockerfile import checks, form
from cmdpoint.oracle.dockerfile.json_array import read_array
from cmdpoint.oracle.memory import forget
from cmdpoint.report.contradicted import contradicted
from cmdpoint.report.suspects import Agreeing, Count, Divergent, suspicions
from cmdpoint.spec.example import Example
from cmdpoint.spec.rules import all_rules

pytestmark = pytest.mark.slow

DIALECT = Dialect.of("docker", "28.5.2", "classic")


@pytest.fixture(autouse=True, scope="module")
def _before_any_change() -> None:
    """Predict the examples before a test makes the oracle wrong."""
    truth()


@cache
def truth() -> list[tuple[Example, Outcome | ImageConfig]]:
    """What each example results in."""
    return [
        (example, expected_at("observed", predict(example.case, DIALECT)))
        for rule in all_rules().values()
        for example in rule.examples
        if example.applies(DIALECT)
    ]


ENTRYPOINT = docker_run._entrypoint


class EveryInstruction(dict[str, Any]):
    """The checks of all instructions: one that does not exist is never wrong."""

    def get(self, key: str, default: object = None) -> Any:
        """The check of an instruction."""
        return super().get(key, lambda *_: None)


LEFT_OUT: Final = (
    ("LEX-22", checks, "_CHECKS", EveryInstruction(checks._CHECKS)),
    ("STATE-13", docker._Build, "_name_is_taken", lambda *_: None),
    ("CLI-5", docker_run, "_entrypoint", lambda given, *rest, **local: ENTRYPOINT(given[:1], *rest, **local)),
    ("FORM-11", form, "read_array", lambda text, **how: read_array(text.replace("[]", "[}"), **how)),
    (
        "MERGE-5",
        create,
        "MERGE_TABLE",
        {**create.MERGE_TABLE, ("[]", "null"): create.MERGE_TABLE["null", "null"]},
    ),
)
"""For each rule, what the oracle would have in place of what applies the rule."""


def divergent(number: int, *rules: str, target: str = "a", example_of: str = "") -> Divergent:
    """A divergent case that applies some rules."""
    return Divergent(target, number, frozenset(rules), frozenset(example_of.split()), (number,))


def agreeing(count: Count, **examples: int) -> Agreeing:
    """The agreeing cases that apply a rule, and those that are examples of a rule, by its letters."""
    return Agreeing(count, lambda _, rule: examples.get(rule.partition("-")[0], 0))


def test_the_rule_that_no_agreeing_case_applies_is_suspected() -> None:
    """Rules that many agreeing cases apply are not suspected."""
    found = suspicions(
        [divergent(2, "FORM-1", "STATE-2"), divergent(1, "FORM-2", "STATE-2", "FORM-1")],
        agreeing(lambda _, rule: {"STATE-2": 0}.get(rule, 100)),
    )
    assert [(each.rules, each.agreeing) for each in found] == [(("STATE-2",), 0)]
    assert [each.size for each in found[0].divergent] == [(1,), (2,)], "the smallest case comes first"


def test_two_wrong_rules_give_two_groups() -> None:
    """Each rule explains the tests that apply it."""
    tests = [divergent(1, "FORM-1", "A-1"), divergent(2, "FORM-1", "B-1"), divergent(3, "FORM-1", "A-1")]
    found = suspicions(tests, agreeing(lambda _, rule: 1000 if rule == "FORM-1" else 0))
    assert [(each.rules, len(each.divergent)) for each in found] == [(("A-1",), 2), (("B-1",), 1)]


def test_a_case_counts_once() -> None:
    """Several tests that find the same case are no more evidence than one."""
    tests = [*(divergent(1, "A-1", "B-1") for _ in range(6)), divergent(2, "B-1"), divergent(3, "B-1")]
    found = suspicions(tests, agreeing(lambda _, rule: {"A-1": 0, "B-1": 4}[rule]))
    assert [(each.rules, len(each.divergent)) for each in found] == [(("B-1",), 8)]


def test_targets_with_the_same_wrong_rule_are_one_group() -> None:
    """A rule that is wrong on two builders is reported once."""
    found = suspicions(
        [divergent(1, "A-1", target="x"), divergent(2, "A-1", target="y")], agreeing(lambda *_: 0)
    )
    assert [each.targets for each in found] == [["x", "y"]]


def test_a_rule_that_many_agreeing_cases_apply_explains_nothing() -> None:
    """The tests are one group without a rule, on all targets."""
    tests = [divergent(1, "A-1", target="x"), divergent(2, "A-1", "B-1", target="y")]
    found = suspicions(tests, agreeing(lambda *_: 100))
    assert [(each.rules, each.targets) for each in found] == [((), ["x", "y"])]


def test_a_rule_with_as_many_agreeing_cases_explains_nothing() -> None:
    """One of two cases applies a rule that an agreeing case applies too."""
    tests = [divergent(1, "A-1", "B-1"), divergent(2, "A-1")]
    found = suspicions(tests, agreeing(lambda _, rule: {"A-1": 100, "B-1": 1}[rule]))
    assert [each.rules for each in found] == [()]


def test_a_case_without_rules_is_a_group() -> None:
    """No divergence is lost."""
    assert [each.rules for each in suspicions([divergent(1)], agreeing(lambda *_: 0))] == [()]


def test_the_examples_of_a_rule_are_evidence() -> None:
    """A rule without steps is suspected if its examples diverge, and explains what no other rule explains."""
    tests = [
        divergent(1, "A-1", example_of="L-1"),
        divergent(2, "A-1", "B-1", example_of="L-1"),
        divergent(3, "B-1", example_of="B-1"),
        divergent(4),
    ]
    found = suspicions(tests, agreeing(lambda *_: 100, B=7, L=1))
    assert [(each.rules, len(each.divergent)) for each in found] == [(("L-1",), 4)]
    assert found[0].evidence("tests") == (
        "tests that diverge: 4; agreeing cases that apply it: 100; examples of it that diverge: 2 of 3"
    )
    found = suspicions(tests, agreeing(lambda *_: 100, B=7, L=30))
    assert [each.rules for each in found] == [()], "most of its examples agree"


def test_of_equal_rules_the_one_whose_examples_diverge_is_suspected() -> None:
    """Under a selection, only examples of one rule are compared, and each applies other rules too."""
    tests = [divergent(number, "A-1", "B-1", example_of="B-1") for number in range(2)]
    assert [each.rules for each in suspicions(tests, agreeing(lambda *_: 0))] == [("B-1",)]


def test_a_rule_is_right_if_its_examples_agree() -> None:
    """The oracle applies it where it leaves out another rule, whose examples diverge."""
    tests = [divergent(1, "R-1", example_of="L-1"), divergent(2, "R-1", example_of="L-1")]
    assert [each.rules for each in suspicions(tests, agreeing(lambda *_: 1, R=1, L=9))] == [("L-1",)]
    assert [each.rules for each in suspicions(tests, agreeing(lambda *_: 1, L=9))] == [("R-1",)]


def compared(wrong: Dialect) -> tuple[list[Divergent], Agreeing]:
    """The examples of the spec, compared with a dialect that may be wrong, by an oracle that may be wrong."""
    tests: list[Divergent] = []
    applying, examples = Counter[str](), Counter[str]()
    for example, right in truth():
        prediction = predict(example.case, wrong)
        rules = {step.rule for step in steps_tested("observed", prediction, right)}
        if agree(expected_at("observed", prediction), right):
            applying.update(rules)
            examples[example.rule] += 1
        else:
            of = frozenset([example.rule])
            tests.append(Divergent("t", example, frozenset(rules), of, (len(tests),)))
    assert tests
    return tests, Agreeing(lambda _, rule: applying[rule], lambda _, rule: examples[rule])


@pytest.mark.parametrize(
    ("name", "value"),
    [("trailing_text", "ignored"), ("bare_cmd", "empty text")],
)
def test_the_rule_of_a_wrong_behaviour_is_suspected(name: str, value: str) -> None:
    """The spec's examples diverge from a dialect with one wrong value, by a rule of that behaviour."""
    change: dict[str, Any] = {name: value}
    wrong = DIALECT.with_values(change)
    assert wrong != DIALECT, "the value is another"
    found = suspicions(*compared(wrong))
    assert set(found[0].rules) & set(behaviours()[name].rules), found[0]


def test_the_oracle_contradicts_no_example() -> None:
    """Not even an example of what is left to chance."""
    for name in ("docker-28.5.2/classic", "podman-5.4.2/buildah"):
        assert not contradicted(all_rules().values(), Dialect.from_name(name))


@pytest.mark.parametrize(("rule", "holder", "name", "wrong"), LEFT_OUT, ids=[each[0] for each in LEFT_OUT])
def test_a_rule_that_the_oracle_leaves_out_is_suspected(
    rule: str, holder: Any, name: str, wrong: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No case applies it, but its examples diverge."""
    forget()
    monkeypatch.setattr(holder, name, wrong)
    try:
        found = suspicions(*compared(DIALECT))
        wrong_examples = contradicted(all_rules().values(), DIALECT)
    finally:
        monkeypatch.undo()
        forget()
    assert rule in found[0].rules, found[0]
    assert len(found) == 1
    assert any(each.startswith(f"{rule} (") for each in wrong_examples)
