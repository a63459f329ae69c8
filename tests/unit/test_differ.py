"""The behaviours in which two dialects differ, and the causes of a difference in what runs."""

from random import Random

import pytest

from cmdpoint.oracle import Case, Dialect, Image, predict
from cmdpoint.oracle.case import Load
from cmdpoint.oracle.comparison import answer
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.changes import changes, differing
from cmdpoint.oracle.dialect.known import known_dialects, runtime_dialects
from cmdpoint.oracle.explain.causes import Cause, causes
from cmdpoint.oracle.prediction_cache import PredictionCache
from cmdpoint.spec.rules import all_rules

pytestmark = pytest.mark.slow

OLD = Dialect.from_name("docker-20.10.24")
NEW = Dialect.from_name("docker-28.5.2")
DIALECTS = (*known_dialects(), *runtime_dialects())
ANSWERS = PredictionCache(answer)
EXAMPLES = [example for rule in all_rules().values() for example in rule.examples]


def case(dockerfile: str) -> Case:
    """A case of one image."""
    return Case((Image("app", dockerfile),))


@pytest.mark.parametrize("name", behaviours())
def test_every_behaviour_shows_in_an_example(name: str) -> None:
    """For some example of its rules, another value of this behaviour alone changes the prediction."""
    dialects = [*DIALECTS]
    values = {repr(getattr(dialect, name)): getattr(dialect, name) for dialect in dialects}.values()
    if len(values) == 1:
        pytest.skip("no engine has another value")
    examples = [each.case for each in EXAMPLES if each.rule in behaviours()[name].rules]
    # The notation of examples cannot express a build on an image that the same case loads.
    if name in ("string_for_list", "unreadable_base"):
        loaded = (Load("made", '{"Cmd": "x"}'), Load("made", '{"Cmd": {"a": "b"}}'))
        examples += [Case((each, Image("app", "FROM made\n"))) for each in loaded]
        dialects.append(Dialect.from_name("docker-28.5.2+containerd"))
    assert any(
        ANSWERS.predict(example, dialect) != ANSWERS.predict(example, dialect.with_values({name: value}))
        for example in examples
        for dialect in dialects
        if name in ANSWERS.behaviours_read(example, dialect)
        for value in values
    )


def test_a_change_has_its_version_and_source() -> None:
    """27.1 changed how text after an array is read; the row names the commit."""
    change = next(change for change in changes(OLD, NEW) if change.name == "trailing_text")
    assert (change.before, change.after) == ("ignored", "shell form")
    (version,) = change.versions
    assert version.version == "27.1"
    assert version.source is not None
    assert "80518e257" in version.source
    assert changes(NEW, NEW) == ()


def test_a_change_of_builder_has_no_version() -> None:
    """A difference between the builders of one version is not a change of a version."""
    change = next(change for change in changes(OLD, NEW) if change.name == "bare_cmd")
    assert change.versions == ()


def test_a_downgrade_has_the_same_versions() -> None:
    """The versions between two dialects are the same in both directions."""
    up = {c.name: c.versions for c in changes(OLD, Dialect.from_name("docker-28.5.2/classic"))}
    down = {c.name: c.versions for c in changes(Dialect.from_name("docker-28.5.2/classic"), OLD)}
    assert up
    assert up == down


def test_a_runtime_has_versions_of_its_own() -> None:
    """A change of the runtime names the runtime with its version."""
    change = next(change for change in changes(OLD, NEW) if change.name == "failed_exec_code")
    assert [each.version for each in change.versions] == ["runc-1.2"]


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        ('FROM probe\nCMD ["/a"]\n', []),
        ('FROM probe\nCMD ["/a"] # x\n', [("trailing_text", "FORM-2", 2)]),
        ("FROM probe\nENTRYPOINT\n", [("bare_entrypoint", "SHELL-8", 2)]),
        ("FROM probe\nRUN <<E\nx\nE\nCMD /a\n", [("heredocs", "LEX-25", 2)]),
        (
            'FROM probe\nENTRYPOINT ["/a"] # x\nRUN <<E\nx\nE\nCMD\n',
            [("trailing_text", "FORM-2", 2), ("heredocs", "LEX-25", 3), ("bare_cmd", "SHELL-8", 6)],
        ),
        (
            'FROM probe\nCMD\nENTRYPOINT ["/a"]\n',
            [("bare_cmd", "SHELL-8", 2), ("cmd_counts_as_set", "STATE-3", 2)],
        ),
        (
            "FROM probe AS a\nFROM probe AS a\nCMD x\n",
            [("duplicate_stage_names", "STATE-13", 2)],
        ),
        ("# check=skip=all\n# escape=`\nFROM probe\nCMD a `\n b\n", [("directives", "LEX-5", 1)]),
    ],
)
def test_causes(dockerfile: str, expected: list[tuple[str, str, int]]) -> None:
    """Each behaviour that is a cause has the line and the rule where it takes effect."""
    assert causes(case(dockerfile), OLD, NEW) == tuple(
        Cause(behaviour, rule, "app", line) for behaviour, rule, line in expected
    )


def test_causes_are_sufficient_and_necessary() -> None:
    """On every example, all causes together lead to the other result, and no cause can be left out."""
    explained = 0
    for example in EXAMPLES:
        wanted = answer(predict(example.case, NEW))
        names = [cause.behaviour for cause in causes(example.case, OLD, NEW)]
        explained += bool(names)
        values = {name: getattr(NEW, name) for name in names}
        assert answer(predict(example.case, OLD.with_values(values))) == wanted
        for name in names:
            fewer = {other: value for other, value in values.items() if other != name}
            assert answer(predict(example.case, OLD.with_values(fewer))) != wanted
    assert explained > 30


def test_behaviours_of_any_two_dialects_combine() -> None:
    """A combination of values that no engine has can be predicted too."""
    random, known = Random(5), known_dialects()
    for example in EXAMPLES:
        before, after = random.sample(known, 2)
        found = differing(before, after)
        some = random.sample(found, random.randint(0, len(found)))
        values = {name: getattr(after, name) for name in some}
        assert predict(example.case, before.with_values(values)).steps


@pytest.mark.parametrize("pair", [("docker-28.5.2", "podman-5.4.2"), ("podman-3.0.1", "podman-5.8.6")])
def test_causes_between_other_engines(pair: tuple[str, str]) -> None:
    """There is a cause exactly if the predictions differ."""
    before, after = map(Dialect.from_name, pair)
    for example in EXAMPLES:
        differ = answer(predict(example.case, before)) != answer(predict(example.case, after))
        assert bool(causes(example.case, before, after)) == differ
