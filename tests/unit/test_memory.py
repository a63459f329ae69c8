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
    assert tree.get_with_reads(docker, text) == ("shell form", frozenset(("trailing_text", "heredocs")))


def test_of_a_list_only_the_words_that_are_looked_up_count() -> None:
    """Dialects whose lists differ in other words share the result, also through a function inside."""
    one, other = Dialect.from_name("docker-20.10.24/buildkit"), Dialect.from_name("docker-28.5.2/buildkit")
    assert one.flags != other.flags
    inner: ReadTree[bool] = ReadTree()
    for tree in (ReadTree[bool](), ReadTree[bool]()):
        computed: list[str] = []

        def has_chown(dialect: Dialect, computed: list[str] = computed) -> bool:
            computed.append(dialect.version)
            return inner.get(dialect, lambda each: "COPY --chown=" in each.flags)

        results = [tree.get(one.with_values({"version": "1"}), has_chown)]
        results += [tree.get(other.with_values({"version": "1"}), has_chown)]
        assert results == [True, True]
        assert len(computed) == 1
        assert not tree.get(other.with_values({"version": "1", "flags": ()}), has_chown)
    _, reads = with_reads(lambda each: with_reads(lambda read: "COPY --chown=" in read.flags, each), one)
    assert reads == ("flags",)
    equal = ReadTree[bool]()
    assert [equal.get(each, lambda read: read.flags == one.flags) for each in (one, other)] == [True, False]
    whole = ReadTree[tuple[str, ...]]()
    assert whole.get(one, lambda each: tuple(each.flags)) == one.flags
    assert whole.get(other, lambda each: tuple(each.flags)) == other.flags


def test_of_a_table_only_the_keys_that_are_looked_up_count() -> None:
    """One number of a runtime that differs elsewhere is computed once."""
    dialect = Dialect.from_name("docker-28.5.2")
    changed = {**dialect.start_codes, "folder": (1, 2, 3)}
    computed: list[None] = []

    def code(read: Dialect, key: str) -> tuple[int, int, int]:
        computed.append(None)
        return read.start_codes[key]

    for key in ("not-found", "folder"):
        tree = ReadTree[tuple[int, int, int]]()
        for each in (dialect, dialect.with_values({"start_codes": changed})):
            assert tree.get(each, partial(code, key=key)) == each.start_codes[key]
    assert len(computed) == 3


def test_equal_results_are_one_object() -> None:
    """What is computed of an image is computed once for all dialects that build it alike."""
    tree: ReadTree[list[str]] = ReadTree(content=lambda result: result)
    names = ("docker-28.5.2", "podman-5.4.2", "docker-27.0.3")
    one, other, third = (tree.get(Dialect.from_name(name), lambda each: [each.engine]) for name in names)
    assert one is third
    assert other == ["podman"]


def test_another_builders_values_count_as_reads() -> None:
    """A trigger that the other builder checks depends on this dialect's target."""
    case = Case((Image("a", "FROM probe\nONBUILD RUN x\n"), Image("image", "FROM a\nCMD x\n")))
    dialect = Dialect.from_name("docker-28.5.2/classic")
    _, reads = with_reads(lambda each: each.beside("buildkit").heredocs, dialect)
    assert {"engine", "version", "builder", "heredocs"} <= set(reads)
    assert set(with_reads(lambda each: predict(case, each), dialect)[1]) & set(behaviours())
