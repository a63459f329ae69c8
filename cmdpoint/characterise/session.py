"""An engine is asked what tells the values of behaviours apart, builder by builder."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cmdpoint.characterise.inference import Found, Inference
from cmdpoint.characterise.known_values import of_place, traits, with_runtimes
from cmdpoint.characterise.pool import Question, questions
from cmdpoint.characterise.predictions import Recall, Seen
from cmdpoint.characterise.rows import Target, rows
from cmdpoint.characterise.variants import variants
from cmdpoint.engines.driver.build import usable_builders
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.driver.labels import Owner, clear, clear_abandoned
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.find import find
from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.dialect.data import version_number
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.oracle.outcome import Outcome
from cmdpoint.spec.rules import all_rules

Progress = Callable[[str], None]
"""Is told what takes time."""


@dataclass(frozen=True, slots=True)
class Builder:
    """What was found out of a builder.

    Attributes:
        name: Its name.
        start: What the data file says of it, or None where it has no row for it.
        found: What was found.
        inference: How.
        seconds: How long that took.
    """

    name: str
    start: Dialect | None
    found: Found
    inference: Inference
    seconds: float


@dataclass(slots=True)
class Characterised:
    """What was found out of an engine.

    Attributes:
        engine: Its product.
        version: As it reports it, without what a distribution adds.
        name: What it is called.
        store: Its image store; empty for the usual one.
        runtime: What starts its containers.
        left_out: The builders that cannot be asked over the API alone.
        builders: The others.
    """

    engine: str
    version: str
    name: str
    store: str
    runtime: str
    left_out: tuple[str, ...]
    builders: list[Builder] = field(default_factory=list)

    @property
    def rows(self) -> str:
        """The rows to add to the data file."""
        targets = [Target(each.name, each.start, each.found.dialect) for each in self.builders]
        return rows(self.engine, self.version, self.store, self.runtime, targets)


def characterise(where: str, progress: Progress, *, everything: bool = False) -> Characterised:
    """Characterise an engine.

    Args:
        where: As `engines.find.find` takes it.
        progress: Told what takes time.
        everything: Ask every example, not only those that tell values apart.

    Raises:
        Fault: The engine cannot be had, or died.
    """
    here = find(where, progress)
    try:
        engine = here.connect()
        try:
            return characterised(engine, here.client(engine.product), progress, everything=everything)
        finally:
            engine.close()
    finally:
        here.stop()


def characterised(
    engine: Engine,
    client: Client,
    progress: Progress,
    *,
    everything: bool = False,
    taken_for: Callable[[str], Dialect | None] | None = None,
) -> Characterised:
    """Characterise an engine that is connected.

    Args:
        engine: The engine.
        client: Its `docker` or `podman` command.
        progress: Told what takes time.
        everything: Ask every example, not only those that tell values apart.
        taken_for: What each builder is taken for at first; by default what the data file says of it.

    Raises:
        Fault: It died, or its disk is full.
    """
    owner = Owner.this_process()
    clear_abandoned(engine)
    usable = usable_builders(engine, owner.labels)
    clear(engine, owner)
    version = ".".join(map(str, version_number(engine.version)))
    left_out = tuple(each for each in engine.builders if each not in usable)
    told = Characterised(engine.product, version, engine.name, engine.store, engine.runtime, left_out)
    told_apart = traits(engine.product)
    examples, recall = questions(all_rules().values()), Recall()
    pool = (*examples, *variants(examples, told_apart))
    for name in usable:
        begin = time.monotonic()
        start = (
            taken_for(name)
            if taken_for
            else of_place(engine.product, engine.version, name, engine.runtime, engine.store)
        )
        known = _known(engine, name)
        with LiveTarget(engine, name, owner, client) as live:
            asker = _Asker(live, progress)
            inference = Inference(pool, told_apart, recall, asker.ask)
            first = start or known[-1]
            known += with_runtimes(first)
            found = inference.run(first, known, everything=everything)
        told.builders.append(Builder(name, start, found, inference, time.monotonic() - begin))
    return told


def _known(engine: Engine, builder: str) -> list[Dialect]:
    """The dialects that an engine may be near to: those of its builder, or where there are none, all."""
    all_known = known_dialects()
    same = [each for each in all_known if (each.engine, each.builder) == (engine.product, builder)]
    return [
        of_place(each.engine, each.version, each.builder, engine.runtime, each.store) or each
        for each in same or all_known
    ]


class _Asker:
    """Asks one builder, each question once."""

    def __init__(self, live: LiveTarget, progress: Progress) -> None:
        self._live = live
        self._progress = progress
        self._asked = 0

    def ask(self, question: Question) -> Seen:
        """What the builder does."""
        self._asked += 1
        if self._asked % 20 == 0:
            self._progress(f"{self._live}: {self._asked} questions asked")
        # What is observed is planned on the way.
        return {level: self._see(question, level) for level in reversed(question.levels)}

    def _see(self, question: Question, level: Level) -> Outcome | ImageConfig:
        match level:
            case "config":
                return self._live.config(question.case.images)
            case "planned":
                return self._live.planned(question.case)
            case "observed":
                return self._live.observed(question.case)
