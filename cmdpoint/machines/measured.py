"""What was measured for a rule, in one sentence: the rule's `Measured` with the values of a record."""

import re
from collections.abc import Mapping
from typing import Any, Final

from cmdpoint.machines.claims import MachineRule, value_at

_FACTORS: Final[Mapping[str, float]] = {"MB": 1e-6, "ms": 1e-6, "s": 1, "x": 1, "%": 100}

_VALUE: Final = re.compile(r"\{([\w.]+)(?: (MB|ms|s|x|%))?\}")


def measured(rule: MachineRule, record: Mapping[str, Any]) -> str:
    """What was measured for a rule.

    Args:
        rule: The rule. `{container.start s}` in its sentence is a value of the record with its unit.
        record: The record.
    """
    if not rule.measured:
        count = len(rule.boots.keys() & record["boots"].keys())
        count += len(rule.panics.keys() & record["panics"].keys())
        return f"command lines observed: {count}"
    emulated = record["acceleration"] == "tcg"
    caveat = "; emulation is slower, which says nothing about virtual machines" if emulated else ""
    values = {**record["values"], "emulated": " (emulated)" if emulated else "", "caveat": caveat}
    return _VALUE.sub(lambda found: _text(value_at(found[1], values), found[2]), rule.measured)


def figure(value: float) -> str:
    """A number with three digits, or with all before its point."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _text(value: Any, unit: str | None) -> str:
    if value is None:
        return "(not measured)"
    return f"{figure(value * _FACTORS[unit])} {unit}" if unit else str(value)
