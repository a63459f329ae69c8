"""A quick run has arguments and texts of every kind that people type."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

import pytest

from cmdpoint.conformance.case_pool import Value
from cmdpoint.conformance.profiles import PROFILES
from cmdpoint.conformance.strategies.cases import rare_runs
from cmdpoint.conformance.tests.generated import COMMAND_LINE, CONFIG, OBSERVED, PLANNED
from cmdpoint.oracle import CommandLine, Image, Request
from cmdpoint.oracle.clients.docker_run import IMAGE

pytestmark = pytest.mark.slow

SEED: Final = 7

LEAST: Final = 2
"""How many different texts have each kind at least."""


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.search(pattern, text) is not None


def _has_character(*categories: str) -> Callable[[str], bool]:
    return lambda text: any(unicodedata.category(char) in categories for char in text)


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list | dict)
    except ValueError:
        return False


COMMON: Final[dict[str, Callable[[str], bool]]] = {
    "an option with = and a value": _matches(r"(^|\s)--?[A-Za-z][\w-]*=\S"),
    "an assignment": _matches(r"(^|\s)[A-Za-z_]\w*=\S"),
    "a URL": _matches(r"\w://\S"),
    "a path": _matches(r"(^|\s)[~.]{0,2}/\w+/"),
    "a glob": _matches(r"\*"),
    "a percent template": _matches(r"%[dYm(]"),
    "a brace template": _matches(r"\{\{.*\}\}"),
    "a variable or a substitution": _matches(r"\$[\w({]"),
    "a single quote": _matches("'"),
    "a double quote": _matches('"'),
    "a typographic quote": _matches("[“”‘’«»]"),
    "a backslash": _matches(r"\\"),
    "JSON inside": _matches(r'[\[{]\s*["\d\]}]'),
    "an emoji": _has_character("So"),
    "a combining character": _has_character("Mn"),
    "a letter beyond ASCII": _matches(r"[^\W\d_a-zA-Z]"),
    "a control character of a shell": _matches(r"[|&;<>]"),
}
"""Kinds of arguments that also occur in the text of a shell form."""

ARGUMENTS: Final[dict[str, Callable[[str], bool]]] = COMMON | {
    "a whole JSON array or object": _is_json,
    "blanks alone": lambda word: word != "" and not word.strip(),
    "a blank in front": _matches(r"^\s+\S"),
    "a blank behind": _matches(r"\S\s+\Z"),
    "a blank inside": _matches(r"\S\s+\S"),
    "a newline": _matches("\n"),
    "an option of docker": _matches(r"^(--rm|-it|--entrypoint|-e|--name|--help|--version)\b"),
}
"""Kinds of arguments; the added ones do not show in the text of a shell form."""


@cache
def _compared() -> list[Value]:
    """What a quick run always compares, and what it draws for four of its properties."""
    always: list[Value] = [(chain, [*requests]) for chain, requests in rare_runs()]
    generators = (CONFIG, PLANNED, OBSERVED, COMMAND_LINE)
    return always + [value for each in generators for value in each.pool(PROFILES["quick"], SEED)]


def _argument_lists() -> list[tuple[str, ...]]:
    """The arguments of all requests of a quick run."""
    found: list[tuple[str, ...]] = []
    for _, requests in _compared():
        for request in requests:
            match request:
                case CommandLine(words) if IMAGE in words:
                    found.append(words[words.index(IMAGE) + 1 :])
                case Request(entrypoint, cmd):
                    found += [words for words in (entrypoint, cmd) if isinstance(words, tuple)]
    return found


def _shell_forms() -> list[str]:
    """The texts behind CMD and ENTRYPOINT in a quick run, without those that begin like an array."""
    files = (image for images, _ in _compared() for image in images if isinstance(image, Image))
    pattern = re.compile(r"(?mi)^[ \t]*(?:cmd|entrypoint)[ \t]+([^\[\s].*)$")
    return [text for file in files for text in pattern.findall(file.dockerfile)]


def _rare(texts: Iterable[str], kinds: dict[str, Callable[[str], bool]]) -> dict[str, int]:
    """The kinds that fewer different texts have than must, with their number."""
    counts = Counter(kind for text in set(texts) for kind, is_kind in kinds.items() if is_kind(text))
    return {kind: counts[kind] for kind in kinds if counts[kind] < LEAST}


def test_the_arguments_are_of_every_kind() -> None:
    """Several arguments of each kind are compared, and the words that stand for themselves."""
    words = [word for arguments in _argument_lists() for word in arguments]
    assert _rare(words, ARGUMENTS) == {}
    assert {"", "--", "-"} <= set(words)


def test_the_lists_of_arguments_have_every_length() -> None:
    """Lists have 0 to 40 words: every length up to 4, and some in each ten."""
    lengths = {len(arguments) for arguments in _argument_lists()}
    assert set(range(5)) <= lengths
    assert all(any(low < length <= low + 10 for length in lengths) for low in (0, 10, 20, 30))


def test_the_shell_forms_are_of_every_kind() -> None:
    """Several texts of each kind are compared."""
    assert _rare(_shell_forms(), COMMON) == {}
