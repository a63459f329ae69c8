"""One compared case, replayed: what the oracle says for each place, and the rules that set places apart."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, product, zip_longest

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import LEVELS, Level, agree, expected_at, steps_tested
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.explain.causes import causes
from cmdpoint.oracle.outcome import Outcome, Prediction, Step
from cmdpoint.oracle.predict import predict
from cmdpoint.spec.rule import Rule

Result = Outcome | ImageConfig
"""What a place did."""

Pair = frozenset[str]
"""Two places."""


@dataclass(frozen=True, slots=True)
class ObservedCase:
    """A case at some cost, and what places did.

    Attributes:
        case: The case.
        level: What was looked at.
        results: What each place did; one that was asked twice may stand there with two answers.
    """

    case: Case
    level: Level
    results: tuple[tuple[str, Result], ...]

    @property
    def size(self) -> tuple[int, int, int]:
        """What makes one example smaller than another: fewer images, less text, more of it to be seen."""
        asked = "" if self.level == "config" else notation.request(self.case.request, "IMAGE")
        told = sum(len(line) for image in self.case.images for line in notation.how(image))
        return len(self.case.images), told + len(asked), -LEVELS.index(self.level)


@dataclass(frozen=True, slots=True)
class ResultGroup:
    """What some places did alike.

    Attributes:
        targets: Their names.
        result: What they did.
        wrong: Those of them where the oracle says something else, with what it says.
    """

    targets: tuple[str, ...]
    result: Result
    wrong: Mapping[str, Result]


class TargetDialects:
    """The places, and where the spec itself says that they are not alike.

    Attributes:
        dialects: The dialect of each place, by name.
    """

    def __init__(self, dialects: Mapping[str, Dialect], rules: Iterable[Rule]) -> None:
        """Read what the rules' examples say of each place."""
        self.dialects = dialects
        self._told = {
            rule.id: {
                target: tuple(example.expected(dialect) for example in rule.examples)
                for target, dialect in dialects.items()
            }
            for rule in rules
        }

    def told_apart(self, rule: str, one: str, other: str) -> bool:
        """Whether an example of a rule says that two places do different things."""
        told = self._told.get(rule)
        return told is not None and told[one] != told[other]


class Replay:
    """A compared case and what the oracle says of it.

    Attributes:
        compared: What was seen.
        answers: What was seen, by what was done.
        wrong: The places where the oracle says something else.
        rules: For each rule that the case puts to the test, the places where it does.
        apart: For each rule that sets places apart in this case, the pairs of them.
    """

    def __init__(self, compared: ObservedCase, targets: TargetDialects) -> None:
        """Replay.

        Args:
            compared: What was seen.
            targets: The places it was seen in, or more.
        """
        self.compared = compared
        self.rules: dict[str, set[str]] = defaultdict(set)
        self._targets = targets
        self._steps: dict[str, tuple[Step, ...]] = {}
        self._foretold: dict[str, Prediction] = {}
        self._caused: dict[tuple[Prediction, Prediction], list[tuple[str, ...]]] = {}
        answers: list[tuple[dict[str, None], Result, dict[str, Result]]] = []
        for target, seen in compared.results:
            prediction = self._foretold[target] = predict(compared.case, targets.dialects[target])
            expected = expected_at(compared.level, prediction)
            self._steps[target] = steps_tested(compared.level, prediction, seen)
            for step in self._steps[target]:
                self.rules[step.rule].add(target)
            same = next((answer for answer in answers if agree(answer[1], seen)), None)
            if same is None:
                answers.append(same := ({}, seen, {}))
            same[0][target] = None
            if not agree(expected, seen):
                same[2][target] = expected
        self.answers = tuple(ResultGroup(tuple(who), seen, wrong) for who, seen, wrong in answers)
        self.wrong = frozenset(target for answer in self.answers for target in answer.wrong)

    @cached_property
    def apart(self) -> Mapping[str, frozenset[Pair]]:
        """For each rule that sets places apart in this case, the pairs; both do as the oracle says."""
        apart: dict[str, set[Pair]] = defaultdict(set)
        for one, other in combinations(self.answers, 2):
            for target, another in product(one.targets, other.targets):
                if target != another and not self.wrong & {target, another}:
                    for rule in self._why(target, another):
                        apart[rule].add(frozenset((target, another)))
        return {rule: frozenset(pairs) for rule, pairs in apart.items()}

    def _why(self, target: str, another: str) -> set[str]:
        """The rules because of which two places do different things.

        A case has many rules in it. The one counts over which the two part first, of those of which the spec
        says that the places differ. If it says so of none, those count that tell of the behaviours without
        which the places would do the same.
        """
        steps = self._steps[target], self._steps[another]
        for pair in zip_longest(*steps):
            unlike = {
                step.rule for step in pair if step is not None and not all(step in one for one in steps)
            }
            if told := {rule for rule in unlike if self._targets.told_apart(rule, target, another)}:
                return told
        both = {step.rule for step in chain(*steps)}
        if told := {rule for rule in both if self._targets.told_apart(rule, target, another)}:
            return told
        # To find causes is dear, and places of which the same is foretold part for the same ones.
        foretold = self._foretold[target], self._foretold[another]
        if foretold not in self._caused:
            one, other = self._targets.dialects[target], self._targets.dialects[another]
            found = causes(self.compared.case, one, other)
            self._caused[foretold] = [behaviours()[cause.behaviour].rules for cause in found]
        return {next((rule for rule in rules if rule in both), rules[0]) for rules in self._caused[foretold]}
