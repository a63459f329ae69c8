"""The command `cmdpoint engines`."""

import argparse
import os
import signal
import subprocess
import sys
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Final

from cmdpoint.cli.faults import NotInstalled
from cmdpoint.cli.printing import printed
from cmdpoint.engines.distribution.archive import Root
from cmdpoint.engines.distribution.available import AvailableEngines
from cmdpoint.engines.distribution.cached import cached_roots, remove, remove_index, sweep_cache
from cmdpoint.engines.distribution.names import EngineName, known_root, root_of
from cmdpoint.engines.faults import Fault
from cmdpoint.engines.private.run_folder import sweep

if TYPE_CHECKING:
    from cmdpoint.engines.find import RunningEngine

SUMMARY = "which engines there are to be asked; fetch, run and remove private ones"

IN_USE: Final = 1
"""The exit status where a root was not removed because an engine that was started from it runs."""

_EPILOG = """\
names:
  docker, podman                    of this machine's own suite
  docker:SUITE, podman:SUITE        of another suite of its distribution
  docker-28.5.2, podman-5.4.2, ...  of exactly this version
  ...+containerd                    with containerd's image store

exit status:
  0   done                          26  there is no room for it
  1   some roots are in use         28  there is no such engine
  2   the command line is wrong     29  the archive cannot be asked
  21  there is no engine here       47  the library docker is not there
  run -- COMMAND: the command's own
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Give the parser its options."""
    parser.description = "Tell which engines there are to be asked, and fetch, run and remove private ones."
    parser.epilog = _EPILOG
    parser.set_defaults(takes_words=True, parser=parser, do="list", refresh=False, names=[])
    parsers = parser.add_subparsers(title="what to do", metavar="DO", dest="do")
    listing = parsers.add_parser("list", help="the engines there are (the default)")
    listing.add_argument("--refresh", action="store_true", help="ask the archive, even if it was asked today")
    fetch = parsers.add_parser("fetch", help="unpack engines ahead, the newest of a suite")
    fetch.add_argument("names", nargs="+", metavar="NAME", help="an engine, or all")
    run = parsers.add_parser("run", help="start an engine until Ctrl-C, or while a command after -- runs")
    run.add_argument("names", nargs=1, metavar="NAME", help="any engine that --engine of a test run takes")
    clean = parsers.add_parser(
        "clean", help="remove what dead runs left, and unpacked engines that are named"
    )
    clean.add_argument("names", nargs="*", metavar="NAME", help="an engine by its version, or all")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    do = options.do or "list"
    if options.words and do != "run":
        options.parser.error(f"{do} takes nothing after --")
    if do == "list":
        return _list(refresh=options.refresh)
    if do == "fetch":
        return _fetch(options.names)
    if do == "run":
        return _run(options.names[0], options.words)
    return _clean(options.names)


def _needs_docker() -> None:
    """See that the library is there without which no engine can be talked to.

    Raises:
        NotInstalled: It is not.
    """
    try:
        import_module("docker")
    except ImportError as error:
        raise NotInstalled(
            "the library that talks to engines is not there",
            str(error),
            "install it: pip install docker, or pip install 'cmdpoint[live]'",
        ) from error


def _say(what: str) -> None:
    print(f"cmdpoint: {what}", file=sys.stderr, flush=True)


def _list(*, refresh: bool) -> int:
    _needs_docker()
    from cmdpoint.cli.engine_list import listing  # noqa: PLC0415 - see `cmdpoint.commands`

    offers: AvailableEngines | Fault
    try:
        offers = AvailableEngines.known(_say, refresh=refresh)
    except Fault as fault:
        if refresh:
            raise
        offers = fault
    return 0 if printed("".join(f"{line}\n" for line in listing(offers))) else 1


def _fetch(names: list[str]) -> int:
    wanted: list[EngineName] = []
    for name in names:
        if name == "all":
            wanted += [EngineName(each.product, each.version) for each in AvailableEngines.known(_say).offers]
        else:
            wanted.append(EngineName.of(name))
    for each in wanted:
        root = root_of(each, _say, latest=True)
        if not printed(f"{root.name}  {root.path}\n"):
            return 1
    return 0


def _run(name: str, words: list[str]) -> int:
    _needs_docker()
    from cmdpoint.engines.find import find  # noqa: PLC0415 - see `cmdpoint.commands`

    # An end that can be seen to: the engine is stopped, and what it leaves is cleared.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    found = find(name, _say)
    try:
        if words:
            return _command(found, words)
        if printed(f"DOCKER_HOST={found.url}\n"):
            _say("Ctrl-C stops it")
            threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        found.stop()
    return 0


def _command(found: "RunningEngine", words: list[str]) -> int:
    """Run a command with the engine for its daemon; its exit status, as a shell would tell it."""
    environment = {**os.environ, "DOCKER_HOST": found.url, "CONTAINER_HOST": found.url}
    try:
        process = subprocess.Popen(words, env=environment)
    except OSError as error:
        _say(f"{words[0]}: {error.strerror}")
        return 127 if isinstance(error, FileNotFoundError) else 126
    while True:
        try:
            code = process.wait()
            return code if code >= 0 else 128 - code
        except KeyboardInterrupt:
            continue  # the command has heard of it too, and says when it is done
        except BaseException:
            process.terminate()
            process.wait()
            raise


def _clean(names: list[str]) -> int:
    roots: list[Root] = []
    for name in names:
        if name == "all":
            roots += [each.root for each in cached_roots()]
        elif root := known_root(EngineName.of(name)):
            roots.append(root)
        else:
            _say(f"{name} is not unpacked")
    sweep()
    in_use = [root.name for root in roots if not remove(root)]
    swept = sweep_cache()
    if "all" in names:
        remove_index()
    gone = [root.name for root in roots if root.name not in in_use]
    said = f"removed {', '.join(gone)}" if gone else "removed no engine"
    _say(f"{said}, and {swept / 1e6:,.0f} MB that were left unfinished")
    for name in in_use:
        _say(f"{name} is in use and stays")
    return IN_USE if in_use else 0
