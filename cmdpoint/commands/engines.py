"""The command `cmdpoint engines`."""

import argparse
import os
import signal
import subprocess
import sys
import threading
from contextlib import closing, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Final

from cmdpoint.cli.faults import NotInstalled, install
from cmdpoint.cli.printing import say, write_output
from cmdpoint.engines.distribution.archive import Root
from cmdpoint.engines.distribution.available import AvailableEngines
from cmdpoint.engines.distribution.cached import TOOLS, cached_roots, remove, remove_index, sweep_cache
from cmdpoint.engines.distribution.names import EngineName, known_root, root_of
from cmdpoint.engines.distribution.sandbox import RUNSC
from cmdpoint.engines.distribution.tool import Tool, unpacked_tool
from cmdpoint.engines.faults import Fault
from cmdpoint.engines.private.run_folder import sweep
from cmdpoint.exit_codes import ENGINE_FAULTS, ExitCode, help_text

if TYPE_CHECKING:
    from cmdpoint.engines.find import RunningEngine

SUMMARY = "List the engines that cmdpoint can use; fetch, run and remove private ones"

_NAMES: Final = """\
names:
  docker                            the newest verified version in any suite
  podman                            the version in this machine's suite
  docker:SUITE, podman:SUITE        the version in another suite of the distribution
  docker-28.5.2, podman-5.4.2, ...  this version, from any suite
  ...+containerd                    with containerd's image store
  docker.../runsc, /runsc:SUITE     with gVisor's runtime runsc as a further runtime
  qemu, runsc, minimal, qemu:SUITE  what `cmdpoint machines` needs: an emulator with a kernel, gVisor's
                                    runtime, a minimal distribution; only for fetch and clean
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    codes = help_text(
        ExitCode.DONE,
        ExitCode.IN_USE,
        *ENGINE_FAULTS,
        (ExitCode.NOT_INSTALLED, "the library docker is not installed"),
    )
    parser.epilog = (
        f"{_NAMES}\n{codes}"
        "  run NAME -- COMMAND ends with COMMAND's own; on its PATH is the engine's own docker or podman.\n"
        "  A private Docker has no buildx, so that its docker build is the classic builder; conform\n"
        "  and upgrade use BuildKit through the API.\n"
    )
    parser.set_defaults(
        takes_words=True, parser=parser, action="list", refresh=False, names=[], format="text", schema=False
    )
    parsers = parser.add_subparsers(title="actions", metavar="ACTION", dest="action")
    listing = parsers.add_parser("list", help="list the engines (the default)")
    listing.add_argument(
        "--refresh", action="store_true", help="read the archive again, even if it was read today"
    )
    listing.add_argument(
        "--format", choices=("text", "json"), default="text", help="the format (default: text)"
    )
    listing.add_argument(
        "--schema", action="store_true", help="print the JSON Schema of --format json, and exit"
    )
    fetch = parsers.add_parser("fetch", help="unpack private engines before you need them")
    fetch.add_argument(
        "names", nargs="+", metavar="NAME", help="an engine, or all; `engines --help` lists the names"
    )
    run = parsers.add_parser("run", help="run an engine until Ctrl-C, or until a command ends")
    run.add_argument("names", nargs=1, metavar="NAME", help="any engine that `conform --engine` accepts")
    clean = parsers.add_parser(
        "clean", help="remove the files of killed runs, and the unpacked engines that you name"
    )
    clean.add_argument("names", nargs="*", metavar="NAME", help="an engine with its version, or all")


def run(options: argparse.Namespace) -> int:
    """Run the action."""
    action = options.action or "list"
    if options.words and action != "run":
        options.parser.error(f"{action} takes nothing after --")
    if action == "list":
        return _list(refresh=options.refresh, form=options.format, schema=options.schema)
    if action == "fetch":
        return _fetch(options.names)
    if action == "run":
        return _run(options.names[0], options.words)
    return _clean(options.names)


def _check_docker() -> None:
    """Check that docker-py is installed.

    Raises:
        NotInstalled: It is not.
    """
    try:
        import_module("docker")
    except ImportError as error:
        raise NotInstalled(
            "cmdpoint cannot connect to engines",
            str(error),
            f"run pip install docker, or {install('live')}",
        ) from error


def _list(*, refresh: bool, form: str, schema: bool) -> int:
    _check_docker()
    from cmdpoint.cli import engine_list  # noqa: PLC0415 - see `cmdpoint.commands`

    if schema:
        write_output(engine_list.schema())
        return ExitCode.DONE
    offers: AvailableEngines | Fault
    try:
        offers = AvailableEngines.known(say, refresh=refresh)
    except Fault as fault:
        if refresh:
            raise
        offers = fault
    found = engine_list.engine_list(offers)
    if form == "json":
        write_output(engine_list.as_json(found))
    else:
        write_output("".join(f"{line}\n" for line in engine_list.as_text(found)))
    return ExitCode.DONE


def _fetch(names: list[str]) -> int:
    wanted: list[EngineName] = []
    for name in names:
        product, _, suite = name.partition(":")
        if product in TOOLS:
            _fetch_tool(TOOLS[product], suite)
        elif name == "all":
            wanted += [EngineName(each.product, each.version) for each in AvailableEngines.known(say).offers]
        else:
            wanted.append(EngineName.of(name))
    for each in wanted:
        root = root_of(each, say, latest=True)
        write_output(f"{root.name}  {root.path}\n")
        if each.runtime:
            _fetch_tool(RUNSC, each.runtime_suite)
    return ExitCode.DONE


def _fetch_tool(tool: Tool, suite: str) -> None:
    path = unpacked_tool(tool, suite, say)
    write_output(f"{path.name.rpartition('-')[0]}  {path}\n")


def _run(name: str, words: list[str]) -> int:
    _check_docker()
    from cmdpoint.engines.find import find  # noqa: PLC0415 - see `cmdpoint.commands`

    # SIGTERM unwinds the stack, so that the engine is stopped and its files are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    found = find(name, say)
    try:
        if words:
            return _command(found, words)
        write_output(f"DOCKER_HOST={found.url}\n")
        say("press Ctrl-C to stop the engine")
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
    finally:
        found.stop()
    return ExitCode.DONE


def _command(found: "RunningEngine", words: list[str]) -> int:
    """Run a command with the engine as its daemon and the engine's own client on PATH.

    Returns:
        The exit status that a shell would return.
    """
    from cmdpoint.engines.client_on_path import client_on_path  # noqa: PLC0415 - see `cmdpoint.commands`

    with closing(found.connect()) as engine:
        product = engine.product
    with client_on_path(product, found.client(product).argv) as folder:
        path = os.pathsep.join([folder, os.environ.get("PATH", os.defpath)])
        return _wait(
            words, {**os.environ, "PATH": path, "DOCKER_HOST": found.url, "CONTAINER_HOST": found.url}
        )


def _wait(words: list[str], environment: dict[str, str]) -> int:
    """Run a command until it ends; see `_command`."""
    try:
        process = subprocess.Popen(words, env=environment)
    except OSError as error:
        say(f"{words[0]}: {error.strerror}")
        return 127 if isinstance(error, FileNotFoundError) else 126
    while True:
        try:
            code = process.wait()
            return code if code >= 0 else 128 - code
        except KeyboardInterrupt:
            continue  # the command received the signal too, and decides when to end
        except BaseException:
            process.terminate()
            process.wait()
            raise


def _clean(names: list[str]) -> int:
    roots: list[Root] = []
    unpacked = {each.root.name: each.root for each in cached_roots()}
    for name in names:
        if name == "all":
            roots += unpacked.values()
        elif name in unpacked:
            roots.append(unpacked[name])
        elif root := known_root(EngineName.of(name)):
            roots.append(root)
        else:
            say(f"{name} is not unpacked")
    sweep()
    in_use = [root.name for root in roots if not remove(root)]
    swept = sweep_cache()
    if "all" in names:
        remove_index()
    removed = [root.name for root in roots if root.name not in in_use]
    engines = ", ".join(removed) or "no engine"
    say(f"removed {engines}, and {swept / 1e6:,.0f} MB of unfinished downloads")
    for name in in_use:
        say(f"{name} is in use and was not removed")
    return ExitCode.IN_USE if in_use else ExitCode.DONE
