"""What an upgrade changes for Dockerfiles as people write them, against what was written down by hand."""

import pytest

from cmdpoint.bases.given import Bases
from cmdpoint.cli.tree import dockerfiles
from cmdpoint.oracle import Case, Dialect, Image, predict
from cmdpoint.upgrade.compare import IMAGE, Build, differences
from tests.corpus import EXPECTED, FOLDER, argv_or_refusal, text

OLD = Dialect.named("docker-20.10.24")
NEW = Dialect.named("docker-28.5.2")


def test_every_dockerfile_is_found_and_expected() -> None:
    """A good part of them changes; what is no Dockerfile is passed over."""
    found = [str(path).removeprefix(f"{FOLDER}/") for path in dockerfiles([str(FOLDER)])]
    assert set(found) == set(EXPECTED)
    assert len(found) >= 50
    assert sum("kind" in each for each in EXPECTED.values()) >= 20


@pytest.mark.parametrize("name", EXPECTED)
def test_the_outcomes(name: str) -> None:
    """What runs before and after, or why nothing does."""
    expected = EXPECTED[name]
    case = Case((Image(IMAGE, text(name)),))
    before, after = (predict(case, dialect, Bases({})).outcome for dialect in (OLD, NEW))
    assert argv_or_refusal(before) == expected.get("before", expected.get("both"))
    assert argv_or_refusal(after) == expected.get("after", expected.get("both"))


@pytest.mark.parametrize("name", EXPECTED)
def test_the_changes(name: str) -> None:
    """Whether it changes, how, and why: behaviour, rule and line."""
    expected = EXPECTED[name]
    found = list(differences(text(name), Build(), OLD, NEW, Bases({})))
    if "kind" not in expected:
        assert found == []
        return
    (difference,) = found
    assert difference.kind == expected["kind"]
    assert [[cause.behaviour, cause.rule, cause.line] for cause in difference.causes] == expected["causes"]
