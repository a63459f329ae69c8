"""From what an engine does to the value of each of its behaviours.

Few cases suffice: those in which some value of some behaviour would be seen. They are chosen for a dialect,
and their answers lead to another, in which other values would be seen; so it goes on until nothing is left to
ask.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from cmdpoint.characterise.known_values import Trait
from cmdpoint.characterise.pool import Question
from cmdpoint.characterise.predictions import Recall, Seen
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.dialect import Dialect

Ask = Callable[[Question], Seen]
"""Asks the engine, at each cost of the question."""

ROUNDS: Final = 12
"""After how many rounds no more is asked; a round asks what none before it did, so few suffice."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out of a builder of an engine.

    Attributes:
        dialect: The dialect that explains the most.
        nearest: The known dialect that does.
        agreeing: With how many questions each of the two agrees: this and the nearest.
        asked: The questions, with what was seen.
        open: The traits of which more than one value explains everything, with those other values.
        rivals: Where a value is another than at first, another trait that would do instead, with its value.
        idle: The traits that no case asks the dialect for, its other behaviours being what they are.
        unexplained: The questions in which the engine does what no known value explains.
    """

    dialect: Dialect
    nearest: Dialect
    agreeing: tuple[int, int]
    asked: tuple[tuple[Question, Seen], ...]
    open: tuple[tuple[Trait, tuple[Any, ...]], ...]
    rivals: tuple[tuple[Trait, Trait, Any], ...]
    idle: tuple[Trait, ...]
    unexplained: tuple[Question, ...]


class Inference:
    """The search for the dialect of one builder."""

    def __init__(self, pool: Sequence[Question], traits: Sequence[Trait], recall: Recall, ask: Ask) -> None:
        """Prepare it.

        Args:
            pool: What may be asked, the cheapest first.
            traits: What is to be found out.
            recall: The predictions.
            ask: Asks the engine.
        """
        self._pool = pool
        self._traits = traits
        self._recall = recall
        self._ask = ask
        self._seen: dict[Question, Seen] = {}

    def run(self, start: Dialect, known: Sequence[Dialect], *, everything: bool = False) -> Found:
        """Find it.

        Args:
            start: What the engine is taken for at first, and wherever nothing speaks against it.
            known: The dialects of which one may be the nearest.
            everything: Ask the whole pool, not only what tells values apart.
        """
        dialect = start
        for _ in range(ROUNDS):
            chosen = self._choose(start, dialect)
            if not self._seen:
                chosen = list(
                    dict.fromkeys([*chosen, *(self._pool if everything else self._of_rules(chosen))])
                )
            if not chosen:
                break
            for question in chosen:
                self._seen[question] = self._ask(question)
            nearest = max((start, *known), key=self._score)
            # What is known to go together comes first: two values may make up for one another.
            found = max((self._climb(_as_if(nearest, start)), self._climb(dialect)), key=self._score)
            dialect = self._towards(start, found)
        nearest = max((start, *known), key=self._score)
        asked = {name for each in self._pool for name in self._recall.asked(each.case, dialect)}
        still = self._open(dialect)
        return Found(
            dialect,
            nearest,
            (self._explained(dialect), self._explained(nearest)),
            tuple(self._seen.items()),
            tuple(each for each in still if each[0].behaviour in asked),
            tuple((trait, other, value) for trait, other, value, _ in self._rivals(start, dialect)),
            tuple(trait for trait, _ in still if trait.behaviour not in asked),
            tuple(each for each in self._seen if not self._agrees(each, dialect)),
        )

    def told(self, question: Question, dialect: Dialect) -> Seen:
        """What a dialect is predicted to do."""
        return self._recall.told(question.case, dialect)

    def others(self, question: Question, dialect: Dialect) -> dict[Trait, dict[Any, Seen]]:
        """The traits whose values make a difference to a question, with what each would lead to."""
        told = self._recall.told(question.case, dialect)
        found: dict[Trait, dict[Any, Seen]] = {}
        for trait, value in self._alternatives(dialect):
            other = self._recall.told(question.case, trait.put(dialect, value))
            if not _same(question, told, other):
                found.setdefault(trait, {})[value] = other
        return found

    def _alternatives(self, dialect: Dialect) -> list[tuple[Trait, Any]]:
        return [
            (trait, value) for trait in self._traits for value in trait.values if value != trait.of(dialect)
        ]

    def _agrees(self, question: Question, dialect: Dialect) -> bool:
        return _same(question, self._recall.told(question.case, dialect), self._seen[question])

    def _explained(self, dialect: Dialect) -> int:
        return sum(self._agrees(question, dialect) for question in self._seen)

    def _score(self, dialect: Dialect) -> int:
        """With how much of what was seen a dialect agrees."""
        return sum(
            agree(told[level], seen[level])
            for question, seen in self._seen.items()
            for told in [self._recall.told(question.case, dialect)]
            for level in question.levels
        )

    def _untold(self, dialect: Dialect) -> list[tuple[Trait, Any]]:
        """The values that nothing which was asked, and is explained, speaks against."""
        explained = [question for question in self._seen if self._agrees(question, dialect)]
        return [
            (trait, value)
            for trait, value in self._alternatives(dialect)
            for other in [trait.put(dialect, value)]
            if all(self._agrees(question, other) for question in explained)
        ]

    def _rivals(self, start: Dialect, dialect: Dialect) -> Iterator[tuple[Trait, Trait, Any, Dialect]]:
        """The dialects that explain as much with another trait changed in place of one that was."""
        explained = [question for question in self._seen if self._agrees(question, dialect)]
        for trait in self._traits:
            if trait.of(start) not in (None, trait.of(dialect)):
                back = trait.put(dialect, trait.of(start))
                for other, value in self._alternatives(back):
                    rival = other.put(back, value)
                    if other != trait and all(self._agrees(question, rival) for question in explained):
                        yield trait, other, value, rival

    def _of_rules(self, chosen: Sequence[Question]) -> list[Question]:
        """The cheapest question of each rule of which none was chosen: what is new need not be known."""
        cheapest = {question.rule: question for question in reversed(self._pool)}
        for question in chosen:
            cheapest.pop(question.rule, None)
        return list(cheapest.values())

    def _choose(self, start: Dialect, dialect: Dialect) -> list[Question]:
        """The questions that tell a dialect from all that differ from it in one value; few of them."""
        left: dict[tuple[str, str, Any], Dialect] = {
            (str(trait), "", value): trait.put(dialect, value) for trait, value in self._untold(dialect)
        }
        for trait, instead, value, rival in self._rivals(start, dialect):
            left[str(trait), str(instead), value] = rival
        tells: dict[Question, set[tuple[str, str, Any]]] = {}
        for question in self._pool:
            if question not in self._seen:
                told = self._recall.told(question.case, dialect)
                tells[question] = {
                    name
                    for name, other in left.items()
                    if not _same(question, told, self._recall.told(question.case, other))
                }
        chosen: list[Question] = []
        while best := max(tells, key=lambda each: len(tells[each]), default=None):
            if not (gained := tells.pop(best)):
                break
            chosen.append(best)
            for question in tells:
                tells[question] -= gained
        return chosen

    def _climb(self, dialect: Dialect) -> Dialect:
        """Change one value after the other, as long as more is explained; where that ends, two at once."""
        score = self._score(dialect)
        while True:
            before = score
            for trait in self._traits:
                others = [trait.put(dialect, value) for value in trait.values if value != trait.of(dialect)]
                for other in others:
                    if (reached := self._score(other)) > score:
                        dialect, score = other, reached
            if score == before:
                pair = self._two_at_once(dialect, score)
                if pair is None:
                    return dialect
                dialect, score = pair, self._score(pair)

    def _two_at_once(self, dialect: Dialect, score: int) -> Dialect | None:
        """Two values that explain more together, though neither does alone."""
        wrong = [question for question in self._seen if not self._agrees(question, dialect)]
        alternatives = self._alternatives(dialect)
        for at, (trait, value) in enumerate(alternatives):
            one = trait.put(dialect, value)
            for other, another in alternatives[at + 1 :]:
                both = other.put(one, another)
                if any(self._agrees(each, both) for each in wrong) and self._score(both) > score:
                    return both
        return None

    def _towards(self, start: Dialect, found: Dialect) -> Dialect:
        """The dialect in which whatever nothing speaks for is again as it was taken at first."""
        score = self._score(found)
        for trait in self._traits:
            back = trait.put(found, trait.of(start))
            if trait.of(start) is not None and self._score(back) >= score:
                found, score = back, self._score(back)
        return found

    def _open(self, dialect: Dialect) -> list[tuple[Trait, tuple[Any, ...]]]:
        left: dict[Trait, list[Any]] = {}
        for trait, value in self._untold(dialect):
            left.setdefault(trait, []).append(value)
        return [(trait, tuple(values)) for trait, values in left.items()]


def _as_if(near: Dialect, start: Dialect) -> Dialect:
    """A dialect that behaves as one, and is called as another: its version decides what is beside it."""
    values: dict[str, Any] = {name: getattr(near, name) for name in behaviours()}
    return replace(start, **values)


def _same(question: Question, one: Seen, other: Seen) -> bool:
    return all(agree(one[level], other[level]) for level in question.levels)
