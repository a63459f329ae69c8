"""Whether what an example says is what was seen."""

import json
from typing import Final

from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.outcome import Outcome, Refusal
from cmdpoint.spec.example import Example

OR_ELSE: Final = " or else "
"""What stands between two things of which one is to be seen."""


def as_text(example: Example, seen: Outcome | ImageConfig) -> str:
    """What was seen, written as an example writes it.

    Args:
        example: Which keys it shows is taken from it.
        seen: An outcome, or a config for an example that shows one.
    """
    if isinstance(seen, Refusal):
        codes = seen.codes
        numbers = {"line": seen.line, "exit": codes.run, "start": codes.start, "state": codes.state}
        told = "".join(f", {name} {number}" for name, number in numbers.items() if number is not None)
        return f"refused at {seen.phase}: {seen.kind}{told}"
    if isinstance(seen, ImageConfig):
        config = {
            "Entrypoint": seen.entrypoint,
            "Cmd": seen.cmd,
            "Shell": seen.shell,
            "OnBuild": seen.on_build,
        }
        return json.dumps({key: value for key, value in config.items() if value}, ensure_ascii=False)
    return json.dumps(seen.argv, ensure_ascii=False)


def holds(expected: str, text: str) -> bool:
    """Whether an expectation is met; a number that only one side names does not count against it.

    Where an engine does now this and now that, the expectation names both, with `or else` between.
    """
    if OR_ELSE in expected:
        return any(holds(each, text) for each in expected.split(OR_ELSE))
    if expected.startswith("refused at") and text.startswith("refused at"):
        (expected_kind, *expected_numbers), (kind, *numbers) = expected.split(", "), text.split(", ")
        known = dict(number.split(" ") for number in numbers)
        pairs = (number.split(" ") for number in expected_numbers)
        return expected_kind == kind and all(known.get(name, value) == value for name, value in pairs)
    return _value(expected) == _value(text)


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
