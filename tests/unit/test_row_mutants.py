"""The mutants of an engine: one for each wrong value of a row, whatever the number of its builders."""

from collections import Counter

from cmdpoint.conformance.value_mutants import value_mutants
from cmdpoint.oracle import Dialect
from tests.mutants.rows import of_engines, row_mutants

CLASSIC = Dialect.of("docker", "28.5.2", "classic")
BUILDKIT = Dialect.of("docker", "28.5.2", "buildkit")
PODMAN = Dialect.of("podman", "5.4.2", "buildah")


def test_the_builders_of_an_engine_belong_together() -> None:
    """Another runtime, another version and another product do not."""
    crun = Dialect.of("docker", "28.5.2", "classic", "crun-1.28")
    older = Dialect.of("docker", "28.3.3", "buildkit")
    assert of_engines([CLASSIC, crun, BUILDKIT, older, PODMAN]) == [
        [CLASSIC, BUILDKIT],
        [crun],
        [older],
        [PODMAN],
    ]


def test_a_shared_value_is_wrong_for_both_builders() -> None:
    """The name of a program is looked up by the engine; the owner of a COPY is read by the builder."""
    changed = {mutants[0].behaviour: mutants for mutants in row_mutants([CLASSIC, BUILDKIT])}
    assert [each.dialect for each in changed["dot_names"]] == [CLASSIC, BUILDKIT]
    assert [each.dialect for each in changed["owners"]] == [BUILDKIT]
    wrong = {each.wrong.dot_names for each in changed["dot_names"]}
    assert len(wrong) == 1
    assert wrong.isdisjoint({CLASSIC.dot_names})


def test_no_wrong_value_is_left_out_or_counted_twice() -> None:
    """Each mutant of each builder's dialect is there once."""
    made = Counter(each.wrong for mutants in row_mutants([CLASSIC, BUILDKIT]) for each in mutants)
    assert made == Counter(each.wrong for one in (CLASSIC, BUILDKIT) for each in value_mutants(one))


def test_an_engine_with_one_builder_has_the_mutants_of_its_dialect() -> None:
    """So has a part of an engine that is chosen by name."""
    assert [[each] for each in value_mutants(PODMAN)] == list(row_mutants([PODMAN]))
