"""How much a finding matters, in words."""

from typing import Final, Literal

Severity = Literal["error", "warning", "note"]
"""How much it matters: what runs is hardly what was meant; it may surprise; it is worth knowing."""

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
"""The severities, the most serious first."""


def severity_of(weight: int) -> Severity:
    """The severity of a finding.

    Args:
        weight: Its weight; see `Finding`.
    """
    if weight <= 1:
        return "error"
    return "warning" if weight <= 5 else "note"
