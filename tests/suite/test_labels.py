"""The labels of the tests change no outcome: a build with them is refused exactly if one without them is."""

import pytest

from cmdpoint.engines.driver.build import build_image
from cmdpoint.engines.driver.engine import Refused
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.find import RunningEngine
from cmdpoint.oracle.case import Image
from cmdpoint.oracle.outcome import Refusal

ENDS = (
    *("", "\n", " \\", " \\\n", "\\\n\n", " `", "\r\n", " \\\r\n\r\n", "\n# c", "\n\n # c\n", " \\\n# c\n"),
    *(" AS x", " \\\nAS x\n", " \\\n# c\n\n AS x\n", " \\\n AS \\\n x", "\nFROM scratch\n", "\n\\"),
    *("\nCMD a", " \\\n\nCMD a", "\n# c\nCMD a\n", " \\\n AS x\nLABEL a=b\n"),
)
"""What follows `FROM scratch`: line ends, comments, a name, nothing else; last, an instruction."""


@pytest.mark.parametrize(
    "start", ["FROM scratch", "\ufeffFROM scratch", "from \\\nscratch", "ARG A\nFROM scratch"]
)
def test_labels_change_no_outcome(engine_url: str, start: str) -> None:
    """Only the classic builder refuses an image without instructions, and a label is an instruction to it."""
    engine = RunningEngine(engine_url).connect()
    if "classic" not in engine.builders:
        pytest.skip("the engine has no classic builder")
    owner = Owner.this_process()
    refused = 0

    def outcome(text: str, labels: dict[str, str]) -> str | None:
        tag = f"cmdpoint-labels-{owner.run}"
        refusal = build_image(engine, "classic", (Image("image", text),), tag, {}, labels)
        if isinstance(refusal, Refusal):
            return refusal.kind
        try:
            engine.delete(f"/images/{tag}", force="1")
        except Refused as missing:
            return missing.message
        return None

    for end in ENDS:
        text = start + end
        expected = outcome(text, {})
        assert outcome(text, owner.labels) == expected, repr(text)
        refused += expected is not None
    assert 0 < refused < len(ENDS)
