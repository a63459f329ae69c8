"""Whether two dialects differ over a case, whatever the configs of its unknown bases are."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from cmdpoint.bases.result import outcome_of, predict_with, unknown_names
from cmdpoint.bases.unknown import Configs, UnknownBase, needs, united, witnesses
from cmdpoint.oracle.case import Case, Request
from cmdpoint.oracle.dialect.changes import changes
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
    if not changes(before, after):
        return Decision("same", None, ())
    names = unknown_names(case, (before, after), bases)

    def kind(configs: Configs) -> Kind | None:
        one, other = (predict_with(case, dialect, bases, configs) for dialect in (before, after))
        return difference_kind(one, other)

    kinds = [kind(configs) for configs in witnesses(names)]
    if None not in kinds:
        return Decision("different", kinds[0], ())
    # `needs` tries the same configs: if none of them makes a difference, no key decides.
    decisive = needs(names, kind) if any(kinds) else ()
    needed = united(decisive, *(_triggers(case, dialect, names, bases) for dialect in (before, after)))
    return Decision("unknown" if needed else "same", None, needed)


def _triggers(case: Case, dialect: Dialect, names: tuple[str, ...], bases: Configs) -> Iterator[UnknownBase]:
    """The bases whose triggers decide what runs, with all their keys that do.

    Two dialects may read an unknown trigger differently, even if they agree about those that are tried.
    """
    with_argument = replace(case, request=Request(cmd=(ARGUMENT,)))

    def outcomes(configs: Configs) -> object:
        each = (predict_with(run, dialect, bases, configs) for run in (case, with_argument))
        return tuple(map(outcome_of, each))

    return (base for base in needs(names, outcomes) if "OnBuild" in base.keys)
