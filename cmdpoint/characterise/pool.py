"""The cases that can be asked: the spec's examples, each with what is looked at."""

from collections.abc import Iterable
from dataclasses import dataclass

from cmdpoint.oracle.case import Case, Image, Load
from cmdpoint.oracle.comparison import LEVELS, Level
from cmdpoint.spec.expectation import OR_ELSE
from cmdpoint.spec.rule import Rule


@dataclass(frozen=True, slots=True)
class Question:
    """A case to ask.

    Attributes:
        case: The case.
        costs: What is looked at.
        rule: The rule whose example it is.
        name: What to call it: the rule and the line of an example.
    """

    case: Case
    levels: tuple[Level, ...]
    rule: str
    name: str

    @property
    def size(self) -> tuple[int, int]:
        """What makes one cheaper than another: fewer images, less text."""
        return len(self.case.images), len(repr(self.case))


def questions(rules: Iterable[Rule]) -> tuple[Question, ...]:
    """The examples of the rules, each once, the cheapest first, but none that is left to chance somewhere."""
    found: dict[Case, Question] = {}
    for rule in rules:
        for example in rule.examples:
            if any(OR_ELSE in each.text for each in example.expectations):
                continue
            levels: tuple[Level, ...] = ("config",) if example.shows_config else LEVELS
            held = found.get(example.case)
            if held is None or len(held.levels) < len(levels):
                found[example.case] = Question(example.case, levels, rule.id, f"{rule.id}:{example.line}")
    # No command of an example builds on what another made.
    for config in ('{"Cmd": "x"}', '{"Shell": "/a"}', '{"Cmd": {"a": "b"}}'):
        case = Case((Load("made", config), Image("app", "FROM made\n")))
        found.setdefault(case, Question(case, ("config",), "LOAD-1", "LOAD-1 or LOAD-4, and a build on it"))
    return tuple(sorted(found.values(), key=lambda each: each.size))
