"""What a user notices of the difference between two predictions."""

from typing import Final, Literal

from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.outcome import Prediction

Kind = Literal["refused", "accepted", "runs", "config"]
"""The visible effect of a difference: the Dockerfile no longer builds, builds only after the upgrade, runs
something else, or runs the same without arguments and differs only with arguments or as a base."""

ARGUMENT: Final = "ARG"
"""The argument of a run with an argument."""


def difference_kind(before: Prediction, after: Prediction) -> Kind | None:
    """The visible effect of the difference between two predictions, or None if there is none.

    Two refused builds do not differ, even if the reasons do.
    """
    if before.config is None or after.config is None:
        if before.config == after.config:
            return None
        return "refused" if after.config is None else "accepted"
    if not agree(before.outcome, after.outcome):
        return "runs"
    return "config" if before.config != after.config else None
