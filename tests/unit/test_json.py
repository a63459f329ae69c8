"""Cases and outcomes as JSON: writing and reading them loses nothing, and malformed data is reported."""

import json
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from cmdpoint.conformance.strategies.everything import all_cases
from cmdpoint.oracle import Case, Dialect, Image, ImageConfig, Refusal, Request, predict
from cmdpoint.oracle.case import Commit, Import, Load, Origin, PyCall, Tag
from cmdpoint.oracle.comparison import LEVELS, expected_at
from cmdpoint.oracle.interchange.case import case_data, read_case
from cmdpoint.oracle.interchange.json_values import Malformed
from cmdpoint.oracle.interchange.outcome import observed_data, read_observed
from cmdpoint.oracle.outcome import Codes
from cmdpoint.spec.rules import all_rules

DIALECT = Dialect.newest()

SURROGATES = "\udcff\udfff\ud800"
"""An escaped byte that is not UTF-8, and two surrogates in an order that is not a pair.

In the reverse order, JSON would read the two as one character; no bytes are decoded to such a pair.
"""


def round_trip(data: object) -> Any:
    """Write data as JSON in UTF-8, and read it again."""
    return json.loads(json.dumps(data).encode("utf-8").decode("utf-8"))


def check(case: Case) -> None:
    """Check that a round trip changes neither the case nor its prediction."""
    assert read_case(round_trip(case_data(case))) == case
    prediction = predict(case, DIALECT)
    for level in LEVELS:
        seen = expected_at(level, prediction)
        read = read_observed(round_trip(observed_data(seen)))
        assert observed_data(read) == observed_data(seen)
        if not isinstance(seen, Refusal):
            assert read == seen


@pytest.mark.slow
def test_generated_cases_survive_a_round_trip() -> None:
    """This holds for every case that a strategy generates."""

    @hypothesis.given(all_cases())
    def explore(case: Case) -> None:
        check(case)

    explore()


def test_examples_of_the_spec_survive_a_round_trip() -> None:
    """This holds for every example."""
    lost = {}
    for rule in all_rules().values():
        for example in rule.examples:
            try:
                check(example.case)
            except AssertionError as error:
                lost[f"{example.chapter}:{example.line}"] = error
    assert lost == {}


ORIGINS: list[Origin] = [
    Image(f"a{SURROGATES}", f"FROM probe\nCMD {SURROGATES}\n", SURROGATES, ((SURROGATES, SURROGATES),)),
    Image("a", "", ""),
    Commit("a", "probe", Request((SURROGATES,), None, ("A=b",), "/w", "u", init=True), (SURROGATES, "")),
    Commit("a", "probe", Request((), ())),
    Import("a", (SURROGATES,)),
    Load("a", json.dumps({"Cmd": [SURROGATES]}, ensure_ascii=False)),
    Load("a", ' {"Cmd": null, "Cmd": ["x"]}\n'),
    Tag("a", "probe"),
]


@pytest.mark.parametrize("origin", ORIGINS, ids=lambda origin: type(origin).__name__)
def test_every_origin_of_an_image_survives_a_round_trip(origin: Origin) -> None:
    """This holds for each origin with every field set, and for characters that UTF-8 cannot hold."""
    calls = (PyCall(SURROGATES, (SURROGATES,)), PyCall((), ""), PyCall())
    for request in (Request(), Request(None, ()), *calls):
        case = Case((origin,), request)
        assert read_case(round_trip(case_data(case))) == case


def test_observed_results_survive_a_round_trip() -> None:
    """This holds for results that were not predicted: any words, any exit codes, any line of a refusal."""
    text = st.text(st.characters() | st.just("\udcff"))
    listed = st.lists(text, max_size=3).map(tuple)
    codes = st.builds(Codes, *[st.none() | st.integers(0, 500)] * 4)
    lines, images = st.none() | st.integers(1, 9), st.none() | text
    refusals = st.builds(
        Refusal,
        st.sampled_from(["parse", "start"]),
        st.sampled_from(["unclassified", "not-found"]),
        st.just(""),
        lines,
        images,
        codes,
    )
    configs = st.builds(ImageConfig, listed, listed, listed, listed)

    @hypothesis.given(st.one_of(refusals, configs))
    def explore(seen: Refusal | ImageConfig) -> None:
        read = read_observed(round_trip(observed_data(seen)))
        assert read == seen
        if isinstance(read, Refusal) and isinstance(seen, Refusal):
            assert read.codes == seen.codes

    explore()


IMAGE = {"name": "i", "dockerfile": "FROM probe"}


@pytest.mark.parametrize(
    ("data", "phrase"),
    [
        ([], "the case is not an object"),
        ({}, "images is not a list"),
        ({"images": [{"name": "i"}]}, "none of dockerfile, commit, import, load, tag"),
        ({"images": [{**IMAGE, "tag": {"base": "probe"}}]}, "several of dockerfile, tag"),
        ({"images": [{"name": "i", "tag": {"base": "i"}}]}, "is made from 'i'"),
        ({"images": [{"name": "i", "commit": {"base": "later"}}, {**IMAGE, "name": "later"}]}, "'later'"),
        ({"images": [{"name": "i", "commit": {"base": "probe", "run": {"docker_run": []}}}]}, "docker_run"),
        ({"images": [{"name": "i", "tag": {"base": "probe"}, "target": "x"}]}, "target"),
        ({"images": [{"name": "i", "load": {"config": "[]"}}]}, "is not an object"),
        ({"images": [{"name": "i", "load": {"config": "{"}}]}, "not JSON"),
        ({"images": [{"name": "i", "load": {"config": "[" * 100_000}}]}, "not JSON"),
        ({"images": [{"name": "i", "import": {"changes": "x"}}]}, "changes is not a list"),
        ({"images": [], "run": {"docker_py": {"command": 1}}}, "run.docker_py.command is not a list"),
        ({"images": [], "run": {"docker_py": {}, "Cmd": []}}, "'Cmd'"),
    ],
)
def test_what_is_not_a_case_is_reported(data: Any, phrase: str) -> None:
    """The message names the value that is wrong."""
    with pytest.raises(Malformed, match=phrase):
        read_case(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"codes": {}},
        {"config": {}, "process": {"argv": []}},
        {"config": {}, "codes": {}},
        {"config": {"entrypoint": []}},
        {"process": {"argv": "x"}},
        {"process": {"argv": ["x"]}, "codes": {"state": True}},
        {"process": {"argv": ["x"]}, "codes": {"stat": 1}},
        {"refusal": {"phase": "parse"}},
        {"refusal": {"phase": "never", "kind": "not-found"}},
        {"refusal": {"phase": "start", "kind": ["not-found"]}},
        {"refusal": {"phase": "start", "kind": "not-found", "line": None}},
    ],
)
def test_values_without_a_visible_effect_are_reported(data: Any) -> None:
    """A result with two meanings, or with none, is malformed."""
    with pytest.raises(Malformed):
        read_observed(data)
