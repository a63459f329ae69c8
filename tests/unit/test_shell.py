"""A shell command is recognised by its words, and EXEC-20, EXEC-21 and EXEC-22 apply to exactly those."""

import pytest

from cmdpoint.oracle import Case, Dialect, Image, predict
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.container.shell import ShellCommand, shell_command

DIALECT = Dialect.from_name("docker-28.5.2/buildkit")
SHELL_RULES = {"EXEC-20", "EXEC-21", "EXEC-22"}


@pytest.mark.parametrize(
    ("argv", "text", "parameters"),
    [
        (("/bin/sh", "-c", "a"), "a", ()),
        (("sh", "-ec", "a", "b", "c"), "a", ("b", "c")),
        (("/bin/bash", "-o", "pipefail", "-c", "a", "b"), "a", ("b",)),
        (("bash", "-euo", "pipefail", "-c", "a"), "a", ()),
        (("bash", "--norc", "-c", "-x", "a", "b"), "a", ("b",)),
        (("fish", "-c", "a", "b"), "a", ()),
        (("powershell", "-NoProfile", "-Command", "a", "b"), "a b", ()),
        (("C:\\Windows\\cmd.exe", "/S", "/C", "a", "b"), "a b", ()),
    ],
)
def test_a_shell_command(argv: Words, text: str, parameters: Words) -> None:
    """The program is a known shell, with an option that makes it run a text."""
    assert shell_command(argv) == ShellCommand(text, parameters)


@pytest.mark.parametrize(
    "argv",
    [
        ("/bin/sh",),
        ("sh", "script.sh", "-c", "a"),
        ("bash", "-x", "a"),
        ("/entrypoint.sh", "/bin/sh", "-c", "a"),
        ("echo", "-c", "a"),
        ("powershell", "-File", "a"),
        ("cmd", "a"),
    ],
)
def test_no_shell_command(argv: Words) -> None:
    """It is another program, or a shell without that option."""
    assert shell_command(argv) is None


@pytest.mark.parametrize(
    ("lines", "rules"),
    [
        ("ENTRYPOINT a\nCMD b", SHELL_RULES),
        ('ENTRYPOINT ["/bin/sh", "-c", "a"]\nCMD ["b"]', SHELL_RULES),
        ('SHELL ["/bin/bash", "-c"]\nENTRYPOINT a\nCMD ["b"]', SHELL_RULES),
        ('SHELL ["powershell", "-Command"]\nENTRYPOINT a\nCMD ["b"]', {"EXEC-20", "EXEC-22"}),
        ('ENTRYPOINT ["/entrypoint.sh"]\nCMD a', set()),
    ],
)
def test_rules_of_shells(lines: str, rules: set[str]) -> None:
    """They apply to exec form and shell form alike, but not behind an entrypoint script."""
    prediction = predict(Case((Image("image", f"FROM probe\n{lines}\n"),)), DIALECT)
    assert prediction.rules & SHELL_RULES == rules
