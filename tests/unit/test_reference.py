"""Which texts are valid image references, by the rules of the distribution/reference library."""

import pytest

from cmdpoint.oracle.dockerfile.reference import is_reference


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a/b",
        "a.b/c",
        "localhost/a",
        "a:5000/b:T",
        "a:Tag_1",
        "a__b",
        "a--b",
        "Host/a",
        "0",
        "a@sha256:" + "a" * 64,
    ],
)
def test_reference(text: str) -> None:
    """Each of these texts can name an image."""
    assert is_reference(text)


@pytest.mark.parametrize(
    "text",
    ["A", "a/B", "a//b", "/a", "a/", "a:", "-a", "a_", "a___b", "a b", "$X", "", "a:-b", "f" * 64, "é"],
)
def test_not_a_reference(text: str) -> None:
    """None of these texts can name an image."""
    assert not is_reference(text)
