"""Which here-documents a line announces; seen on Docker 26.1.5 and 28.5.2 and on Podman 5.8.6."""

import pytest

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.heredoc import heredocs

OLD = Dialect.of("docker", "26.1.5", "buildkit")
NEW = Dialect.of("docker", "28.5.2", "buildkit")


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [
        ("RUN << EOF", [], ["EOF"]),
        ("RUN <<\tEOF", [], ["EOF"]),
        ("RUN 3<< 'E F'", [], ["E F"]),
        ("RUN <<A << B", ["A"], ["A", "B"]),
        ("RUN a<<B", [], []),
        ("RUN a << B > c", [], ["B"]),
        ("RUN << -A", [], ["-A"]),
        ("RUN <<- A", [], []),
        ("RUN <<-A", ["A"], ["A"]),
        ("RUN <<<A", [], []),
        ("RUN << <<A", ["A"], []),
        ("RUN << ${X:-A}", [], []),
        ("RUN << ${X}A", [], ["${X}A"]),
        ("RUN ${X:-<< A}", [], []),
        ("RUN ${X:-<<A}", [], []),
        ("RUN $((1 << 2))", [], ["2))"]),
        ('RUN "$(a << B)"', [], []),
        ("RUN <<${E", [], []),
        ("RUN <<E ${A#${A", [], []),
        ("RUN <<E ${A:", [], []),
    ],
)
def test_names(line: str, old: list[str], new: list[str]) -> None:
    """The words that end them, before blanks may follow << and since."""
    assert [each.name for each in heredocs(line, OLD)] == old
    assert [each.name for each in heredocs(line, NEW)] == new
