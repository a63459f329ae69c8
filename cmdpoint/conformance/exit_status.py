"""The exit status of a run: a divergence outranks a harness fault, which outranks everything else."""

from collections.abc import Sequence
from typing import Final

PASSED: Final = 0
"""Every test passed."""

DIVERGES: Final = 1
"""An engine diverges from the specification; it is also pytest's status for a failed test."""

SELF_TEST_FAILED: Final = 70
"""A test of cmdpoint itself failed, which is no verdict on an engine."""

RULE_NOT_REACHED: Final = 71
"""No generated case tests some rule; the engine agrees in all compared cases."""

TABLE: Final = """\
exit status:
  0         the engine agrees with the specification in all compared cases
  1         the engine diverges; this outranks everything below
  2, 3, 4   pytest's own: tests cannot be collected, internal error, wrong command line
  5         no test was selected
  20 to 31  a harness fault, no verdict on the engine; the message says what to do
  47        a library is missing
  70        a test of cmdpoint itself failed, no verdict on the engine
  71        no case reached some rule (--every-rule)
  130       interrupted by Ctrl-C
"""
"""The exit codes, for `--help`."""


def exit_status(
    status: int, *, diverges: bool, faults: Sequence[int], self_test_failed: bool, not_reached: bool
) -> int:
    """Decide the exit status of a run.

    Args:
        status: The exit status that pytest has chosen.
        diverges: Whether a conformance test found a divergence.
        faults: The exit codes of the harness faults, the first one first.
        self_test_failed: Whether a live test of cmdpoint itself failed.
        not_reached: Whether a required rule was not reached.
    """
    if status not in (PASSED, DIVERGES):
        return DIVERGES if diverges else status
    if diverges:
        return DIVERGES
    if faults:
        return faults[0]
    if self_test_failed:
        return SELF_TEST_FAILED
    if status == PASSED and not_reached:
        return RULE_NOT_REACHED
    return status
