"""The expected results in an example: how they are written, and whether a result matches one."""

import json
from dataclasses import dataclass
from typing import Final

from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.outcome import Outcome, Refusal

OR_ELSE: Final = " or else "
"""Separates alternatives, where the result of an engine is not determined."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """The result of an example in the dialects that meet a condition.

    Attributes:
        text: An argv as JSON, a config as JSON, or `refused at PHASE: KIND`. A refusal may add numbers: the
            `line` of the Dockerfile, the `exit` code of `docker run`, the HTTP status of the `create` or
            `start` request, the container's `state` exit code.
        condition: See `Dialect.meets`; empty for every dialect.
    """

    text: str
    condition: str


def as_text(result: Outcome | ImageConfig) -> str:
    """Write a result the way an example writes it."""
    if isinstance(result, Refusal):
        codes = result.codes
        numbers = {"line": result.line, "exit": codes.run, "start": codes.start, "state": codes.state}
        numbers |= {"create": codes.create} if result.phase == "create" else {}
        known = "".join(f", {name} {number}" for name, number in numbers.items() if number is not None)
        return f"refused at {result.phase}: {result.kind}{known}"
    if isinstance(result, ImageConfig):
        config = {
            "Entrypoint": result.entrypoint,
            "Cmd": result.cmd,
            "Shell": result.shell,
            "OnBuild": result.on_build,
        }
        return json.dumps({key: value for key, value in config.items() if value}, ensure_ascii=False)
    return json.dumps(result.argv, ensure_ascii=False)


def matches(expected: str, text: str) -> bool:
    """Whether a result matches an expectation.

    Args:
        expected: The text of an expectation. If it lists alternatives, one of them has to match. Of a
            refusal's numbers, only those that both sides have are compared.
        text: The result, as `as_text` writes it.
    """
    if OR_ELSE in expected:
        return any(matches(each, text) for each in expected.split(OR_ELSE))
    if expected.startswith("refused at") and text.startswith("refused at"):
        (expected_kind, *expected_numbers), (kind, *numbers) = expected.split(", "), text.split(", ")
        known = dict(number.split(" ") for number in numbers)
        pairs = (number.split(" ") for number in expected_numbers)
        return expected_kind == kind and all(known.get(name, value) == value for name, value in pairs)
    return _json_or_text(expected) == _json_or_text(text)


def _json_or_text(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
