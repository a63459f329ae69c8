"""The interpreters of a script, as Linux finds them; seen with scripts that are copied over interpreters."""

import pytest

from cmdpoint.oracle.container.script import Unusable, interpreted
from cmdpoint.oracle.files import File

PROGRAM = File("program")


def script(*words: str) -> File:
    """An executable script of an interpreter."""
    return File("script", interpreter=words)


FILES = {
    "/bin/sh": PROGRAM,
    "/one": script("/bin/sh", "-e u"),
    "/two": script("/one", "x"),
    "/three": script("two"),
    "/folder": File("folder"),
    "/locked": File("program", executable=False),
    "/private": File("script", private=True, interpreter=("/bin/sh",)),
    "/text": File("text"),
    "/loop": script("/loop"),
    **{f"/{depth}": script(f"/{depth - 1}") for depth in range(1, 7)},
    "/0": PROGRAM,
}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/one", ("/bin/sh", "-e u", "/one")),
        ("/two", ("/bin/sh", "-e u", "/one", "x", "/two")),
        ("/three", ("/bin/sh", "-e u", "/one", "x", "two", "/three")),
        ("/5", ("/0", "/1", "/2", "/3", "/4", "/5")),
    ],
)
def test_words(path: str, words: tuple[str, ...]) -> None:
    """Each interpreter and its argument come in front of the path of its script."""
    assert interpreted(FILES[path], path, FILES, "/", "app") == words


@pytest.mark.parametrize(
    ("interpreter", "user", "kind"),
    [
        ("/nowhere", "", "no-interpreter"),
        ("/text/x", "", "no-interpreter"),
        ("/folder", "", "not-executable"),
        ("/locked", "", "not-executable"),
        ("/private", "app", "not-executable"),
        ("/text", "", "bad-format"),
        ("/loop", "", "bad-path"),
        ("/5", "", "bad-path"),
    ],
)
def test_unusable(interpreter: str, user: str, kind: str) -> None:
    """What is wrong with an interpreter is what is wrong with the script."""
    found = interpreted(script(interpreter), "/s", FILES, "/", user)
    assert isinstance(found, Unusable)
    assert found.kind == kind


def test_root_may_execute_a_private_interpreter() -> None:
    """A file that only root may execute is an interpreter for root."""
    words = interpreted(script("/private"), "/s", FILES, "/", "")
    assert words == ("/bin/sh", "/private", "/s")
