"""Whether two dialects differ over a case, whatever the configs of its unknown bases are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cmdpoint.bases.experiments import Experiments
from cmdpoint.bases.result import outcome_of
from cmdpoint.bases.unknown import Configs, UnknownBase, needs, united, witnesses
from cmdpoint.oracle.case import Case, Request
from cmdpoint.oracle.dialect.changes import differing
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.upgrade.difference_kind import ARGUMENT, Kind, difference_kind

Verdict = Literal["same", "different", "unknown"]
"""Whether two dialects differ; `unknown` if the configs of base images decide that."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with its reasons.

    Attributes:
        verdict: The verdict.
        kind: For `different`, what is visible of it.
        needs: For `unknown`, the bases to give, with the keys that decide.
    """

    verdict: Verdict
    kind: Kind | None
    needs: tuple[UnknownBase, ...]


def decide(case: Case, before: Dialect, after: Dialect, bases: Configs) -> Decision:
    """Decide whether two dialects differ over a case.

    Args:
        case: The case.
        before: The one dialect.
        after: The other.
        bases: The configs that are given.
    """
    if not differing(before, after):
        return Decision("same", None, ())
    experiments = Experiments(case, (before, after), bases)

    def kind(configs: Configs) -> Kind | None:
        one, other = (experiments.predict(dialect, configs) for dialect in (before, after))
        return difference_kind(one, other)

    kinds = [kind(configs) for configs in witnesses(experiments.names)]
    if None not in kinds:
        return Decision("different", kinds[0], ())
    # `needs` tries the same configs: if none of them makes a difference, no key decides.
    decisive = needs(experiments.names, kind) if any(kinds) else ()
    needed = united(decisive, *(_triggers(experiments, dialect) for dialect in (before, after)))
    return Decision("unknown" if needed else "same", None, needed)


def _triggers(experiments: Experiments, dialect: Dialect) -> Iterator[UnknownBase]:
    """The bases whose triggers decide what runs, with all their keys that do.

    Two dialects may read an unknown trigger differently, even if they agree about those that are tried.
    """

    def outcomes(configs: Configs) -> object:
        requests = (None, Request(cmd=(ARGUMENT,)))
        return tuple(outcome_of(experiments.predict(dialect, configs, each)) for each in requests)

    return (base for base in needs(experiments.names, outcomes) if "OnBuild" in base.keys)
