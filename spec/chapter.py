r"""Read one chapter: Markdown in, rules with their examples out.

A rule is a heading `### ID  Title`, a statement, a line `Sources: ...`, and examples. An example is a chain
of `dockerfile` blocks and one `console` block whose commands use the last image of the chain. A block
`json NAME` in the chain is the config of an image that is loaded. A block after a `console` block begins a
new chain.

Words after `dockerfile` on the opening line of a block:

- a name, for later FROMs; the last image of a chain needs none
- `target=NAME` and `arg=NAME=VALUE`, options of `docker build`
- `escaped`: the block uses escapes for characters that are not visible: `\t`, `\r`, `\v`, `\f` and `\uXXXX`
  as in JSON, `\xNN` for a byte that is not UTF-8, `\{70000*x}` for a character repeated that many times, and
  `\\` for a backslash

In a `console` block, each command begins with `$` or `>>>`. The lines below it are the expected results, each
with an optional condition after two spaces and a `#`. After `console escaped`, they use the same escapes.

A table directly below a `console` block repeats its example for each row; see `spec/table.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cmdpoint.oracle.case import Chain, Image, Load
from cmdpoint.spec.example import Example
from cmdpoint.spec.expectation import Expectation
from cmdpoint.spec.rule import Rule
from cmdpoint.spec.table import Row, read_table, repeated

LAST_IMAGE: Final = "image"
"""The name of an image whose block gives it none."""

Block = tuple[Token, tuple[str, tuple[Row, ...]] | None]
"""A block of code, and the table below it."""

_HEADING = re.compile(r"([A-Z]+-\d+)\s+(.*)")
_PROMPT = re.compile(r"(?:\$|>>>) ")
_EXPECTATION = re.compile(r"(?P<text>.*?)(?:\s{2,}# (?P<condition>[a-z0-9.<>= ]+))?")
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|x([89a-f][0-9a-f])|\{(\d+)\*(.)\}|([trvf\\]))")


class SpecError(Exception):
    """A chapter is malformed; the message begins with the file and the line."""


def read_chapter(name: str, text: str) -> Iterator[Rule]:
    """The rules of one chapter.

    Args:
        name: The chapter's file name.
        text: Its Markdown.

    Raises:
        SpecError: The chapter is malformed.
    """
    lines = text.split("\n")
    tokens = MarkdownIt().enable("table").parse(text)
    heads = [at for at, token in enumerate(tokens) if token.type == "heading_open"]
    for at, end in zip(heads, [*heads[1:], len(tokens)], strict=True):
        heading = _HEADING.fullmatch(tokens[at + 1].content)
        if heading is None:
            continue
        rule = Rule(heading[1], heading[2], name, _line(tokens[at]))
        yield _with_body(rule, tokens[at + 3 : end], lines)


def _with_body(rule: Rule, tokens: list[Token], lines: list[str]) -> Rule:
    """The rule with what follows its heading: statement, sources and examples."""
    prose: list[str] = []
    sources = ""
    blocks: list[Block] = []
    for at, token in enumerate(tokens):
        if token.type == "fence":
            below = tokens[at + 1 :]
            is_repeated = below and below[0].type == "table_open"
            blocks.append((token, read_table(below) if is_repeated else None))
        elif token.type == "table_open" and tokens[at - 1].type == "fence":
            continue
        elif token.level == 0 and token.map is not None:
            text = "\n".join(lines[slice(*token.map)]).strip()
            if text.startswith("Sources: "):
                sources = text.removeprefix("Sources: ")
            else:
                prose.append(text)
    if not prose or not sources:
        raise SpecError(f"{rule.chapter}:{rule.line}: {rule.id} lacks a statement or its sources")
    examples = tuple(_examples(rule, blocks))
    return replace(rule, statement="\n\n".join(prose), sources=sources, examples=examples)


def _examples(rule: Rule, blocks: list[Block]) -> Iterator[Example]:
    chain: list[Image | Load] = []
    for block, table in blocks:
        language, *options = block.info.split() or [""]
        if language == "dockerfile":
            chain.append(_image(options, block.content))
        elif language == "json":
            chain.append(Load(options[0], block.content.strip()))
        elif language == "console":
            for example in _console(rule, tuple(chain), block):
                yield from _of_rows(example, *table) if table else (example,)
            chain = []


def _of_rows(example: Example, word: str, rows: tuple[Row, ...]) -> Iterator[Example]:
    for each in repeated(example, word, rows):
        if (each.images, each.command) == (example.images, example.command):
            raise SpecError(f"{each.chapter}:{each.line}: the example above the table has no {word!r}")
        yield each


def _image(options: list[str], text: str) -> Image:
    settings = dict(option.split("=", 1) for option in options if "=" in option)
    names = [option for option in options if "=" not in option and option != "escaped"]
    text = _ESCAPE.sub(_unescape, text) if "escaped" in options else text
    arguments = [option.split("=", 2)[1:] for option in options if option.startswith("arg=")]
    build_args = tuple((name, value) for name, value in arguments)
    return Image(names[0] if names else LAST_IMAGE, text, settings.get("target"), build_args)


def _unescape(escape: re.Match[str]) -> str:
    code, byte, count, repeated, letter = escape.groups()
    if code is not None:
        return chr(int(code, 16))
    if byte is not None:
        return chr(0xDC00 + int(byte, 16))
    if count is not None:
        return str(repeated) * int(count)
    return {"t": "\t", "r": "\r", "v": "\v", "f": "\f", "\\": "\\"}[letter]


def _console(rule: Rule, images: Chain, block: Token) -> Iterator[Example]:
    example: Example | None = None
    for offset, line in enumerate(block.content.splitlines(), start=_line(block) + 1):
        prompt = _PROMPT.match(line)
        if prompt is not None:
            if example is not None:
                yield example
            example = Example(rule.id, rule.chapter, offset, images, line[prompt.end() :].strip(), ())
        elif line.strip() and example is not None:
            result = _EXPECTATION.fullmatch(line.strip())
            assert result is not None
            text = result["text"].strip()
            text = _ESCAPE.sub(_unescape, text) if "escaped" in block.info.split() else text
            expectation = Expectation(text, result["condition"] or "")
            example = replace(example, expectations=(*example.expectations, expectation))
    if example is None:
        raise SpecError(f"{rule.chapter}:{_line(block)}: the console block has no command")
    yield example


def _line(token: Token) -> int:
    assert token.map is not None
    return token.map[0] + 1
