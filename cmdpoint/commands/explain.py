"""The command `cmdpoint explain`."""

import argparse
from collections.abc import Sequence
from typing import Any, Final

from cmdpoint.cli.base_configs import BASES_FAULTS, add_base_options, base_configs
from cmdpoint.cli.build_arguments import build_arguments
from cmdpoint.cli.context import DOCKERFILE_FOLDER
from cmdpoint.cli.explain import ExplainRequest, answer, find_dialect
from cmdpoint.cli.printing import write_output
from cmdpoint.commands import BUILD_ARGUMENT, DIALECT
from cmdpoint.exit_codes import ExitCode, help_text
from cmdpoint.oracle.build.platforms import requested_platform
from cmdpoint.settings import find_settings

SUMMARY = "Show what process a Dockerfile's container runs, and which lines and rules decide it"

_ALL_DIALECTS: Final = (
    "also compare with engines that no distribution supports any more, and with builders that are not the "
    "default of `docker build`"
)

_CONTEXT: Final = (
    "the folder of the build context; {} in it stands for the folder of the Dockerfile. Also answers whether "
    "COPY and ADD bring a program that can be started. Names, modes and the first bytes of its files are read"
)


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.description = f"{SUMMARY}. Needs no daemon."
    parser.epilog = help_text(
        (ExitCode.DONE, "the container runs a process"),
        (ExitCode.FINDING, "nothing runs: the build, docker run or the engine refuses"),
        ExitCode.UNKNOWN,
        ExitCode.NOT_COVERED,
        (ExitCode.NO_FILE, "there is no such file"),
        (ExitCode.UNREADABLE, "the file cannot be read"),
        (ExitCode.NOT_TEXT, "the file is not UTF-8"),
        ExitCode.BAD_DIALECT,
        ExitCode.BAD_BASE,
        *BASES_FAULTS,
    )
    parser.usage = (
        "cmdpoint explain [PATH | -f FILE] [--context DIR] [--target STAGE]\n"
        "                        [--build-arg NAME=VALUE]... [--platform OS/ARCH] [--entrypoint X]\n"
        "                        [--dialect NAME] [--base NAME=CONFIG]... [--bases SOURCE]... [--steps]\n"
        "                        [--all-dialects] [--format json]\n"
        "                        [-- ARGS... | -- docker run ... | -- podman run ... | -- docker exec ...]"
    )
    parser.set_defaults(takes_words=True)
    _add_options(parser)


def _add_options(parser: argparse.ArgumentParser) -> None:
    option = parser.add_argument
    option("path", nargs="?", metavar="PATH", help="the Dockerfile, or the folder that it is in")
    option(
        "-f",
        "--file",
        action=_Files,
        default=[],
        help="the Dockerfile (default: Dockerfile); - is standard input. Several are a chain, "
        "as in -f base:1=base.Dockerfile -f Dockerfile",
    )
    option("--context", metavar="DIR", help=_CONTEXT)
    option("--target", metavar="STAGE", help="the stage to build, as for `docker build` (default: the last)")
    option("--build-arg", metavar="NAME[=VALUE]", action="append", default=[], help=BUILD_ARGUMENT)
    option("--platform", metavar="OS/ARCH", help="as for `docker build`")
    option("--entrypoint", metavar="X", help="as for `docker run`")
    option("--dialect", metavar="NAME", help=DIALECT)
    add_base_options(parser)
    option("--format", choices=("text", "json"), default="text", help="how to answer (default: text)")
    option("--schema", action="store_true", help="print the JSON Schema of --format json, and exit")
    option("--steps", action="store_true", help="also print each step, with its rule")
    option("--all-dialects", action="store_true", help=_ALL_DIALECTS)


def run(options: argparse.Namespace) -> int:
    """Explain a Dockerfile."""
    if options.schema:
        from cmdpoint.cli.explanation_json import schema  # noqa: PLC0415 - see `cmdpoint.commands`

        write_output(schema())
        return ExitCode.DONE
    if options.path is not None and options.file:
        options.parser.error("both PATH and -f name the Dockerfile; give one, or -f twice for a chain")
    settings, platform = find_settings(), _platform(options)
    wanted = ExplainRequest(
        files=options.file or [options.path or _file_of(options.context)],
        context=settings.context if options.context is None else options.context,
        target=options.target,
        platform=platform,
        build_args=build_arguments(options.build_arg),
        entrypoint=options.entrypoint,
        arguments=options.words,
        dialect=options.dialect,
        configs=base_configs(options, settings, platform),
        steps=options.steps,
        all_dialects=options.all_dialects,
        words=options.all_words,
        json=options.format == "json",
    )
    text, status = answer(wanted)
    write_output(text)
    return status


def _platform(options: argparse.Namespace) -> str | None:
    """The platform in full; one that no builder takes is a mistake in the command line."""
    if options.platform is None:
        return None
    if "," in options.platform:
        options.parser.error("--platform: name one platform, because what runs may depend on it")
    platform = requested_platform(options.platform, find_dialect(options.dialect))
    if platform is None:
        options.parser.error(f"--platform: {options.platform!r} is no platform, such as linux/arm64")
    return platform


def _file_of(context: str | None) -> str:
    """The Dockerfile if none is named: that of the build context, as for `docker build`."""
    return "Dockerfile" if context is None or DOCKERFILE_FOLDER in context else context


class _Files(argparse.Action):
    """Collects files; the same file twice is an error."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        files: list[object] = getattr(namespace, self.dest)
        if values in files:
            raise argparse.ArgumentError(self, f"{values} is given twice; give it once")
        setattr(namespace, self.dest, [*files, values])
