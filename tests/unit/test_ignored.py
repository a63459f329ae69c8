"""Which files of a build context a `.dockerignore` may leave out."""

import pytest

from cmdpoint.cli.ignored import Ignored


@pytest.mark.parametrize(
    ("pattern", "path", "may_match"),
    [
        ("a", "/a", True),
        ("/a/", "/a/b/c", True),
        ("a", "/b/a", False),
        ("*/a", "/b/a", True),
        ("*/a", "/b/c/a", False),
        ("**/a", "/a", True),
        ("**/a", "/b/c/a/d", True),
        ("a/**", "/a/b", True),
        ("**.go", "/x/y.go", True),
        ("?.sh", "/a.sh", True),
        ("?.sh", "/ab.sh", False),
        ("[a-c].sh", "/b.sh", True),
        ("a[", "/ab", True),
        ("\\*", "/a", False),
        ("\\*", "/*", True),
        ("a.sh", "/axsh", False),
        (".", "/a", True),
        ("#a", "/#a", False),
        ("!a", "/a", False),
        ("", "/a", False),
        ("[\\\\]]", "/]", True),
    ],
)
def test_patterns(pattern: str, path: str, may_match: bool) -> None:
    """A pattern of an ignore file, as Docker's documentation and its matcher read it."""
    assert Ignored([f"x\n{pattern}  \n"]).may_match(path) == may_match
