"""Read the claims of chapter 10, and check them against a record."""

import json
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from markdown_it import MarkdownIt

from cmdpoint.spec.chapter import SpecError

CHAPTER: Final = "10-machines.md"

OPERATORS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    ">=": operator.ge,
    "contains": operator.contains,
}

_RULE: Final = re.compile(r"([A-Z]+-\d+)\s+(.*)")


@dataclass(frozen=True)
class Claim:
    """A comparison of two values of a record, such as `container.boot == host.boot`.

    Attributes:
        text: The comparison as written.
    """

    text: str

    def check(self, values: Mapping[str, Any]) -> bool | None:
        """Whether it is true; None if a value was not measured.

        Args:
            values: The reports by the name of what was run.
        """
        left, symbol, right = self.text.split(" ", 2)
        operands = [_value(left, values), _value(right, values)]
        if None in operands:
            return None
        return bool(OPERATORS[symbol](*operands))


@dataclass(frozen=True)
class MachineRule:
    """A rule of chapter 10.

    Attributes:
        id: Such as `MACHINE-2`.
        title: A short summary.
        row: The row of the table.
        limit: When it holds, if not always.
        measured: A sentence with the values of a record in braces; see `cmdpoint.machines.measured`.
        claims: The claims.
        boots: The argv of the first program, by the words on the kernel's command line.
        panics: The message of the kernel's panic, by the words that it refuses.
    """

    id: str
    title: str
    row: str
    limit: str
    measured: str
    claims: tuple[Claim, ...]
    boots: Mapping[str, list[str]]
    panics: Mapping[str, str]

    def failures(self, record: Mapping[str, Any]) -> list[str]:
        """The claims and command lines for which the record shows something else."""
        wrong = [claim.text for claim in self.claims if claim.check(record["values"]) is False]
        for expected, seen in ((self.boots, record["boots"]), (self.panics, record["panics"])):
            wrong += [line for line, result in expected.items() if seen.get(line, result) != result]
        return wrong

    def verdict(self, record: Mapping[str, Any]) -> str:
        """The verdict in a record: holds, holds with a limit, does not hold, or not measurable here."""
        if self.failures(record):
            return "does not hold"
        unknown = [claim for claim in self.claims if claim.check(record["values"]) is None]
        unobserved = (
            self.boots.keys() - record["boots"].keys() or self.panics.keys() - record["panics"].keys()
        )
        if unknown or unobserved or not (self.claims or self.boots):
            return "not measurable here"
        return f"holds with a limit: {self.limit}" if self.limit else "holds"


def machine_rules() -> list[MachineRule]:
    """The rules of the chapter, in its order.

    Raises:
        SpecError: The chapter is malformed.
    """
    tokens = MarkdownIt().parse(files("cmdpoint.spec").joinpath(CHAPTER).read_text("utf-8"))
    rules: list[MachineRule] = []
    heads = [at for at, token in enumerate(tokens) if token.type == "heading_open"]
    for at, end in zip(heads, [*heads[1:], len(tokens)], strict=True):
        if heading := _RULE.fullmatch(tokens[at + 1].content):
            body = tokens[at + 3 : end]
            text = [token.content for token in body if token.type == "inline"]
            blocks = {token.info: token.content.splitlines() for token in body if token.type == "fence"}
            row = _labelled("Row", text)
            if not row or not _labelled("Sources", text):
                raise SpecError(f"{CHAPTER}: {heading[1]} lacks its row or its sources")
            claims = tuple(map(Claim, blocks.get("claims", [])))
            boots, panics = _boots(blocks.get("boot", []))
            limit, measured = _labelled("Limit", text), _labelled("Measured", text)
            if not (measured or boots):
                raise SpecError(f"{CHAPTER}: {heading[1]} lacks what was measured")
            rules.append(MachineRule(heading[1], heading[2], row, limit, measured, claims, boots, panics))
    return rules


def _boots(lines: list[str]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The results of a block `boot`: the argv, or the panic, by the words on the kernel's command line."""
    pairs = list(zip((line.removeprefix("$ ") for line in lines[::2]), lines[1::2], strict=True))
    panic = "panic: "
    boots = {line: json.loads(result) for line, result in pairs if not result.startswith(panic)}
    panics = {line: result.removeprefix(panic) for line, result in pairs if result.startswith(panic)}
    return boots, panics


def _labelled(label: str, paragraphs: list[str]) -> str:
    """The paragraph that begins with a label, without it and on one line; empty if there is none."""
    found = [text.removeprefix(f"{label}: ") for text in paragraphs if text.startswith(f"{label}: ")]
    return " ".join(found[0].split()) if found else ""


def _value(text: str, values: Mapping[str, Any]) -> Any:
    """A literal of JSON, or the value at a path such as `machine.namespaces.pid`; None if there is none."""
    try:
        return json.loads(text)
    except ValueError:
        return value_at(text, values)


def value_at(path: str, values: Mapping[str, Any]) -> Any:
    """The value at a path such as `machine.namespaces.pid`; None if there is none."""
    value: Any = values
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value
