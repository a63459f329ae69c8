"""Which examples of the specification a run starts, and for which starts it calls the client.

To start a container takes thirty times as long as to create it, and to call the client two thirds of that.
So a quick run starts an example only if no earlier one is started by the same rules, and depends on the same
behaviours; it compares the others at a lower level. It calls the client only where that decides the result. A
thorough run starts each example, of an image on one of the builders.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Final, Literal

from cmdpoint.conformance.behaviours_tested import predicted_examples
from cmdpoint.conformance.profiles import at_least
from cmdpoint.oracle import Case, CommandLine, Dialect, Outcome, Prediction, Refusal, predict
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.dialect.reads import with_reads
from cmdpoint.oracle.images import probe
from cmdpoint.oracle.predict import images_of, predict_run
from cmdpoint.spec.example import Example
from cmdpoint.spec.expectation import as_text, matches
from cmdpoint.spec.rule import Rule
from cmdpoint.spec.rules import all_rules

Kind = Literal["image", "request", "start"]
"""What the rule of an example is about: an image, the request for a container, or its start."""


def _of(rules: Iterable[Rule]) -> list[Example]:
    return [example for rule in rules for example in rule.examples]


EXAMPLES: Final[Mapping[Kind, list[Example]]] = {
    "image": _of(rule for rule in all_rules().values() if rule.depends_on_builder),
    "request": _of(
        rule for rule in all_rules().values() if not rule.depends_on_builder and not rule.depends_on_runtime
    ),
    "start": _of(rule for rule in all_rules().values() if rule.depends_on_runtime),
}
"""The examples of each kind, in the order of the specification."""


def compared(kind: Kind, number: int, dialect: Dialect, numbers: range | None = None) -> tuple[Case, Level]:
    """What a run compares for an example: its case, without the client where possible, and the level.

    A container that need not start is only created, if that shows the result, too.

    Args:
        kind: The kind of the example.
        number: Its number among the examples of that kind.
        dialect: The dialect of the target.
        numbers: The numbers of the examples that the target may start; None for all.
    """
    example = EXAMPLES[kind][number]
    needs_client = kind == "request" or (kind == "start" and decides_exit_code(number, dialect))
    case = example.case if needs_client else _without_client(example, dialect)
    # Whether a program starts does not show before.
    if kind == "start" or example.level != "observed" or is_started(kind, number, dialect, numbers):
        return case, example.level
    prediction = predict(case, dialect)
    # `docker create` has fewer options than `docker run`, and other exit codes.
    if kind == "request" and (isinstance(prediction.planned, Refusal) or "CLI-10" in prediction.rules):
        return case, "observed"
    expected = example.expected(dialect)
    is_shown = expected is None or matches(expected, as_text(prediction.planned))
    return case, "planned" if is_shown else "observed"


def _without_client(example: Example, dialect: Dialect) -> Case:
    """The example with the request that its client sends, if it sends one and that has the same outcome."""
    prediction = predict(example.case, dialect)
    case = Case(example.case.images, prediction.request or example.case.request)
    return case if predict(case, dialect).outcome == prediction.outcome else example.case


def is_started(kind: Kind, number: int, dialect: Dialect, numbers: range | None = None) -> bool:
    """Whether an example is started.

    Args:
        kind: The kind of the example.
        number: Its number among the examples of that kind.
        dialect: The dialect of the target.
        numbers: The numbers of the examples that the target may start; None for all.
    """
    some = range(len(EXAMPLES[kind])) if numbers is None else numbers
    return number in some and _is_first(number, some, _starts(kind, dialect))


def decides_exit_code(number: int, dialect: Dialect) -> bool:
    """Whether an example of a start needs the client, which chooses the exit code.

    It does if its rule is about the client, or if no earlier example has the same exit code and depends on
    the same behaviours.

    Args:
        number: The number of the example among those of starts.
        dialect: The dialect of the target.
    """
    some = range(len(EXAMPLES["start"]))
    return EXAMPLES["start"][number].rule.startswith("CLI-") or _is_first(number, some, _exit_codes(dialect))


def same_on(example: Example, dialects: Sequence[Dialect]) -> bool:
    """Whether an example has the same predicted outcome, with the same codes, in some dialects."""
    first, *others = (predict(example.case, dialect).outcome for dialect in dialects)
    return all((each, each.codes) == (first, first.codes) for each in others)


def _is_first(number: int, numbers: range, of: Sequence[object]) -> bool:
    return at_least("thorough") or next(each for each in numbers if of[each] == of[number]) == number


@cache
def _starts(kind: Kind, dialect: Dialect) -> list[object]:
    """How each example is started: by which rules, whether it runs or why not, and what decides that.

    What is refused before is unique. Examples that are not about a start are all alike.
    """
    return [_start(kind, dialect, *each) for each in predicted(kind, dialect)]


def _start(
    kind: Kind, dialect: Dialect, example: Example, prediction: Prediction, reads: Collection[str]
) -> object:
    if example.level != "observed":
        return None
    if isinstance(prediction.planned, Refusal):
        return example
    rules = frozenset(step.rule for step in prediction.steps if step.phase == "start")
    # A rule about starts may leave no step at a start, such as EXEC-21.
    about = example.rule if kind == "start" else ""
    if kind != "start" and shows_in_argv(prediction):
        reads = _reads_of_run(example.case, dialect)
    return about, type(example.case.request), rules, _refused(prediction.outcome), frozenset(reads)


def shows_in_argv(prediction: Prediction) -> bool:
    """Whether the argv of a created container shows all that the build has changed.

    It does not show variables, the user, the working directory and files.
    """
    config = prediction.config
    return config is not None and (config.setting, config.files_at_start) == (probe.SETTING, probe.FILES)


def _reads_of_run(case: Case, dialect: Dialect) -> tuple[str, ...]:
    """The behaviours on which it depends how the image of a case is run, but not how it is made."""
    run = partial(predict_run, images_of(case.images, dialect, None), case, has_bases=False)
    return with_reads(run, dialect)[1]


@cache
def _exit_codes(dialect: Dialect) -> list[object]:
    """The exit code of each example of a start, and what decides it. Only a command line has one."""
    return [
        isinstance(example.case.request, CommandLine)
        and (_refused(prediction.outcome), prediction.outcome.codes, frozenset(reads))
        for example, prediction, reads in predicted("start", dialect)
    ]


def _refused(outcome: Outcome) -> str | None:
    return outcome.kind if isinstance(outcome, Refusal) else None


def predicted(kind: Kind, dialect: Dialect) -> Iterator[tuple[Example, Prediction, Collection[str]]]:
    """The examples of a kind in their order, with their predictions and the behaviours that these read."""
    found = {id(each[0]): each for each in predicted_examples(dialect)}
    return (found[id(example)] for example in EXAMPLES[kind])
