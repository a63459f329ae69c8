"""How Docker's builders replace variables and split words; seen as names of stages and ports (28.5.2)."""

import pytest

from cmdpoint.oracle.build.variables import expand, expand_to_words
from cmdpoint.oracle.dialect.dialect import Dialect

OLD = Dialect.of("docker", "26.1.5", "buildkit")
NEW = Dialect.of("docker", "28.5.2", "buildkit")

VALUES = {"A": "7z7", "N": "9a90", "E": "", "S": "$0", "T": "$1", "U": "${0}q", "Y": "$0x", "D": "$"}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("x${A//*/y}", "xy"),
        ("x${A///y}", "xy7yzy7y"),
        ("x${A//7/$S}", "x7z7"),
        ("x${A//7/$T}", "xz"),
        ("x${A//7/$U}", "x7qz7q"),
        ("x${A//7/$Y}", "xz"),
        ("x${A//7/'${0}a$1'}", "x7az7a"),
        ("x${A//z/$D}", "x7$7"),
        ("x${A//z/$D$D}", "x7$7"),
        ("x${A/7/k$S}", "xk$0z7"),
        ("x${N//90*/m}", "x9am"),
        ("x${E//*/y}", "xy"),
        ("x${E//?/y}", "x"),
    ],
)
def test_every_match_is_replaced(word: str, value: str) -> None:
    """An empty match behind another is none, and the other text may refer to the match."""
    assert expand(word, VALUES, OLD) == expand(word, VALUES, NEW) == value


@pytest.mark.parametrize(
    ("word", "before", "after"),
    [
        ("80/${B:-tcp}", ["80/tcp"], ["tcp"]),
        ("'80'${B:-/tcp}", ["80/tcp"], ["/tcp"]),
        ('8"${B:-1}"2', ["812"], ["12"]),
        ("${P}8${B-1}", ["7", "81"], ["7", "1"]),
        ("x$P${B:-1}", ["x7", "1"], ["x7", "1"]),
        ("${B:-1 2}", ["1", "2"], ["1", "2"]),
        ("'$P'1", ["$P1"], ["$P1"]),
        ('"${P}"1', ["7 1"], ["7 1"]),
        ("80\u00a081\\ ", ["80", "81 "], ["80", "81 "]),
        ("''", [], []),
    ],
)
def test_words(word: str, before: list[str], after: list[str]) -> None:
    """White space separates words unless it is quoted. Since 27.1 an operator loses what stands before it."""
    values = {"P": "7 "}
    assert expand_to_words(word, values, OLD) == before
    assert expand_to_words(word, values, NEW) == after
