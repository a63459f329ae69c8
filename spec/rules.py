r"""The loader: chapters of Markdown in, rules and their examples out.

A rule is a heading `### ID  Title`, its statement, a line `Sources: ...`, and examples. An example is one or
more `dockerfile` blocks, each followed by the next image of the chain, and one `console` block that does
something with the last image. A word after `dockerfile` names the image for later FROMs; the last needs none;
`target=NAME` and `arg=NAME=VALUE` stand for options of `docker build`.
A `dockerfile` block after a `console` block begins a new example. A block with the word `escaped` holds what
cannot be seen: `\t`, `\r`, `\v`, `\f` and `\uXXXX` as in JSON, `\xNN` for a byte that is not UTF-8,
`\{70000*x}` for so many of a character, and `\\` for a backslash.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cmdpoint.oracle import Dialect, predict
from cmdpoint.oracle.case import Image
from cmdpoint.spec.example import Example, Expectation

LAST_IMAGE: Final = "image"
"""The name of an image whose block gives it none."""

_HEADING = re.compile(r"([A-Z]+-\d+)\s+(.*)")
_PROMPT = re.compile(r"(?:\$|>>>) ")
_SEEN = re.compile(r"(?P<text>.*?)(?:\s{2,}# (?P<condition>[a-z0-9.<>= ]+))?")


class SpecError(Exception):
    """A chapter that the loader cannot read; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the spec.

    Attributes:
        id: Such as `STATE-2`.
        title: In a few words.
        chapter: The file name of its chapter.
        line: Its heading's line, from 1.
        statement: What it says, as Markdown.
        sources: Where it comes from, as Markdown.
        examples: What runs.
    """

    id: str
    title: str
    chapter: str
    line: int
    statement: str = ""
    sources: str = ""
    examples: tuple[Example, ...] = ()

    @property
    def depends_on_runtime(self) -> bool:
        """Whether what starts containers has a say in it, or in what clients make of failures."""
        return self.id.startswith("EXEC-") or self.id == "CLI-8"

    def applies_to(self, dialect: Dialect) -> bool:
        """Whether the rule has a part in how a dialect works: in one of its examples, at least."""
        return any(self.id in predict(example.case, dialect).rules for example in self.examples)


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule of every chapter by id, in reading order.

    Raises:
        SpecError: A chapter is malformed, or two rules bear one id.
    """
    rules: dict[str, Rule] = {}
    chapters = (file for file in files("cmdpoint.spec").iterdir() if re.fullmatch(r"\d.*\.md", file.name))
    for chapter in sorted(chapters, key=lambda file: file.name):
        for rule in read_chapter(chapter.name, chapter.read_text("utf-8")):
            if rule.id in rules:
                raise SpecError(
                    f"{chapter.name}:{rule.line}: {rule.id} stands in {rules[rule.id].chapter} too"
                )
            rules[rule.id] = rule
    return rules


def chapter_title(name: str) -> str:
    """The title of a chapter, by its file name."""
    return files("cmdpoint.spec").joinpath(name).read_text("utf-8").partition("\n")[0].removeprefix("# ")


def read_chapter(name: str, text: str) -> Iterator[Rule]:
    """The rules of one chapter.

    Args:
        name: The chapter's file name.
        text: Its Markdown.

    Raises:
        SpecError: The chapter is malformed.
    """
    lines = text.split("\n")
    tokens = MarkdownIt().parse(text)
    heads = [at for at, token in enumerate(tokens) if token.type == "heading_open"]
    for at, end in zip(heads, [*heads[1:], len(tokens)], strict=True):
        heading = _HEADING.fullmatch(tokens[at + 1].content)
        if heading is None:
            continue
        rule = Rule(heading[1], heading[2], name, _line(tokens[at]))
        yield _filled(rule, tokens[at + 3 : end], lines)


def _filled(rule: Rule, tokens: list[Token], lines: list[str]) -> Rule:
    prose: list[str] = []
    sources = ""
    blocks: list[Token] = []
    for token in tokens:
        if token.type == "fence":
            blocks.append(token)
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


def _examples(rule: Rule, blocks: list[Token]) -> Iterator[Example]:
    chain: list[Image] = []
    for block in blocks:
        language, *options = block.info.split() or [""]
        if language == "dockerfile":
            chain.append(_image(options, block.content))
        elif language == "console":
            yield from _console(rule, tuple(chain), block)
            chain = []


def _image(options: list[str], text: str) -> Image:
    settings = dict(option.split("=", 1) for option in options if "=" in option)
    names = [option for option in options if "=" not in option and option != "escaped"]
    text = _ESCAPE.sub(_character, text) if "escaped" in options else text
    given = [option.split("=", 2)[1:] for option in options if option.startswith("arg=")]
    build_args = tuple((name, value) for name, value in given)
    return Image(names[0] if names else LAST_IMAGE, text, settings.get("target"), build_args)


_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|x([89a-f][0-9a-f])|\{(\d+)\*(.)\}|([trvf\\]))")


def _character(escape: re.Match[str]) -> str:
    """What an escape in a block stands for."""
    code, byte, count, repeated, name = escape.groups()
    if code is not None:
        return chr(int(code, 16))
    if byte is not None:
        return chr(0xDC00 + int(byte, 16))
    return (
        repeated * int(count) if count is not None else dict(zip("trvf\\", "\t\r\v\f\\", strict=True))[name]
    )


def _console(rule: Rule, images: tuple[Image, ...], block: Token) -> Iterator[Example]:
    example: Example | None = None
    for offset, line in enumerate(block.content.splitlines(), start=_line(block) + 1):
        prompt = _PROMPT.match(line)
        if prompt is not None:
            if example is not None:
                yield example
            example = Example(rule.id, rule.chapter, offset, images, line[prompt.end() :].strip(), ())
        elif line.strip() and example is not None:
            seen = _SEEN.fullmatch(line.strip())
            assert seen is not None
            expectation = Expectation(seen["text"].strip(), seen["condition"] or "")
            example = replace(example, expectations=(*example.expectations, expectation))
    if example is None:
        raise SpecError(f"{rule.chapter}:{_line(block)}: the console block has no command")
    yield example


def _line(token: Token) -> int:
    assert token.map is not None
    return token.map[0] + 1
