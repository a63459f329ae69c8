"""The loader of the spec: chapters, their code blocks, and the expected results in them."""

import pytest

from cmdpoint.oracle import Dialect
from cmdpoint.oracle.case import CommandLine, Image, Load
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
    assert run.images[1] == Image("image", "FROM base AS one\n", "one")
    assert run.case.request == CommandLine(("IMAGE", "x"))
    assert run.expected(Dialect.from_name("docker-28.5.2/classic")) == '["x"]'
    assert run.expected(Dialect.from_name("docker-28.5.2/buildkit")) == '["y"]'
    assert (inspect.line, inspect.level) == (17, "config")


REPEATED = (
    HEAD
    + """```dockerfile arg=NAME=x
FROM NAME
```
```console
$ docker run IMAGE NAME
["y"]
refused at build: no-such-image
```
| NAME | accepted by |
| --- | --- |
| `one` | `docker>=23.0`, `podman` |
| `other` | |

```dockerfile
FROM NAME
```
```console
$ docker run IMAGE
["z"]
```
"""
)


def test_a_table_repeats_the_example_above_it() -> None:
    """Each row replaces the word in the image, its arguments and the command, and has its own conditions."""
    (rule,) = read_chapter("1-x.md", REPEATED)
    assert rule.statement == "A statement."
    one, other, unrepeated = rule.examples
    assert (one.line, one.command) == (17, "docker run IMAGE one")
    assert one.images == (Image("image", "FROM one\n", build_args=(("one", "x"),)),)
    names = ["docker-23.0", "docker-20.10", "podman-3.0"]
    dialects = [Dialect.from_name(name) for name in names]
    refused = "refused at build: no-such-image"
    assert [one.expected(dialect) for dialect in dialects] == ['["y"]', refused, '["y"]']
    assert [other.expected(dialect) for dialect in dialects] == [refused] * 3
    assert unrepeated.images == (Image("image", "FROM NAME\n"),)


def test_a_block_of_json_is_a_loaded_image() -> None:
    """It is the base of the block below it."""
    text = HEAD + (
        '```json base\n{"Cmd": "x"}\n```\n```dockerfile\nFROM base\n```\n'
        "```console\n$ docker inspect IMAGE\n```\n"
    )
    (rule,) = read_chapter("1-x.md", text)
    assert rule.examples[0].images == (Load("base", '{"Cmd": "x"}'), Image("image", "FROM base\n"))


def test_escapes() -> None:
    """An escaped block holds the characters that its escapes stand for."""
    (rule,) = read_chapter("1-x.md", ESCAPED)
    assert rule.examples[0].images == (Image("image", "FROM probe\r\nCMD a\tb\u00a0\udcff\\{3}yyy\n"),)


@pytest.mark.parametrize(
    "text",
    [
        "### FORM-1  A title\n\nA statement.\n",
        "### FORM-1  A title\n\nSources: somewhere.\n",
        HEAD + "```dockerfile\nFROM probe\n```\n```console\n```\n",
        REPEATED.replace("| NAME |", "| WORD |"),
    ],
    ids=["no sources", "no statement", "no command", "a table without its word"],
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
