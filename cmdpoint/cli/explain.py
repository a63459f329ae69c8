"""`cmdpoint explain`: from what the user gives to the case that is explained."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from types import ModuleType
from typing import Final

from cmdpoint.bases.sources import FoundConfigs
from cmdpoint.cli import explanation_text
from cmdpoint.cli.context import NO_CONTEXT, Context, Contexts
from cmdpoint.cli.dockerfile_files import chain, in_folder, refuse_windows
from cmdpoint.cli.explanation import Explanation, Layout, explanation
from cmdpoint.cli.faults import BadDialect
from cmdpoint.command_lines.faults import BadCommandLine
from cmdpoint.command_lines.image_word import image_word, invalid_reference
from cmdpoint.command_lines.pasted import Arguments, ExecLine, RunLine, read_pasted
from cmdpoint.exit_codes import ExitCode
from cmdpoint.oracle.build.global_arguments import platform_arguments
from cmdpoint.oracle.case import Case, CommandLine, Image
from cmdpoint.oracle.clients.docker_run import command_line
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.unknown import REMEDY, UnknownDialect
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.outcome import Process

_MOUNT: Final = re.compile(r"-[a-zA-Z]*v|--(?:mount|rootfs|tmpfs|volume)")
"""The options of a command line that put other files into a container, and words that may be one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainRequest:
    """The arguments of `cmdpoint explain`.

    Attributes:
        files: The Dockerfiles' paths, `-` for standard input; all but the last as `NAME=PATH`.
        context: The folder of the build context, as `Contexts` takes it, or None.
        target: The stage to build, or None for the last.
        platform: The value of `--platform`, or None.
        build_args: The build arguments.
        entrypoint: The value of `--entrypoint`, or None.
        arguments: The words after the image; or a whole command line, such as `docker run ...`.
        dialect: The name of a dialect, or None for the newest.
        configs: The configs of base images.
        steps: Whether to print all steps.
        all_dialects: Whether to compare with all dialects, not only with those that people still run.
        words: All words of the command line of cmdpoint.
        json: Whether to answer with JSON.
    """

    files: Sequence[str]
    context: str | None
    target: str | None
    platform: str | None
    build_args: tuple[tuple[str, str], ...]
    entrypoint: str | None
    arguments: Sequence[str]
    dialect: str | None
    configs: FoundConfigs
    steps: bool
    all_dialects: bool
    words: Sequence[str]
    json: bool


def answer(wanted: ExplainRequest) -> tuple[str, int]:
    """Explain what runs.

    Returns:
        The text, and the exit code.

    Raises:
        Fault: The Dockerfile cannot be read, an option is malformed, or the question is not covered.
    """
    pasted = read_pasted(wanted.arguments)
    client = "docker" if not isinstance(pasted, RunLine | ExecLine) else pasted.client
    dialect = find_dialect(wanted.dialect or ("podman" if client == "podman" else None))
    if dialect.engine != client and isinstance(pasted, RunLine):
        raise BadCommandLine(
            f"{client} run is not a command of {dialect}",
            "each client reads its words by its own rules",
            f"omit --dialect, or name a dialect of {client}",
        )
    context = _context(wanted, pasted)
    images = _images(wanted, context, dialect)
    layout = replace(_layout(wanted, client), unknown_context=context.unknown)
    if isinstance(pasted, RunLine):
        found = image_word(pasted.words, dialect)
        if not found.is_valid:
            reply = _json().invalid if wanted.json else _invalid
            return reply(dialect, *invalid_reference(found)), ExitCode.FINDING
        layout = replace(layout, image_word=found.image)
        request = _with_entrypoint(replace(found.line, local=not pasted.remote), wanted.entrypoint)
    else:
        words = pasted.words if isinstance(pasted, Arguments) else ()
        request = command_line(wanted.entrypoint, words)
    explained = explanation(Case(images, request), dialect, wanted.configs, layout)
    executed = pasted if isinstance(pasted, ExecLine) else None
    status = _status(explained) if executed is None else ExitCode.DONE
    if wanted.json:
        return _json().render(explained, executed), status
    head = "" if executed is None else _exec_text(executed, images[-1])
    return head + explanation_text.render(explained), status


def _context(wanted: ExplainRequest, pasted: object) -> Context:
    """The build context, unless the command line replaces files of the image."""
    if wanted.context is None:
        return NO_CONTEXT
    for word in pasted.words if isinstance(pasted, RunLine) else ():
        if _MOUNT.match(word):
            return Context(None, f"{word} may put other files in their place")
    return Contexts(wanted.context).of(in_folder(wanted.files[-1]))


def _images(wanted: ExplainRequest, context: Context, dialect: Dialect) -> tuple[Image, ...]:
    """The images of the case. The build context is that of the last one."""
    by_platform = platform_arguments(wanted.platform, dialect) if wanted.platform else ()
    last = Image("", "", wanted.target, (*by_platform, *wanted.build_args), context.files)
    images = chain(wanted.files, last, whole=wanted.steps or context.files is not None)
    refuse_windows(images, wanted.platform, dialect)
    return images


def _json() -> ModuleType:
    """The module for JSON, which is not needed for most answers."""
    return import_module("cmdpoint.cli.explanation_json")


def _layout(wanted: ExplainRequest, client: str) -> Layout:
    return Layout(
        elsewhere=wanted.dialect is None,
        all_dialects=wanted.all_dialects,
        steps=wanted.steps,
        words=wanted.words,
        client=client,
    )


def _status(explained: Explanation) -> ExitCode:
    if explained.outcome is None:
        return ExitCode.UNKNOWN
    return ExitCode.DONE if isinstance(explained.outcome, Process) else ExitCode.FINDING


def _with_entrypoint(line: CommandLine, entrypoint: str | None) -> CommandLine:
    if entrypoint is not None:
        raise BadCommandLine(
            "--entrypoint stands outside of the command line",
            "the command line after -- is read as it is",
            f"write it in the command line, in front of the image: --entrypoint {entrypoint}",
        )
    return line


def _invalid(dialect: Dialect, reason: str, remedy: str) -> str:
    lines = [f"Nothing runs ({dialect}):", f"  refused by the client; {dialect.engine} run exits with 125"]
    lines += [
        *notation.fold(notation.visible(reason), "  "),
        *notation.fold(notation.visible(remedy), "  do: "),
    ]
    return "".join(f"{line}\n" for line in lines)


def _exec_text(line: ExecLine, image: Image) -> str:
    """What `exec` runs: its own words, and nothing of the image's ENTRYPOINT or CMD."""
    words = " ".join(map(notation.quoted, line.words))
    lines = notation.fold(f"{line.client} exec runs, in the running container: {words}")
    lines += ["ENTRYPOINT and CMD of the image have no part in it.", ""]
    small = "alpine" in image.dockerfile.lower() or "busybox" in image.dockerfile.lower()
    if small and line.words[0] == "bash":
        lines[-1:] = ["Images of alpine and busybox have sh, and bash only if it was installed: try sh.", ""]
    lines += [f"Process 1 of the container, as `{line.client} run IMAGE` starts it:"]
    return "".join(f"{each}\n" for each in lines)


def find_dialect(name: str | None) -> Dialect:
    """Find the dialect with a name, or the newest verified one.

    Raises:
        BadDialect: There is no dialect of that name.
    """
    if name is None:
        return Dialect.newest()
    try:
        return Dialect.from_name(name)
    except UnknownDialect as error:
        several = len(error.nearest) > 1
        label = "the nearest names are" if several else "the nearest name is"
        label = label if error.is_near else "names are, for example,"
        raise BadDialect(error.what, f"{label} {', '.join(error.nearest)}", REMEDY) from error
