"""Requests that are too large for the recorded observations."""

import pytest

from cmdpoint.conformance.comparator import Comparator
from cmdpoint.conformance.properties import check_enumerated
from cmdpoint.oracle import Case, Image, Process, Request
from cmdpoint.oracle.container.execution import LONGEST_WORD

pytestmark = pytest.mark.one_builder  # no builder decides about this

IMAGE = Image("image", 'FROM probe\nENTRYPOINT ["/e"]\nCMD ["c"]\n')


def test_a_word_may_not_be_longer_than_the_kernel_takes(comparator: Comparator) -> None:
    """With one byte more than the kernel allows, the program is not executed (EXEC-15)."""
    longest, longer = (Request(("/a", "x" * length)) for length in (LONGEST_WORD, LONGEST_WORD + 1))
    check_enumerated(comparator, comparator.observed, [((IMAGE,), [longer])])
    if comparator.live.engine.product == "podman" and comparator.live.engine.numbers < (3, 4):
        # It loses one of every 8192 bytes of output (containers/podman 7cf22279d9). The word is incomplete,
        # but it shows that the program ran.
        seen = comparator.live.observed(Case((IMAGE,), longest))
        assert isinstance(seen, Process)
        assert len(seen.argv[1]) == LONGEST_WORD - LONGEST_WORD // 8192 - 1
    else:
        check_enumerated(comparator, comparator.observed, [((IMAGE,), [longest])])
