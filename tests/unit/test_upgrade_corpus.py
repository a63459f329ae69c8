"""What an upgrade changes for realistic Dockerfiles, compared with expectations written by hand."""

import pytest

from cmdpoint.bases.given import Bases
from cmdpoint.cli.tree import dockerfiles
from cmdpoint.oracle import Case, Dialect, Image, ImageConfig, predict
from cmdpoint.upgrade.compare import IMAGE, Build, Difference, differences
from tests.corpus import EXPECTED, FOLDER, argv_or_refusal, text

OLD = Dialect.from_name("docker-20.10.24")
NEW = Dialect.from_name("docker-28.5.2")


def test_every_dockerfile_is_found_and_expected() -> None:
    """The corpus is large enough, and an upgrade changes many of its Dockerfiles."""
    found = [str(path).removeprefix(f"{FOLDER}/") for path in dockerfiles([str(FOLDER)])]
    assert set(found) == set(EXPECTED)
    assert len(found) >= 50
    assert sum("kind" in each for each in EXPECTED.values()) >= 20


@pytest.mark.parametrize("name", EXPECTED)
def test_the_outcomes(name: str) -> None:
    """The argv before and after, or the refusal, is as expected."""
    expected = EXPECTED[name]
    case = Case((Image(IMAGE, text(name)),))
    before, after = (predict(case, dialect, Bases({})).outcome for dialect in (OLD, NEW))
    assert argv_or_refusal(before) == expected.get("before", expected.get("both"))
    assert argv_or_refusal(after) == expected.get("after", expected.get("both"))


@pytest.mark.parametrize("name", EXPECTED)
def test_the_changes(name: str) -> None:
    """The kind of change and its causes (behaviour, rule and line) are as expected."""
    expected = EXPECTED[name]
    bases = Bases({})
    case = Case((Image(IMAGE, text(name)),))
    for dialect in (OLD, NEW):
        predict(case, dialect, bases)
    configs = dict.fromkeys(bases.unknown, ImageConfig())
    found = list(differences(text(name), Build(), OLD, NEW, configs))
    if "kind" not in expected:
        assert found == []
        return
    (difference,) = found
    assert isinstance(difference, Difference)
    assert difference.kind == expected["kind"]
    # A cause that no single line shows has none.
    causes = [[cause.behaviour, cause.rule, cause.line or "no line"] for cause in difference.causes]
    assert causes == expected["causes"]
