"""The signals that STOPSIGNAL accepts (STATE-28)."""

import re
from typing import Final

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import integer

_NAMES: Final = frozenset(
    re.findall(
        r"\S+",
        "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS"
        " TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX",
    )
) | {*(f"RTMIN+{n}" for n in range(1, 16)), *(f"RTMAX-{n}" for n in range(1, 15))}
"""The names that all builders know, without SIG."""

_NUMBER: Final = re.compile(r"[+-]?[0-9]+")


def is_signal(text: str, dialect: Dialect) -> bool:
    """Whether STOPSIGNAL accepts a text: any number but zero, or a name in any letter case.

    Source: moby/sys, `signal/signal.go:ParseSignal`, `signal_linux.go`; openshift/imagebuilder,
    `signal/signal.go:CheckSignal`.
    """
    if _NUMBER.fullmatch(text):
        return integer(text) != 0 and -(2**63) <= integer(text) < 2**63
    name = text.upper().removeprefix("SIG")
    return name in _NAMES or name in dialect.more_signals
