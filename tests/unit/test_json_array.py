"""JSON arrays as Go reads them: how deep they nest does not depend on the Python that reads them."""

import pytest

from cmdpoint.oracle.dockerfile.json_array import (
    DEEPEST,
    NotJson,
    NotStrings,
    Strings,
    Values,
    read_array,
    read_values,
)


def nested(depth: int, inside: str = "") -> str:
    """Arrays within each other."""
    return "[" * depth + inside + "]" * depth


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (nested(99), NotStrings()),
        (nested(2_000), NotStrings()),
        (nested(DEEPEST), NotStrings()),
        (nested(DEEPEST + 1), NotJson(too_much=True)),
        (nested(DEEPEST + 1, "}"), NotJson(too_much=True)),  # Go reads no further
        (nested(2_000, "}"), NotJson()),
        (nested(2_000, "1e999"), NotJson(too_much=True)),
        (nested(2_000, '"a" "b"'), NotJson()),
        (nested(2_000)[:-1], NotJson()),
        (nested(2_000) + " x", NotJson()),
        (f'[{nested(2_000)}, "a"]', NotStrings()),
        (f'["a", {{"b": {nested(2_000)}}}]', NotStrings()),
        (f'["{nested(DEEPEST + 1)}", "a  b"]', Strings((nested(DEEPEST + 1), "a  b"), "")),
        (f'["{"[{" * 60}", "\\"[ \\u005b"]', Strings(("[{" * 60, '"[ ['), "")),
    ],
    ids=range(14),
)
def test_a_deep_array(text: str, read: Strings | NotJson | NotStrings) -> None:
    """Go's limit decides, and brackets in a string do not count."""
    assert read_array(text, ignore_trailing=False) == read


@pytest.mark.parametrize("go_on", [False, True])
def test_a_list_with_a_deep_element(go_on: bool) -> None:
    """What is no string is an empty word."""
    assert read_values(f'["a", {nested(2_000)}]', go_on=go_on) == Values(("a", ""))


def test_text_behind_a_deep_array_is_ignored() -> None:
    """A stream decoder reads one value."""
    assert read_array(nested(2_000) + " x", ignore_trailing=True) == NotStrings()
