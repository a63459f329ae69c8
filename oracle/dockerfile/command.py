"""A command: an instruction with what reading its line made of its arguments."""

from typing import NamedTuple

from cmdpoint.oracle.dockerfile.form import Form
from cmdpoint.oracle.dockerfile.instruction import Instruction


class Command(NamedTuple):
    """An instruction of a Dockerfile, read but not checked.

    Attributes:
        instruction: As written.
        form: The form of its arguments, where it has one.
        inner: The instruction behind ONBUILD, where there is one.
        words: The words of an ARG, an ENV or a LABEL.
        trigger: What an ONBUILD keeps for later builds (ONB-2).
    """

    instruction: Instruction
    form: Form | None = None
    inner: Instruction | None = None
    words: tuple[str, ...] = ()
    trigger: str = ""
