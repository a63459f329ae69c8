"""The command `cmdpoint check`."""

import argparse
from typing import Final

from cmdpoint.checks import as_json, github, sarif, text
from cmdpoint.checks.problem import SEVERITIES
from cmdpoint.checks.report import CheckRequest, check_paths, new_report
from cmdpoint.cli.base_configs import BASES_FAULTS, add_base_options, base_configs, say_sources
from cmdpoint.cli.build_arguments import build_arguments
from cmdpoint.cli.printing import say, say_faults, write_output
from cmdpoint.commands import BUILD_ARGUMENT
from cmdpoint.exit_codes import ExitCode, help_text
from cmdpoint.settings import find_settings

SUMMARY = "Report what is surprising about the Dockerfiles of a tree, for editors and CI"

CONTEXT: Final = (
    "the folder of the build context of each Dockerfile; {} in it stands for the folder of the Dockerfile. "
    "Also answers whether COPY and ADD bring a program that can be started"
)

_MORE: Final = """\
Settings, in cmdpoint.toml or as [tool.cmdpoint...] in pyproject.toml:
  dialects = ["docker", "podman-5.4.2"]
  context = "{}"                          # as --context; other paths are from the folder of this file
  [bases]
  "registry.example/base:1" = { Entrypoint = ["/entry.sh"] }
  "postgres:17" = "bases/postgres.json"   # the output of docker image inspect
  [[ignore]]
  rule = "EXEC-22"
  paths = ["legacy/*"]
  reason = "their images have an init process"

A comment on a line of its own above an instruction ignores a problem:
  # cmdpoint: ignore[EXEC-22] the base image has an init process
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.description = f"{SUMMARY}. Needs no daemon."
    codes = help_text(
        (ExitCode.DONE, "no problem that --fail-on counts"),
        (ExitCode.FINDING, "a problem"),
        (ExitCode.NOT_COVERED, "no file is covered: all are for Windows, or YAML"),
        ExitCode.NO_FILE,
        ExitCode.UNREADABLE,
        ExitCode.NOT_TEXT,
        ExitCode.BAD_DIALECT,
        ExitCode.BAD_BASE,
        *BASES_FAULTS,
        ExitCode.BAD_SETTINGS,
    )
    parser.epilog = f"{_MORE}\n{codes}"
    _add_options(parser)


def _add_options(parser: argparse.ArgumentParser) -> None:
    option = parser.add_argument
    option(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a Dockerfile, or a folder to search for Dockerfiles (default: this folder)",
    )
    option(
        "--format",
        choices=("text", "json", "sarif", "github"),
        default="text",
        help="text (the default), JSON, SARIF 2.1.0, or annotations of GitHub Actions",
    )
    option("--schema", action="store_true", help="print the JSON Schema of --format json, and exit")
    option(
        "--fail-on",
        choices=(*SEVERITIES, "never"),
        default="warning",
        help="the least serious problem that leads to exit status 3 (default: warning)",
    )
    option(
        "--dialect",
        metavar="NAME",
        action="append",
        default=[],
        help="a dialect that matters, such as docker-26; may be repeated (default: the newest Docker)",
    )
    option("--build-arg", metavar="NAME[=VALUE]", action="append", default=[], help=BUILD_ARGUMENT)
    option("--context", metavar="DIR", help=CONTEXT)
    option(
        "--config",
        metavar="FILE",
        help="the settings (default: cmdpoint.toml, or [tool.cmdpoint] in pyproject.toml, in this folder or "
        "one above)",
    )
    add_base_options(parser)


def run(options: argparse.Namespace) -> int:
    """Check the Dockerfiles."""
    if options.schema:
        write_output(as_json.schema())
        return ExitCode.DONE
    settings = find_settings(options.config)
    configs = base_configs(options, settings)
    context = settings.context if options.context is None else options.context
    wanted = CheckRequest(
        paths=options.paths or ["."],
        dialects=options.dialect,
        configs=configs,
        arguments=build_arguments(options.build_arg),
        context=context,
        settings=settings,
    )
    report = new_report(wanted)
    # Lines are written as soon as a file is checked.
    lines = {"text": text.problem_lines, "github": github.problem_lines}.get(options.format)
    for file in check_paths(wanted, report):
        if lines is not None and file.problems:
            write_output("".join(f"{line}\n" for problem in file.problems for line in lines(problem)))
    if lines is None:
        write_output((sarif if options.format == "sarif" else as_json).render(report))
    else:
        for line in text.summary(report):
            say(line)
    say_sources(configs)
    say_faults(report.faults)
    return report.status(None if options.fail_on == "never" else options.fail_on)
