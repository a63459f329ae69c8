"""Predict a case whose base images may be unknown: the outcome, or the keys of the bases that decide it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from cmdpoint.bases.experiments import Experiments
from cmdpoint.bases.front_ends import front_end_needs
from cmdpoint.bases.given import Bases
from cmdpoint.bases.symbols import cmd_of, entrypoint_of, shell_of, symbolic
from cmdpoint.bases.unknown import Configs, Unknown, UnknownBase, needs, united, witnesses
from cmdpoint.oracle.case import Case, ImageConfig, Words
from cmdpoint.oracle.comparison import answer
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Outcome, Prediction, Process, Refusal
from cmdpoint.oracle.predict import predict


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a Dockerfile makes a container run.

    Attributes:
        dialect: The dialect that predicts it.
        config: The config of the image; None where nothing is built; or unknown.
        outcome: The process that starts, the refusal, or unknown.
        needs: The base images that are not given, with the keys that decide `config` or `outcome`.
        prediction: The prediction with its steps, in which each base that is not given has an empty config.
            It is exact where `needs` is empty.
    """

    dialect: Dialect
    config: ImageConfig | Unknown | None
    outcome: Process | Refusal | Unknown
    needs: tuple[UnknownBase, ...]
    prediction: Prediction


def result(case: Case, dialect: Dialect, bases: Configs) -> Result:
    """Predict a case, and find what its unknown bases decide."""
    experiments = Experiments(case, (dialect,), bases)
    empty = dict.fromkeys(experiments.names, ImageConfig())
    prediction = predict_with(case, dialect, bases, empty)
    config = needs(experiments.names, lambda configs: experiments.predict(dialect, configs).config)
    outcome = _outcome_needs(experiments, dialect)
    config += front_end_needs(case, dialect, lambda each: predict_with(case, each, bases, empty).config)
    outcome += front_end_needs(case, dialect, lambda each: outcome_of(predict_with(case, each, bases, empty)))
    return Result(
        dialect=dialect,
        config=Unknown(config) if config else prediction.config,
        outcome=Unknown(outcome) if outcome else prediction.outcome,
        needs=united(config, outcome),
        prediction=prediction,
    )


def common_rules(found: Result, case: Case, bases: Configs) -> tuple[str, ...]:
    """The ids of the rules that apply whatever the configs of unknown bases are.

    Args:
        found: The result.
        case: Its case.
        bases: The configs that are given.

    Returns:
        The ids in the order of their first application.
    """
    rules = tuple(dict.fromkeys(step.rule for step in found.prediction.steps))
    names = tuple(base.name for base in found.needs)
    for configs in witnesses(names) if names else ():
        steps = predict_with(case, found.dialect, bases, configs).steps
        applied = {step.rule for step in steps}
        rules = tuple(rule for rule in rules if rule in applied)
    return rules


def _outcome_needs(experiments: Experiments, dialect: Dialect) -> tuple[UnknownBase, ...]:
    """The unknown bases, and the keys of their configs, that decide the outcome."""
    return needs(experiments.names, lambda configs: outcome_of(experiments.predict(dialect, configs)))


def predict_with(case: Case, dialect: Dialect, bases: Configs, configs: Configs) -> Prediction:
    """Predict a case.

    Args:
        case: The case.
        dialect: Whose engine and builder is predicted.
        bases: The configs that are given.
        configs: The configs that unknown bases have in this experiment.
    """
    return predict(case, dialect, Bases(bases, lambda name: configs.get(name, ImageConfig())))


def outcome_of(prediction: Prediction) -> object:
    """What is compared of two outcomes: all but the message of a refusal."""
    return answer(prediction)[1:]


def unknown_names(case: Case, dialects: Iterable[Dialect], bases: Configs) -> tuple[str, ...]:
    """The names of the base images that a case builds on in some dialect, and that are not given."""
    used = Bases(bases)
    for dialect in dialects:
        predict(case, dialect, used)
    return tuple(used.unknown)


@dataclass(frozen=True, slots=True)
class Certain:
    """What is certain of a case, whatever the configs of its unknown bases are.

    Attributes:
        prediction: The prediction; a word of `cmdpoint.bases.symbols` in its argv stands for an unknown list.
        needs: The unknown bases that decide the outcome; empty where it is certain.
        holds: Whether the argv is right for each Entrypoint, Cmd and Shell that the bases can have, once the
            symbols are replaced.
        bases: The look-up that the prediction used.
    """

    prediction: Prediction
    needs: tuple[UnknownBase, ...]
    holds: bool
    bases: Bases

    @property
    def outcome(self) -> Outcome | None:
        """The outcome; None if it is unknown."""
        return None if self.needs else self.prediction.outcome

    @property
    def unused(self) -> list[str]:
        """The names that are given, but not used; none if a build ends before that is known."""
        return [] if is_unbuilt(self.prediction.outcome) else self.bases.unused

    @property
    def only_triggers(self) -> bool:
        """Whether nothing but ONBUILD triggers can change the outcome."""
        return bool(self.needs) and all(each.keys == ("OnBuild",) for each in self.needs)


def is_unbuilt(outcome: Outcome) -> bool:
    """Whether a build is refused, so that it may not have looked up all of its base images."""
    return isinstance(outcome, Refusal) and outcome.phase in ("parse", "build")


def certain(case: Case, dialect: Dialect, configs: Mapping[str, ImageConfig]) -> Certain:
    """Predict what is certain of a case.

    Args:
        case: The case.
        dialect: Whose engine and builder is predicted.
        configs: The configs of bases that are given.
    """
    bases = Bases(configs, symbolic)
    prediction = predict(case, dialect, bases)
    experiments = Experiments(case, (dialect,), configs)
    needed = _outcome_needs(experiments, dialect)
    holds = not needed or _holds(experiments, dialect, prediction.outcome)
    releases = front_end_needs(
        case, dialect, lambda each: outcome_of(predict(case, each, Bases(configs, symbolic)))
    )
    needed, holds = needed + releases, holds and not releases
    return Certain(prediction, needed, holds, bases)


def _holds(experiments: Experiments, dialect: Dialect, outcome: Outcome) -> bool:
    if not isinstance(outcome, Process):
        return False
    names = experiments.names
    for entrypoint, cmd, shell in product(((), ("/e", "f")), ((), ("c", "d")), ((), ("/s", "-x"))):
        config = ImageConfig(entrypoint, cmd, shell)
        expected = _replaced(outcome.argv, names, config)
        got = experiments.predict(dialect, dict.fromkeys(names, config)).outcome
        if isinstance(got, Process) and got.argv != expected:
            return False
        if isinstance(got, Refusal) and expected:
            return False
    return True


def _replaced(argv: Words, names: tuple[str, ...], config: ImageConfig) -> Words:
    lists = {}
    for name in names:
        lists[entrypoint_of(name)], lists[cmd_of(name)] = config.entrypoint, config.cmd
        lists[shell_of(name)] = config.shell or ("/bin/sh", "-c")
    return tuple(word for each in argv for word in lists.get(each, (each,)))
