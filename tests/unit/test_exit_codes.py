"""Exit codes: each has one meaning, every fault has one of them, and `--help` documents them."""

import pkgutil
from importlib import import_module

import pytest

import cmdpoint
from cmdpoint.__main__ import INTERRUPTED, main
from cmdpoint.commands import commands
from cmdpoint.engines.faults import Fault
from cmdpoint.exit_codes import ANY_COMMAND, ExitCode


def all_faults() -> list[type[Fault]]:
    """Every class of fault in the package."""
    for module in pkgutil.walk_packages(cmdpoint.__path__, "cmdpoint."):
        if module.name.endswith("faults"):
            import_module(module.name)
    found = [Fault]
    for fault in found:
        found += fault.__subclasses__()
    return found


def test_each_fault_has_a_code_of_its_own() -> None:
    """No two classes share a code, and every code is in the list."""
    codes = [fault.exit_code for fault in all_faults()]
    assert len(codes) > 20
    assert sorted(codes) == sorted(set(codes))
    assert all(isinstance(code, ExitCode) for code in codes)


def test_each_code_of_a_fault_is_used() -> None:
    """Every code in the list is used; `MALFORMED_LINES` is the one that no class of fault has."""
    used = {int(fault.exit_code) for fault in all_faults()} | {ExitCode.MALFORMED_LINES}
    pasted = {int(ExitCode.USAGE), int(ExitCode.NOT_COVERED)}
    assert used == {int(code) for code in ExitCode if 20 <= code < 128} | pasted


def test_meanings_are_unique() -> None:
    """No two codes have the same meaning."""
    meanings = [code.meaning for code in ExitCode]
    assert len(set(meanings)) == len(meanings)
    assert INTERRUPTED == ExitCode.INTERRUPTED


def documented(words: list[str], capsys: pytest.CaptureFixture[str]) -> dict[int, str]:
    """The exit codes in a help text."""
    with pytest.raises(SystemExit):
        main([*words, "--help"])
    table = capsys.readouterr().out.rpartition("exit status")[2]
    pairs = (line.split(maxsplit=1) for line in table.splitlines())
    return {int(pair[0]): pair[1] for pair in pairs if pair and pair[0].isdigit()}


def test_help_documents_all_codes(capsys: pytest.CaptureFixture[str]) -> None:
    """`cmdpoint --help` documents every code."""
    assert documented([], capsys) == {int(code): code.meaning for code in ExitCode}


@pytest.mark.parametrize("name", [name for name, _ in commands() if name != "conform"])
def test_help_of_a_command_documents_its_codes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The codes of all commands are among them. `conform` is left out: it also has pytest's codes."""
    found = documented([name], capsys)
    assert {ExitCode.DONE, *ANY_COMMAND} <= set(found)
    assert set(found) <= set(ExitCode)
