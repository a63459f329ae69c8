"""Each engine does what is predicted for the Dockerfiles of the corpus."""

from functools import cache

import pytest

from cmdpoint.bases.given import Bases
from cmdpoint.conformance.errors import HarnessFault
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.faults import Fault
from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.outcome import Outcome
from cmdpoint.upgrade.compare import Build
from cmdpoint.upgrade.placeholder import PlaceholderBuilder
from cmdpoint.upgrade.verification_text import result_text
from tests.corpus import EXPECTED, argv_or_refusal, text

_EXPECTED_OF = {"docker-20.10.24/classic": "before", "docker-28.5.2/buildkit": "after"}
"""The targets whose outcomes are written by hand in the corpus, and the key of each."""


@pytest.fixture
def placeholder_builder(live: LiveTarget) -> PlaceholderBuilder:
    """A builder with placeholders on the target, the same one each time."""
    return _builder_on(live)


@cache
def _builder_on(live: LiveTarget) -> PlaceholderBuilder:
    return PlaceholderBuilder(live)


@pytest.mark.parametrize("name", EXPECTED)
def test_dockerfile(placeholder_builder: PlaceholderBuilder, name: str) -> None:
    """Built on placeholders, it has the predicted config and argv, which are also those written by hand."""
    try:
        seen = placeholder_builder.observe(text(name), None, Build(), Bases({}))
    except Fault as fault:
        raise HarnessFault(fault) from fault
    prediction = seen.predicted
    config = prediction.outcome if prediction.config is None else prediction.config
    predicted = result_text(config, prediction.planned)
    assert seen.agrees, f"predicted {predicted}, observed {result_text(seen.config, seen.outcome)}"
    side = _EXPECTED_OF.get(str(placeholder_builder.live))
    if side is not None:
        expected = EXPECTED[name].get(side, EXPECTED[name].get("both"))
        assert _without_line(argv_or_refusal(seen.outcome)) == _without_line(expected)


def _without_line(outcome: list[str] | str | None) -> list[str] | str | None:
    """An outcome without the line, which an engine does not always report."""
    return outcome.partition(",")[0] if isinstance(outcome, str) else outcome


def test_a_placeholder_has_the_given_config(placeholder_builder: PlaceholderBuilder) -> None:
    """Two tags of one image have different configs, also with a registry and a build argument."""
    given = {
        "registry.example.com/team/app:1": ImageConfig(("/one",)),
        "registry.example.com/team/app:2": ImageConfig((), ("/two",)),
    }
    arguments = (("BASE", "registry.example.com/team/app"),)
    dockerfile = "ARG BASE\nARG V=2\nFROM ${BASE}:1 AS one\nFROM $BASE:$V\n"
    outcomes: list[Outcome] = []
    for target in ("one", None):
        seen = placeholder_builder.observe(dockerfile, target, Build(arguments=arguments), Bases(given))
        assert seen.agrees
        outcomes.append(seen.outcome)
    assert [argv_or_refusal(outcome) for outcome in outcomes] == [["/one"], ["/two"]]
