"""The `docker` client of an engine: the options it knows, and those that change nothing."""

import re

import pytest

from engines.client import Client
from oracle import CommandLine, Image
from oracle.command_line import IMAGE
from oracle.run_options import SHORT, SWITCHES, VALUED
from tests.judge import Judge

NEVER_SHOWN = {"net", "net-alias", "dns-opt"}
WINDOWS_ONLY = {"cpu-count", "cpu-percent", "io-maxbandwidth", "io-maxiops"}
"""Options that a client shows only where the daemon is a Windows one; some show them always."""

ENTRYPOINT = Image("image", 'FROM probe\nENTRYPOINT ["/e", ""]\nCMD ["c d"]\n')


def test_the_client_knows_the_options(client: Client, judge: Judge) -> None:
    """`docker run --help` shows the options that the oracle knows, and of which of them a value is wanted."""
    shown = client.call("run", "--help").stdout.decode()
    options = re.findall(r"^ +(?:-(\w), )?--([a-z0-9-]+)(?: (\S+))?  ", shown, re.MULTILINE)
    assert len(options) > 80
    names = {name for _, name, _ in options}
    unknown = set(judge.dialect.unknown_run_options)
    assert {name for _, name, kind in options if kind} <= VALUED
    assert {name for _, name, kind in options if not kind} <= SWITCHES
    assert (SWITCHES | VALUED) - names - NEVER_SHOWN - WINDOWS_ONLY == unknown
    assert {short: name for short, name, _ in options if short} == {
        short: name for short, name in SHORT.items() if name not in unknown
    }


@pytest.mark.parametrize("words", [("-t",), ("-it",), ("--name", "{}", "-i"), ("--tty=true",)])
def test_a_terminal_or_a_name_changes_no_word(words: tuple[str, ...], judge: Judge) -> None:
    """No such option says what words a container is created with (CLI-10)."""
    named = tuple(word.format(f"cmdpoint-{judge.live.engine.name}-{judge.live.builder}") for word in words)
    judge.planned((ENTRYPOINT,), [CommandLine((*named, IMAGE, "x", "-d"))])
