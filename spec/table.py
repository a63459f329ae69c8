"""The table below an example, which repeats the example for each of its rows.

The head of the first column is a word of the example, and each row has a text that replaces it. The other
column has the conditions under which the first expected result holds: that of a row without one never does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token

from cmdpoint.oracle.case import Image, Origin
from cmdpoint.spec.example import Example
from cmdpoint.spec.expectation import Expectation


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes:
        line: Its line in the chapter, from 1.
        text: What it puts in the place of the word.
        conditions: The conditions, each of which is enough; see `Dialect.meets`.
    """

    line: int
    text: str
    conditions: tuple[str, ...]


def read_table(tokens: Sequence[Token]) -> tuple[str, tuple[Row, ...]]:
    """The word that the rows of a table replace, and the rows.

    Args:
        tokens: The tokens of the chapter, from the beginning of the table.
    """
    end = next(at for at, token in enumerate(tokens) if token.type == "table_close")
    cells = [token for token in tokens[:end] if token.type == "inline"]
    columns = sum(token.type == "th_open" for token in tokens[:end])
    rows = []
    for at in range(columns, len(cells), columns):
        text, *conditions = (code for cell in cells[at : at + columns] for code in _codes(cell))
        line = (cells[at].map or [0])[0] + 1
        rows.append(Row(line, text, tuple(conditions)))
    return cells[0].content, tuple(rows)


def repeated(example: Example, word: str, rows: Sequence[Row]) -> Iterator[Example]:
    """The example for each row of the table below it.

    Args:
        example: The example as written.
        word: The word that the rows replace.
        rows: The rows.
    """
    first, *others = example.expectations
    for row in rows:
        images = tuple(_replaced(image, word, row.text) for image in example.images)
        results = [Expectation(first.text, condition) for condition in row.conditions]
        yield replace(
            example,
            line=row.line,
            images=images,
            command=example.command.replace(word, row.text),
            expectations=(*results, *others),
        )


def _replaced(image: Origin, word: str, text: str) -> Origin:
    if not isinstance(image, Image):
        return image
    arguments = tuple((name.replace(word, text), value) for name, value in image.build_args)
    return replace(image, dockerfile=image.dockerfile.replace(word, text), build_args=arguments)


def _codes(cell: Token) -> Iterator[str]:
    return (child.content for child in cell.children or () if child.type == "code_inline")
