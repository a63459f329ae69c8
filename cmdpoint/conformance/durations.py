"""How long tests take: recorded by earlier runs, to estimate how long a run will take."""

import json
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from cmdpoint.conformance.selected_tests import EXAMPLES

FILE: Final = Path(".cmdpoint/durations.json")
"""The durations of earlier runs, below the folder in which a run is started."""

EXAMPLE: Final = 0.15
"""The seconds that an example of the specification usually takes."""

OTHER: Final = 2.0
"""The seconds that another test usually takes."""


def function_of(nodeid: str) -> str:
    """The name of the function of a test, without its parameters."""
    return nodeid.partition("[")[0].rpartition("::")[2]


class Durations:
    """The seconds that each test function takes."""

    def __init__(self, recorded: Mapping[str, float]) -> None:
        self._recorded = recorded
        self._new: dict[str, list[float]] = defaultdict(list)

    @classmethod
    def read(cls, file: Path) -> "Durations":
        """The durations in a file; none if it cannot be read."""
        recorded: dict[str, float] = {}
        with suppress(OSError, ValueError, AttributeError, TypeError):
            recorded = {name: float(value) for name, value in json.loads(file.read_bytes()).items()}
        return cls(recorded)

    def add(self, nodeid: str, seconds: float) -> None:
        """Add the duration of a test."""
        self._new[function_of(nodeid)].append(seconds)

    def expected(self, nodeid: str) -> float:
        """The seconds that a test will probably take."""
        usual = EXAMPLE if f"{EXAMPLES}::" in nodeid else OTHER
        return self._recorded.get(function_of(nodeid), usual)

    def write(self, file: Path) -> None:
        """Write the durations, if possible; those of this run replace older ones."""
        new = {name: round(sum(each) / len(each), 3) for name, each in self._new.items()}
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps({**self._recorded, **new}, indent=1) + "\n", "utf-8")
