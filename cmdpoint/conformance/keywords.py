"""Check `-k` before an engine starts: whether it names what no conformance test can be called.

The name of a test has its file, its function, its target and its parameters, such as the rule of an example.
Most of that is in the source of the tests. So a word that has parts which are not there is a mistake; pytest
finds all others, once an engine runs.
"""

import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Final

_WORD: Final = re.compile(r"[^\s()]+")
_OPERATORS: Final = frozenset({"and", "or", "not"})
_RULE: Final = re.compile(r"([A-Za-z]+)-\d+")
_TARGETS: Final = "docker podman buildkit classic buildah containerd graphdriver runc crun shell"
_FUNCTION: Final = re.compile(r"(?m)^ *def (test_\w+)")


def expressions(words: Sequence[str]) -> list[str]:
    """The values of `-k` among the words of a command line.

    Args:
        words: The words.
    """
    found = [after for word, after in pairwise(words) if word == "-k"]
    return [*found, *(word[2:].removeprefix("=") for word in words if re.match(r"-k.", word))]


def no_test(expression: str, tests: Path, rules: Collection[str]) -> str | None:
    """Why an expression selects no test; None if it may select some.

    Args:
        expression: The value of `-k`.
        tests: The folder of the tests.
        rules: The ids of the rules.
    """
    words = _WORD.findall(expression)
    if "not" in words:
        return None
    names = [word for word in words if word not in _OPERATORS]
    text = "\n".join(path.name + path.read_text("utf-8") for path in sorted(tests.glob("*.py")))
    unknown = [name for name in names if not _may_occur(name, text.lower(), rules)]
    if not unknown or ("or" in words and len(unknown) < len(names)):
        return None
    known = [*rules, *_FUNCTION.findall(text)]
    near = get_close_matches(unknown[0].upper(), known, 2) or get_close_matches(unknown[0], known, 2)
    hint = f"; near are {' and '.join(near)}" if near else ""
    return f"no test has a name with {unknown[0]!r} in it{hint}"


def _may_occur(name: str, text: str, rules: Collection[str]) -> bool:
    """Whether a word may be in the name of a test."""
    rule = _RULE.fullmatch(name)
    if rule is not None and rule[1].upper() in {each.partition("-")[0] for each in rules}:
        return any(name.upper() in each for each in rules)
    places = (text, _TARGETS, "\n".join(rules).lower())
    return all(any(part in place for place in places) for part in re.findall(r"[a-z]+", name.lower()))
