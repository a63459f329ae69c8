"""`cmdpoint completion` and `cmdpoint manual`: made from the same parsers as the help."""

import shutil
import subprocess
import sys

import pytest

from cmdpoint.__main__ import main
from cmdpoint.cli.faults import NotInstalled
from cmdpoint.commands import commands


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_has_all_commands_and_options(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command and an option of each kind are in the script."""
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    for name, _ in commands():
        assert name in script
    for option in ("fail-on", "build-arg", "all-dialects"):
        assert option in script


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["cmdpoint", "exp"], {"explain"}),
        (["cmdpoint", "check", "--fail"], {"--fail-on"}),
        (["cmdpoint", "check", "--format", "s"], {"sarif"}),
        (["cmdpoint", "engines", "fe"], {"fetch"}),
    ],
)
def test_bash_completes(words: list[str], expected: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Bash itself, with the script, completes the last word."""
    main(["completion", "bash"])
    quoted = " ".join(f"'{word}'" for word in words)
    program = capsys.readouterr().out + (
        f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}\n"
        "function_name=$(complete -p cmdpoint | sed 's/.*-F \\([^ ]*\\).*/\\1/')\n"
        f"$function_name cmdpoint '{words[-1]}' '{words[-2]}'\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True)
    assert {line.strip() for line in done.stdout.splitlines()} == expected


def test_without_the_library(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The message says how to install it."""
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == NotInstalled.exit_code
    assert "pip install '.[completion]' in the clone of cmdpoint" in capsys.readouterr().err


def test_the_manual_page_has_the_help_of_all_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """Each command has a section; a line that begins with a dot is text."""
    assert main(["manual"]) == 0
    page = capsys.readouterr().out
    for name, command in commands():
        assert f".SH CMDPOINT {name.upper()}\n" in page
        assert command.SUMMARY.replace("-", "\\-") in page
    assert "\\-\\-fail\\-on" in page


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_man_can_read_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    """Groff formats the page without a warning."""
    main(["manual"])
    page = capsys.readouterr().out
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-P-cbou"], input=page.encode(), capture_output=True, check=True
    )
    text = done.stdout.decode()
    assert "--fail-on" in text
    assert "no-daemon" not in text
    assert [line for line in done.stderr.decode().splitlines() if "can't break" not in line] == []
