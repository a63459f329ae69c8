"""One compared case, replayed: what the oracle says for each place, and the rules that set places apart."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, product, zip_longest

from oracle import show
from oracle.behaviour import behaviours
from oracle.dialect import Dialect
from oracle.differ import causes
from oracle.model import Case, ImageConfig
from oracle.outcome import Outcome, Prediction, Step, agree
from oracle.predict import predict
from report.compared import expected_at, steps_at
from report.tally import COSTS, Cost
from spec.rules import Rule

Seen = Outcome | ImageConfig
"""What a place did."""

Pair = frozenset[str]
"""Two places."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A case at some cost, and what places did.

    Attributes:
        case: The case.
        cost: What was looked at.
        seen: What each place did; one that was asked twice may stand there with two answers.
    """

    case: Case
    cost: Cost
    seen: tuple[tuple[str, Seen], ...]

    @property
    def size(self) -> tuple[int, int, int]:
        """What makes one example smaller than another: fewer images, less text, more of it to be seen."""
        asked = "" if self.cost == "config" else show.request(self.case.request, "IMAGE")
        told = sum(len(line) for image in self.case.images for line in show.how(image))
        return len(self.case.images), told + len(asked), -COSTS.index(self.cost)


@dataclass(frozen=True, slots=True)
class Answer:
    """What some places did alike.

    Attributes:
        places: Their names.
        seen: What they did.
        wrong: Those of them where the oracle says something else, with what it says.
    """

    places: tuple[str, ...]
    seen: Seen
    wrong: Mapping[str, Seen]


class Places:
    """The places, and where the spec itself says that they are not alike.

    Attributes:
        dialects: The dialect of each place, by name.
    """

    def __init__(self, dialects: Mapping[str, Dialect], rules: Iterable[Rule]) -> None:
        """Read what the rules' examples say of each place."""
        self.dialects = dialects
        self._told = {
            rule.id: {
                place: tuple(example.expected(dialect) for example in rule.examples)
                for place, dialect in dialects.items()
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

    def __init__(self, compared: Compared, places: Places) -> None:
        """Replay.

        Args:
            compared: What was seen.
            places: The places it was seen in, or more.
        """
        self.compared = compared
        self.rules: dict[str, set[str]] = defaultdict(set)
        self._places = places
        self._steps: dict[str, tuple[Step, ...]] = {}
        self._foretold: dict[str, Prediction] = {}
        self._caused: dict[tuple[Prediction, Prediction], list[tuple[str, ...]]] = {}
        answers: list[tuple[dict[str, None], Seen, dict[str, Seen]]] = []
        for place, seen in compared.seen:
            prediction = self._foretold[place] = predict(compared.case, places.dialects[place])
            expected = expected_at(compared.cost, prediction)
            self._steps[place] = steps_at(compared.cost, prediction)
            for step in self._steps[place]:
                self.rules[step.rule].add(place)
            same = next((answer for answer in answers if agree(answer[1], seen)), None)
            if same is None:
                answers.append(same := ({}, seen, {}))
            same[0][place] = None
            if not agree(expected, seen):
                same[2][place] = expected
        self.answers = tuple(Answer(tuple(who), seen, wrong) for who, seen, wrong in answers)
        self.wrong = frozenset(place for answer in self.answers for place in answer.wrong)

    @cached_property
    def apart(self) -> Mapping[str, frozenset[Pair]]:
        """For each rule that sets places apart in this case, the pairs; both do as the oracle says."""
        apart: dict[str, set[Pair]] = defaultdict(set)
        for one, other in combinations(self.answers, 2):
            for place, another in product(one.places, other.places):
                if place != another and not self.wrong & {place, another}:
                    for rule in self._why(place, another):
                        apart[rule].add(frozenset((place, another)))
        return {rule: frozenset(pairs) for rule, pairs in apart.items()}

    def _why(self, place: str, another: str) -> set[str]:
        """The rules because of which two places do different things.

        A case has many rules in it. The one counts over which the two part first, of those of which the spec
        says that the places differ. If it says so of none, those count that tell of the behaviours without
        which the places would do the same.
        """
        steps = self._steps[place], self._steps[another]
        for pair in zip_longest(*steps):
            unlike = {
                step.rule for step in pair if step is not None and not all(step in one for one in steps)
            }
            if told := {rule for rule in unlike if self._places.told_apart(rule, place, another)}:
                return told
        both = {step.rule for step in chain(*steps)}
        if told := {rule for rule in both if self._places.told_apart(rule, place, another)}:
            return told
        # To find causes is dear, and places of which the same is foretold part for the same ones.
        foretold = self._foretold[place], self._foretold[another]
        if foretold not in self._caused:
            one, other = self._places.dialects[place], self._places.dialects[another]
            found = causes(self.compared.case, one, other)
            self._caused[foretold] = [behaviours()[cause.behaviour].rules for cause in found]
        return {next((rule for rule in rules if rule in both), rules[0]) for rules in self._caused[foretold]}
