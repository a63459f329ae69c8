"""What the oracle remembers changes no prediction."""

from functools import partial
from random import Random

from cmdpoint.oracle import Dialect, memory
from cmdpoint.oracle.case import Case, Image
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.changes import differing
from cmdpoint.oracle.dialect.known import known_dialects, runtime_dialects
from cmdpoint.oracle.dialect.reads import ReadTree, with_reads
from cmdpoint.oracle.predict import predict
from cmdpoint.spec.rules import all_rules

CASES = [example.case for rule in all_rules().values() for example in rule.examples]
DIALECTS = (*known_dialects(), *runtime_dialects())


def test_predictions_do_not_depend_on_earlier_ones() -> None:
    """With everything remembered, and with nothing, the predictions are the same, steps included."""
    random = Random(3)
    some = [(case, random.choice(DIALECTS)) for case in random.sample(CASES, 150)]
    for case, _ in some:
        for dialect in random.sample(DIALECTS, 6):
            predict(case, dialect)
    remembered = [predict(case, dialect) for case, dialect in some]
    for (case, dialect), prediction in zip(some, remembered, strict=True):
        memory.forget()
        assert predict(case, dialect) == prediction


def test_a_value_that_is_not_read_changes_nothing() -> None:
    """The reads of a prediction name every behaviour that another dialect could change it by."""
    random = Random(4)
    for case in random.sample(CASES, 150):
        one, other = random.sample(DIALECTS, 2)
        prediction, reads = with_reads(partial(predict, case), one)
        same = all(getattr(one, name) == getattr(other, name) for name in reads)
        if same:
            assert predict(case, other) == prediction
        assert same or set(reads) & {
            *differing(one, other),
            "engine",
            "version",
            "builder",
            "store",
            "runtime",
        }


def test_a_tree_computes_once_for_equal_reads() -> None:
    """Dialects that differ only elsewhere share the result; others do not."""
    docker, podman = Dialect.from_name("docker-28.5.2"), Dialect.from_name("podman-5.4.2")
    computed: list[str] = []

    def text(dialect: Dialect) -> str:
        computed.append(dialect.trailing_text)
        return dialect.trailing_text if dialect.heredocs else ""

    tree: ReadTree[str] = ReadTree()
    assert tree.get(docker, text) == tree.get(Dialect.from_name("docker-29.7.2"), text) == "shell form"
    assert len(computed) == 1
    assert tree.get(podman, text) == podman.trailing_text
    assert len(computed) == 2
    assert tree.reads(docker, text) == {"trailing_text", "heredocs"}


def test_another_builders_values_count_as_reads() -> None:
    """A trigger that the other builder checks depends on this dialect's target."""
    case = Case((Image("a", "FROM probe\nONBUILD RUN x\n"), Image("image", "FROM a\nCMD x\n")))
    dialect = Dialect.from_name("docker-28.5.2/classic")
    _, reads = with_reads(lambda each: each.beside("buildkit").heredocs, dialect)
    assert {"engine", "version", "builder", "heredocs"} <= set(reads)
    assert set(with_reads(lambda each: predict(case, each), dialect)[1]) & set(behaviours())
