"""What the matrix shows of its cases: the rules that explain divergences, and typical examples first."""

import json

import pytest

from cmdpoint.observations.replay import ObservedCase
from cmdpoint.oracle import Dialect, Process, predict
from cmdpoint.oracle.comparison import expected_at
from cmdpoint.report import matrix_json, matrix_text
from cmdpoint.report.compute import Execution, matrix
from cmdpoint.report.matrix import Example
from cmdpoint.report.rule_tally import First, RuleTally
from cmdpoint.report.typical import untypical
from cmdpoint.spec.rules import all_rules
from tests.unit.recorded import cases, recorded
from tests.unit.test_matrix import EXEC_FORM, NEW, NEWEST, OLD, TRAILING, case


def example(dockerfile: str) -> Example:
    """An example of one image."""
    return Example(case(dockerfile), "planned", False, (), frozenset())


def test_the_rules_that_explain_divergences_are_named() -> None:
    """The table, the JSON and the page name the rules that only diverging cases apply."""
    texts = {f'FROM probe\nCMD ["/a"] # {"x" * length}\n' for length in (1, 5)}
    wrong = [ObservedCase(case(text), "observed", ((NEW, EXEC_FORM),)) for text in texts]
    right = [
        ObservedCase(case(text), "observed", ((NEW, Process(words)),))
        for text, words in (
            ('FROM probe\nCMD ["/a"]\n', ("/a",)),
            ("FROM probe\nCMD a\n", ("/bin/sh", "-c", "a")),
            ('FROM probe\nCMD ["/a", "b"]\n', ("/a", "b")),
            ("FROM probe\nCMD a b\n", ("/bin/sh", "-c", "a b")),
        )
    ]
    found = matrix([*wrong, *right], {NEW: Dialect.from_name(NEW)}, all_rules(), {}, "2026-11-25")
    (suspicion,) = found.suspicions
    assert suspicion.rules == ("FORM-2",)
    assert len(suspicion.divergent) == 2
    shown = "\n".join(matrix_text.render(found, 100)).partition("DIVERGENCE: ")[2].splitlines()
    assert shown[0] == f"FORM-2, on {NEW.replace('/', ' ')}"
    assert shown[2] == "  cases that diverge: 2; agreeing cases that apply it: 0"
    assert [line.strip() for line in shown[5:10]] == [
        "1 | FROM probe",
        '2 | CMD ["/a"] # x',
        "$ docker run IMAGE",
        'predicted: ["/bin/sh", "-c", "[\\"/a\\"] # x"]',
        'observed:  ["/a"]',
    ]
    assert json.loads(matrix_json.render(found))["suspicions"][0]["rules"] == ["FORM-2"]
    (row,) = (row for row in found.rows if row.rule.id == "FORM-1")
    assert row.examples[0].results[0].diverging, "the diverging case comes first"


def test_a_confirmed_case_stands_for_its_divergence() -> None:
    """The larger cases from which it was shrunk do not count."""
    larger = [
        ObservedCase(case(f'FROM probe\nSHELL ["/s"]\nCMD a{number}\n'), "observed", ((NEW, EXEC_FORM),))
        for number in range(9)
    ]
    smallest = ObservedCase(case(TRAILING), "observed", ((NEW, EXEC_FORM),), frozenset([NEW]))
    found = matrix([*larger, smallest], {NEW: Dialect.from_name(NEW)}, all_rules(), {}, "2026-11-25")
    (suspicion,) = found.suspicions
    assert [each.example.case for each in suspicion.divergent] == [case(TRAILING)]
    assert found.diverging[NEW] == 10


def test_typical_examples_come_first() -> None:
    """An example of the rule in the order of the spec, then Dockerfiles with few other instructions."""
    assert untypical(case('FROM probe\n# x\nCMD ["/a"] # x\n')) == 0
    assert untypical(case('FROM probe\nSHELL ["/a"]\nCMD x\n')) == 1
    assert untypical(case("FROM probe\ncmd\x0bé\n")) == 1
    form_2 = all_rules()["FORM-2"].examples
    seen = [
        ObservedCase(
            each,
            "planned",
            tuple(
                (name, expected_at("planned", predict(each, Dialect.from_name(name)))) for name in (OLD, NEW)
            ),
        )
        for each in (form_2[2].case, case(TRAILING), form_2[0].case)
    ]
    found = matrix(seen, {name: Dialect.from_name(name) for name in (OLD, NEW)}, all_rules(), {}, "")
    (row,) = (row for row in found.rows if row.rule.id == "FORM-2")
    assert [(example.case, example.from_spec) for example in row.examples] == [(form_2[0].case, True)]


def test_the_order_of_examples_with_equal_keys() -> None:
    """Of two pairs of targets, the one whose names come first, whatever the order in which a set has them."""
    one, other = (example(f'FROM probe\nCMD ["/a"] # {word}\n') for word in ("x", "y"))
    pairs = [(frozenset((OLD, NEW)), one), (frozenset((NEW, NEWEST)), other)]
    for order in (pairs, pairs[::-1]):
        tally = RuleTally(differing={pair: First((0, 0), shown) for pair, shown in order})
        row = tally.row(all_rules()["FORM-2"], {}, {})
        assert row.examples == (one, other)


def test_of_examples_with_equal_keys_the_first_is_shown() -> None:
    """Also if another process compared the later one."""
    one, other = (example(f'FROM probe\nCMD ["/a"] # {word}\n') for word in ("x", "y"))
    assert First((0, 0), one).or_earlier(First((0, 0), other)).example is one
    earlier, later = RuleTally(first=First((0, 0), one)), RuleTally(first=First((0, 0), other))
    earlier.merge(later)
    assert earlier.first.example is one


@pytest.mark.slow
def test_several_processes_compute_the_same_matrix() -> None:
    """What each has compared is merged in the order of the cases."""
    known = recorded()
    some = cases()[::74]
    alone, divided = (
        matrix_json.render(matrix(some, known.dialects, all_rules(), {}, "", Execution(processes=count)))
        for count in (1, 2)
    )
    assert alone == divided
