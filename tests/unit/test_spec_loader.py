"""The loader of the spec: chapters, their code blocks, and the expected results in them."""

import pytest

from cmdpoint.oracle import Dialect
from cmdpoint.oracle.case import CommandLine
from cmdpoint.spec.chapter import SpecError, read_chapter
from cmdpoint.spec.expectation import matches

HEAD = "### FORM-1  A title\n\nA statement.\n\nSources: somewhere.\n\n"

ESCAPED = (
    HEAD
    + r"""```dockerfile escaped
FROM probe\r
CMD a\tb\u00a0\xff\\{3}\{3*y}
```
```console
$ docker run IMAGE
["x"]
```
"""
)


def test_a_chapter() -> None:
    """A chapter can have a rule with a chain of two images, two commands, and a condition."""
    text = HEAD + (
        "```dockerfile base\nFROM probe\n```\n```dockerfile target=one\nFROM base AS one\n```\n"
        '```console\n$ docker run IMAGE x\n["x"]  # classic\n["y"]\n$ docker inspect IMAGE\n{}\n```\n'
    )
    (rule,) = read_chapter("2-forms.md", text)
    assert (rule.id, rule.title, rule.statement, rule.sources) == (
        "FORM-1",
        "A title",
        "A statement.",
        "somewhere.",
    )
    run, inspect = rule.examples
    assert [image.name for image in run.images] == ["base", "image"]
    assert run.images[1].target == "one"
    assert run.case.request == CommandLine(("IMAGE", "x"))
    assert run.expected(Dialect.from_name("docker-28.5.2/classic")) == '["x"]'
    assert run.expected(Dialect.from_name("docker-28.5.2/buildkit")) == '["y"]'
    assert (inspect.line, inspect.level) == (17, "config")


def test_escapes() -> None:
    """An escaped block holds the characters that its escapes stand for."""
    (rule,) = read_chapter("1-x.md", ESCAPED)
    (image,) = rule.examples[0].images
    assert image.name == "image"
    assert image.dockerfile == "FROM probe\r\nCMD a\tb\u00a0\udcff\\{3}yyy\n"


@pytest.mark.parametrize(
    "text",
    [
        "### FORM-1  A title\n\nA statement.\n",
        "### FORM-1  A title\n\nSources: somewhere.\n",
        HEAD + "```dockerfile\nFROM probe\n```\n```console\n```\n",
    ],
    ids=["no sources", "no statement", "no command"],
)
def test_a_malformed_chapter_is_refused(text: str) -> None:
    """The error names the file and the line."""
    with pytest.raises(SpecError, match=r"^x\.md:\d+: "):
        list(read_chapter("x.md", text))


@pytest.mark.parametrize(
    ("expected", "result", "match"),
    [
        ('["a"]', '["a"]', True),
        ('["a"]', '["b"]', False),
        ('{"Cmd": ["a"], "Shell": ["b"]}', '{"Shell": ["b"], "Cmd": ["a"]}', True),
        ("refused at build: x", '["a"]', False),
        ("refused at build: x, line 2", "refused at build: x", True),
        ("refused at build: x, line 2", "refused at build: x, line 3", False),
        ("refused at build: x", "refused at parse: x", False),
        ('["a"] or else ["b"]', '["b"]', True),
        ('["a"] or else ["b"]', '["c"]', False),
    ],
)
def test_an_expectation_matches_what_it_states_and_nothing_else(
    expected: str, result: str, match: bool
) -> None:
    """JSON is compared as a value, a refusal by phase and kind, and by the numbers that both sides have."""
    assert matches(expected, result) is match
