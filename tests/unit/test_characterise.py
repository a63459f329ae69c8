"""`cmdpoint characterise`, without an engine: the oracle plays one that the data file says less of."""

import tomllib
from collections import Counter
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from cmdpoint.characterise.inference import Found, Inference
from cmdpoint.characterise.known_values import of_place, traits, with_runtimes
from cmdpoint.characterise.pool import Question, questions
from cmdpoint.characterise.predictions import Recall, Seen
from cmdpoint.characterise.rows import Target, rows
from cmdpoint.characterise.variants import variants
from cmdpoint.oracle import Dialect
from cmdpoint.oracle.comparison import expected_at
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.data import dialect_data, version_number
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.oracle.predict import predict
from cmdpoint.spec.rules import all_rules

FULL = dialect_data()
RECALL = Recall()
EXAMPLES = questions(all_rules().values())
POOL = (*EXAMPLES, *variants(EXAMPLES, traits("docker")))


def _is_first(row: dict[str, Any]) -> bool:
    """Whether it is of the oldest version: without it, nothing is described."""
    same = [each["since"] for each in FULL["row"] if each["engine"] == row["engine"]]
    return bool(row["since"] == min(same, key=version_number))


ROWS = [at for at, row in enumerate(FULL["row"]) if not _is_first(row) and set(row) & set(behaviours())]


def let_it_say(data: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the data file say something else."""
    for name in (
        "cmdpoint.oracle.dialect.data",
        "cmdpoint.oracle.dialect.dialect",
        "cmdpoint.oracle.dialect.known",
        "cmdpoint.oracle.dialect.unknown",
        "cmdpoint.characterise.known_values",
        "cmdpoint.characterise.rows",
    ):
        monkeypatch.setattr(f"{name}.dialect_data", lambda: data)


def characterise(truth: Dialect, start: Dialect, known: list[Dialect], *, everything: bool = False) -> Found:
    """What is found out of an engine that does as a dialect says; it is asked each question once."""
    asked: Counter[Question] = Counter()

    def ask(question: Question) -> Seen:
        asked[question] += 1
        assert asked[question] == 1
        return RECALL.told(question.case, truth)

    return Inference(POOL, traits(truth.engine), RECALL, ask).run(start, known, everything=everything)


def of_builder(dialect: Dialect) -> list[Dialect]:
    """The dialects of a builder that the data file describes."""
    target = (dialect.engine, dialect.builder)
    return [each for each in known_dialects() if (each.engine, each.builder) == target]


def lost(found: Found, truth: Dialect) -> dict[str, Any]:
    """The traits whose value was neither found nor told to be open, with the value."""
    excused = {(trait, value) for trait, values in found.open for value in values}
    excused |= {(trait, trait.of(truth)) for trait in found.idle}
    excused |= {(trait, trait.of(truth)) for first, second, _ in found.rivals for trait in (first, second)}
    return {
        str(trait): trait.of(truth)
        for trait in traits(truth.engine)
        if trait.of(found.dialect) != trait.of(truth) and (trait, trait.of(truth)) not in excused
    }


def test_what_is_recalled_is_what_is_predicted() -> None:
    """For any dialect that differs in any value, whatever was asked before it."""
    random = Random(5)
    for question in random.sample(POOL, 60):
        for name in ("docker-28.5.2/buildkit", "docker-23.0/classic", "podman-5.0"):
            dialect = Dialect.named(name)
            trait = random.choice(traits(dialect.engine))
            other = trait.put(dialect, random.choice(trait.values))
            prediction = predict(question.case, other)
            told = RECALL.told(question.case, other)
            assert all(expected_at(level, prediction) == seen for level, seen in told.items())


@pytest.mark.parametrize(
    ("old", "new", "mistaken"),
    [
        ("docker-20.10/buildkit", "docker-28.5.2/buildkit", set()),
        # Of 23 behaviours that changed, this one is made up for by others that nothing tells apart.
        ("podman-3.0/buildah", "podman-5.8.6/buildah", {"unneeded_stages"}),
    ],
)
def test_all_that_changed_is_found_where_only_the_oldest_is_known(
    old: str, new: str, mistaken: set[str]
) -> None:
    """Every row of a builder but the first ones at once, as long as the values are known."""
    truth, oldest = Dialect.named(new), Dialect.named(old)
    start = of_place(oldest.engine, oldest.version, oldest.builder, truth.runtime, "")
    assert start is not None
    found = characterise(truth, start, [start])
    assert found.unexplained == ()
    assert set(lost(found, truth)) <= mistaken


@pytest.mark.parametrize("at", Random(0).sample(ROWS, 1))
def test_a_row_that_is_deleted_is_found_again(at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The values that other rows know are found, or told to be open; one that none knows is not explained."""
    row = FULL["row"][at]
    builder = row.get("builder", FULL["engine"][row["engine"]]["builders"][0])
    truth = Dialect.of(row["engine"], row["since"], builder, store=row.get("store", ""))
    data = deepcopy(FULL)
    del data["row"][at]
    let_it_say(data, monkeypatch)
    start = of_place(truth.engine, truth.version, builder, truth.runtime, truth.store)
    assert start is not None
    found = characterise(truth, start, of_builder(truth), everything=True)
    known = {str(trait): trait.values for trait in traits(truth.engine)}
    left = lost(found, truth)
    if found.unexplained:
        assert any(value not in known[name] for name, value in left.items())
    # Not every option of a client is in some example, and a value that none knows cannot be told to be open.
    assert found.unexplained or set(left) <= {"unknown_run_options"}
    added = rows(
        truth.engine, truth.version, truth.store, truth.runtime, [Target(builder, start, found.dialect)]
    )
    for kind, more in tomllib.loads(added).items():
        data[kind] += more
    assert of_place(truth.engine, truth.version, builder, truth.runtime, truth.store) == found.dialect


def test_an_engine_that_is_as_described_has_no_row_to_add() -> None:
    """Nothing differs, nothing is unexplained."""
    truth = Dialect.named("docker-28.5.2/classic")
    found = characterise(truth, truth, of_builder(truth))
    assert (found.dialect, found.nearest, found.unexplained) == (truth, truth, ())
    assert rows("docker", "28.5.2", "", truth.runtime, [Target("classic", truth, found.dialect)]) == ""


@pytest.mark.parametrize("name", ["docker-28.5.2/classic/crun-1.21", "podman-5.8.6/buildah/crun-1.28"])
def test_a_runtime_has_a_row_and_a_table_of_its_own(name: str) -> None:
    """Taken for the oldest, it is told to be what it is, with the numbers of a start that is refused."""
    truth = Dialect.named(name)
    start = Dialect.of(truth.engine, truth.version, truth.builder, "crun-0.17")
    found = characterise(truth, start, [start, *with_runtimes(start)])
    assert lost(found, truth) == {}
    added = tomllib.loads(
        rows(truth.engine, truth.version, "", truth.runtime, [Target(truth.builder, start, found.dialect)])
    )
    ((row,), kind) = added.pop("runtime"), truth.runtime.partition("-")
    assert added == {}
    assert (row["name"], row["since"]) == (kind[0], kind[2])
    told = row.pop(f"{truth.engine}_start")
    assert {why: tuple(numbers) for why, numbers in told.items()} == {
        why: numbers[-len(told[why]) :] for why, numbers in truth.start_codes.items()
    }
