"""A case to run on an engine, with the levels to compare."""

from dataclasses import dataclass

from cmdpoint.oracle.case import Case
from cmdpoint.oracle.comparison import Level


@dataclass(frozen=True, slots=True, eq=False)
class Experiment:
    """A case to run on an engine. Two experiments are never equal, so that looking one up takes little time.

    Attributes:
        case: The case.
        levels: The levels at which it is observed.
        rule: The rule whose example it is.
        name: The rule and the line of the example, for reports.
    """

    case: Case
    levels: tuple[Level, ...]
    rule: str
    name: str

    @property
    def size(self) -> tuple[int, int]:
        """A sort key: first the experiments that take less time."""
        return len(self.case.images), len(repr(self.case))
