"""The spec and the oracle say the same, example by example and rule by rule."""

import re
from pathlib import Path

import pytest

from cmdpoint.oracle import Dialect, predict
from cmdpoint.oracle.case import CommandLine
from cmdpoint.oracle.dialect.known import described, runtimes
from cmdpoint.spec.example import Example
from cmdpoint.spec.rules import SpecError, all_rules, read_chapter
from cmdpoint.spec.verdict import as_text, holds

ROOT = Path(__file__).parents[2]

EXAMPLES = [example for rule in all_rules().values() for example in rule.examples]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example(example: Example) -> None:
    """What the example shows is what the oracle predicts, in every dialect."""
    target = f"{example.chapter}:{example.line}"
    for dialect in described():
        prediction = predict(example.case, dialect)
        shown = prediction.config if example.shows_config else None
        expected = example.expected(dialect)
        assert expected is not None, f"{target} says nothing of {dialect}"
        text = as_text(example, prediction.outcome if shown is None else shown)
        assert holds(expected, text), f"{target} {example.command} in {dialect}: {text}"


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example_is_of_its_rule(example: Example) -> None:
    """The rule that an example stands under has a part in it, in one dialect at least."""
    applied = [predict(example.case, dialect).rules for dialect in described() + runtimes()]
    assert any(example.rule in rules for rules in applied), applied


def test_every_rule_has_examples() -> None:
    """A rule without an example is only a claim."""
    assert all_rules()
    assert [rule.id for rule in all_rules().values() if not rule.examples] == []


def test_every_rule_is_applied_and_every_applied_rule_is_written() -> None:
    """The ids in the oracle's code are those of the spec."""
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "oracle").rglob("*.py"))
    assert set(re.findall(r'"([A-Z]+-\d+)"', code)) == set(all_rules())


def test_rules_stand_in_order() -> None:
    """Within a chapter, the rules of a prefix are numbered upwards; no two chapters share a prefix."""
    chapters: dict[str, list[tuple[str, int]]] = {}
    for rule in all_rules().values():
        prefix, number = rule.id.split("-")
        chapters.setdefault(rule.chapter, []).append((prefix, int(number)))
    prefixes = [{prefix for prefix, _ in ids} for ids in chapters.values()]
    assert sum(map(len, prefixes)) == len(set.union(*prefixes))
    for chapter, ids in chapters.items():
        assert ids == sorted(ids), chapter


HEAD = "### FORM-1  A title\n\nA statement.\n\nSources: somewhere.\n\n"


def test_loader_reads_a_chapter() -> None:
    """A rule, a chain of two images, two commands, and a condition."""
    text = HEAD + (
        "```dockerfile base\nFROM probe\n```\n```dockerfile target=one\nFROM base AS one\n```\n"
        '```console\n$ docker run IMAGE x\n["x"]  # classic\n["y"]\n$ docker inspect IMAGE\n{}\n```\n'
    )
    (rule,) = read_chapter("2-forms.md", text)
    assert (rule.id, rule.title, rule.statement, rule.sources) == (
        "FORM-1",
        "A title",
        "A statement.",
        "somewhere.",
    )
    run, inspect = rule.examples
    assert [image.name for image in run.images] == ["base", "image"]
    assert run.images[1].target == "one"
    assert run.case.request == CommandLine(("IMAGE", "x"))
    assert run.expected(Dialect.named("docker-28.5.2/classic")) == '["x"]'
    assert run.expected(Dialect.named("docker-28.5.2/buildkit")) == '["y"]'
    assert (inspect.line, inspect.shows_config) == (17, True)


@pytest.mark.parametrize(
    "text",
    [
        "### FORM-1  A title\n\nA statement.\n",
        "### FORM-1  A title\n\nSources: somewhere.\n",
        HEAD + "```dockerfile\nFROM probe\n```\n```console\n```\n",
    ],
    ids=["no sources", "no statement", "no command"],
)
def test_loader_refuses_a_malformed_chapter(text: str) -> None:
    """The message names the place."""
    with pytest.raises(SpecError, match=r"^x\.md:\d+: "):
        list(read_chapter("x.md", text))


@pytest.mark.parametrize(
    ("expected", "seen", "verdict"),
    [
        ('["a"]', '["a"]', True),
        ('["a"]', '["b"]', False),
        ('{"Cmd": ["a"], "Shell": ["b"]}', '{"Shell": ["b"], "Cmd": ["a"]}', True),
        ("refused at build: x", '["a"]', False),
        ("refused at build: x, line 2", "refused at build: x", True),
        ("refused at build: x, line 2", "refused at build: x, line 3", False),
        ("refused at build: x", "refused at parse: x", False),
    ],
)
def test_verdict(expected: str, seen: str, verdict: bool) -> None:
    """An expectation is met by what it says, and by nothing else."""
    assert holds(expected, seen) is verdict
