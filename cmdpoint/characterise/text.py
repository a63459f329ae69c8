"""The report of `cmdpoint characterise` as text."""

from collections.abc import Iterator
from dataclasses import astuple
from itertools import chain
from typing import Any

from cmdpoint.characterise.experiment import Experiment
from cmdpoint.characterise.parameters import Parameter
from cmdpoint.characterise.session import BuilderReport, EngineReport
from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Outcome
from cmdpoint.oracle.prediction_cache import Results
from cmdpoint.upgrade.change_text import outcome_text


def render(report: EngineReport) -> str:
    """The report as text."""
    lines = list(chain.from_iterable(["", *_builder(report, each)] for each in report.builders))[1:]
    for name in report.skipped:
        lines += [
            "",
            f"{report.name}/{name} was skipped: it builds only for a client with an open session.",
        ]
    lines += ["", *_rows(report.rows)]
    return "".join(f"{line}\n" for line in lines)


def _builder(report: EngineReport, builder: BuilderReport) -> Iterator[str]:
    result = builder.result
    count, explained = len(result.observations), result.agreeing[0]
    yield f"{report.name}/{builder.name}"
    yield f"  {count} experiments, {builder.seconds:.0f} s"
    yield f"  nearest described dialect: {result.nearest}, which explains {result.agreeing[1]} of them"
    if builder.start is None:
        yield "  no row of the data file describes it"
    else:
        new = [n for n in behaviours() if getattr(builder.start, n) != getattr(result.dialect, n)]
        behaviour = f"{len(new)} behaviour differs" if len(new) == 1 else f"{len(new)} behaviours differ"
        what = f"{behaviour} from the data file: {', '.join(new)}" if new else "no behaviour differs"
        yield from notation.fold(what, "  ", "    ")
    yield f"  the inferred dialect explains {explained} of {count}"
    yield from _undecided(builder)
    for experiment in result.unexplained:
        yield ""
        yield from _unexplained(builder, experiment, dict(result.observations)[experiment])


def _undecided(builder: BuilderReport) -> Iterator[str]:
    """The values that the experiments do not determine."""
    result = builder.result
    if result.undecided:
        yield from notation.fold(
            f"{len(result.undecided)} undecided, because no example distinguishes the values:",
            "  ",
            "    ",
        )
        for parameter, values in result.undecided:
            chosen = parameter.value(result.dialect)
            others = " or ".join(
                f"{_other(chosen, value)}{_elsewhere(parameter, value, result.dialect)}" for value in values
            )
            yield from notation.fold(f"{parameter}: {_value(chosen)}, or {others}", "    ", "      ")
    for parameter, instead, value in result.alternatives:
        chosen, other = _value(parameter.value(result.dialect)), _value(value)
        yield from notation.fold(f"{parameter} {chosen}, or instead {instead} {other}", "    ", "      ")
    if result.equivalent:
        yield from notation.fold(
            f"{len(result.equivalent)} with values that no case can distinguish here:", "  ", "    "
        )
    for parameter, values, why in result.equivalent:
        same = " or ".join(map(_value, (parameter.value(result.dialect), *values)))
        yield from notation.fold(f"{parameter}: {same}, because {why}", "    ", "      ")
    if result.without_effect:
        names = ", ".join(map(str, result.without_effect))
        yield from notation.fold(f"{len(result.without_effect)} have no effect here: {names}", "  ", "    ")


def _elsewhere(parameter: Parameter, value: Any, dialect: Dialect) -> str:
    """Who has a value, if no described version of this builder has it."""
    having = [each for each in known_dialects() if parameter.value(each) == value]
    if any((each.engine, each.builder) == (dialect.engine, dialect.builder) for each in having):
        return ""
    names = dict.fromkeys(f"{each.engine}/{each.builder}" for each in having)
    return f" (only {', '.join(names)})" if names else " (only another runtime)"


def _unexplained(builder: BuilderReport, experiment: Experiment, observed: Results) -> Iterator[str]:
    dialect = builder.result.dialect
    yield f"  UNEXPLAINED {experiment.name}"
    for origin in experiment.case.images:
        yield from (f"    {line}" for line in notation.creation_lines(origin))
    if "planned" in experiment.levels:
        yield from notation.fold(notation.request_line(experiment.case.request, "IMAGE"), "    ")
    predicted = builder.inference.predict(experiment, dialect)
    wrong = [level for level in experiment.levels if not agree(predicted[level], observed[level])]
    for level in wrong:
        yield from notation.fold(_words(observed[level]), f"    {level}: observed  ", "      ")
        yield from notation.fold(_words(predicted[level]), f"    {level}: predicted ", "      ")
    for parameter, others in builder.inference.predictions_with_other_values(experiment, dialect).items():
        for value, other in others.items():
            levels = "; ".join(
                f"{level}: {_words(other[level])}" for level in wrong if other[level] != predicted[level]
            )
            if levels:
                yield from notation.fold(f"with {parameter} {_value(value)}, {levels}", "    ", "      ")


def _rows(added: str) -> Iterator[str]:
    if not added:
        yield "The data file already describes this engine: there is no row to add."
        return
    yield from notation.fold(
        "Add to oracle/dialect/dialects.toml, after the rows of older versions and before newer ones:"
    )
    yield ""
    yield added


def _other(chosen: Any, value: Any) -> str:
    """A value other than the chosen one; for a list, only the words that it lacks or adds."""
    if not (isinstance(chosen, tuple) and isinstance(value, tuple)):
        return _value(value)
    less = [word for word in chosen if word not in value]
    more = [word for word in value if word not in chosen]
    differences = [
        f"{what} {notation.value_text(tuple(words))}"
        for what, words in (("without", less), ("also with", more))
        if words
    ]
    return ", ".join(differences) or _value(value)


def _value(value: Any) -> str:
    return notation.value_text(value)


def _words(result: Outcome | ImageConfig) -> str:
    if isinstance(result, ImageConfig):
        return notation.value_text(result)
    numbers = zip(("create", "start", "state", "exit"), astuple(result.codes), strict=True)
    codes = "".join(f", {name} {number}" for name, number in numbers if number is not None)
    return f"{outcome_text(result)}{codes}"
