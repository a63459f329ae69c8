"""A family tree of images: built, committed, imported and loaded in any order, and run at any time."""

from typing import Any

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from cmdpoint.conformance.comparator import Comparator
from cmdpoint.conformance.portions import Portion
from cmdpoint.conformance.properties import run_property
from cmdpoint.conformance.strategies.cases import requests
from cmdpoint.conformance.strategies.command_lines import command_lines
from cmdpoint.conformance.strategies.dockerfiles import images
from cmdpoint.conformance.strategies.other_images import commits, imports, loads
from cmdpoint.oracle import Case, predict
from cmdpoint.oracle.case import Chain, Origin
from cmdpoint.oracle.images import probe

SHARE = 0.08
"""The number of trees, as a share of the profile's examples."""

STEPS = 8
"""The maximum number of steps of a tree."""


class Family(RuleBasedStateMachine):
    """A state machine whose members are chains: each image with the images that it is built on."""

    comparator: Comparator

    def __init__(self) -> None:
        super().__init__()
        self.members: list[Chain] = []
        self.number = 0

    @rule(data=st.data())
    def build(self, data: st.DataObject) -> None:
        """Build an image on a member, or on the probe."""
        parent = self._parent(data)
        bases = [parent[-1].name] if parent else []
        self._add(parent, data.draw(images(self._name(), [*bases, probe.NAME], tame=True)))

    @precondition(lambda self: self.members)
    @rule(data=st.data())
    def commit(self, data: st.DataObject) -> None:
        """Commit a container of a member."""
        parent = data.draw(st.sampled_from(self.members))
        self._add(parent, data.draw(commits(self._name(), parent[-1].name)))

    @rule(data=st.data())
    def import_(self, data: st.DataObject) -> None:
        """Import an image."""
        self._add((), data.draw(imports(self._name())))

    @rule(data=st.data())
    def load(self, data: st.DataObject) -> None:
        """Load an image whose config may have any values."""
        self._add((), data.draw(loads(self._name())))

    @precondition(lambda self: self.members)
    @rule(data=st.data())
    def build_with_the_name_of_an_ancestor(self, data: st.DataObject) -> None:
        """Build an image with an ancestor's name; images that are built on the ancestor do not change."""
        parent = data.draw(st.sampled_from(self.members))
        name = data.draw(st.sampled_from(parent)).name
        self._add(parent, data.draw(images(name, [parent[-1].name, probe.NAME], tame=True)))

    @precondition(lambda self: self.members)
    @rule(data=st.data())
    def run(self, data: st.DataObject) -> None:
        """Compare what a member runs."""
        member = data.draw(st.sampled_from(self.members))
        self.comparator.observed(member, [data.draw(requests(1))[-1]])

    @precondition(lambda self: self.members)
    @rule(data=st.data())
    def plan(self, data: st.DataObject) -> None:
        """Compare what create fixes for a member, as requested over the API and by the client."""
        member = data.draw(st.sampled_from(self.members))
        self.comparator.planned(member, [*data.draw(requests(6)), data.draw(command_lines())])

    def _parent(self, data: st.DataObject) -> Chain:
        return data.draw(st.sampled_from([(), *self.members])) if self.members else ()

    def _name(self) -> str:
        self.number += 1
        # Not `image3`, which the strategies take for the last of a chain and give a trigger that is a RUN: no
        # program runs in a build.
        return f"member{self.number}"

    def _add(self, parent: Chain, origin: Origin) -> None:
        chain = (*parent, origin)
        self.comparator.config(chain)
        if predict(Case(chain), self.comparator.dialect).config is not None:
            self.members.append(chain)


def test_family(comparator: Comparator, portion: Portion) -> None:
    """Oracle and engine agree on every member."""
    machine: Any = hypothesis.seed(portion.seed)(type("Family", (Family,), {"comparator": comparator}))
    count = max(1, round(portion.examples(SHARE)))
    settings = hypothesis.settings(max_examples=count, stateful_step_count=STEPS, database=portion.database)
    run_property(comparator, lambda: run_state_machine_as_test(machine, settings=settings), portion)
