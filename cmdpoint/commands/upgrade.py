"""The command `cmdpoint upgrade`."""

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from cmdpoint.cli.base_configs import BASES_FAULTS, add_base_options, base_configs, say_sources
from cmdpoint.cli.build_arguments import build_arguments
from cmdpoint.cli.explain import find_dialect
from cmdpoint.cli.faults import NotInstalled, install
from cmdpoint.cli.printing import say, say_faults, write_output
from cmdpoint.cli.stages import nearest_stages, stage_names
from cmdpoint.commands import BUILD_ARGUMENT
from cmdpoint.exit_codes import ENGINE_FAULTS, ExitCode, help_text
from cmdpoint.oracle.dialect.changes import changes
from cmdpoint.spec.titles import titles
from cmdpoint.upgrade import as_json, listing
from cmdpoint.upgrade import text as as_text
from cmdpoint.upgrade import verification_text as verified
from cmdpoint.upgrade.compare import Build
from cmdpoint.upgrade.report import UpgradeReport, UpgradeRequest, compare_paths

if TYPE_CHECKING:
    from cmdpoint.upgrade.verification import Verification

SUMMARY = "Find the Dockerfiles that run something else after an upgrade, and the reason"

_MORE: Final = """\
The name of an engine has its version, such as docker-20.10.24 or podman-5.4.2. Its
builder is the default of `docker build`: the classic builder before Docker 23.0, BuildKit
from 23.0 on (with the buildx plug-in), and Buildah for Podman. Add another builder after
a slash: docker-20.10.24/buildkit, as with DOCKER_BUILDKIT=1.

Without a PATH, the command lists every behaviour that changed between the two engines,
each with an example.

If a file cannot be read, the others are still compared, and the exit status is that of
the unreadable file.
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.description = f"{SUMMARY}. Needs no daemon, except with --verify."
    codes = help_text(
        (ExitCode.DONE, "nothing changes"),
        (ExitCode.FINDING, "something changes"),
        (ExitCode.ENGINE_DIFFERS, "with --verify: an engine diverges from the prediction"),
        ExitCode.UNKNOWN,
        (ExitCode.NOT_COVERED, "no file is covered: all are for Windows, or YAML"),
        ExitCode.NO_FILE,
        ExitCode.UNREADABLE,
        ExitCode.NOT_TEXT,
        ExitCode.BAD_DIALECT,
        ExitCode.BAD_BASE,
        *BASES_FAULTS,
        (ExitCode.NOT_INSTALLED, "with --verify: a library is not installed"),
        (ExitCode.OTHER_ENGINE, "with --verify: the engine is not the one that was named"),
        *((code, f"with --verify: {code.meaning}") for code in ENGINE_FAULTS),
    )
    parser.epilog = f"{_MORE}\n{codes}"
    option = parser.add_argument
    option("paths", nargs="*", metavar="PATH", help="a Dockerfile, or a folder to search for Dockerfiles")
    option("--from", dest="before", metavar="ENGINE", required=True, help="the engine before the upgrade")
    option("--to", dest="after", metavar="ENGINE", required=True, help="the engine after the upgrade")
    option("--format", choices=("text", "json"), default="text", help="how to report (default: text)")
    option("--schema", action=_Schema, nargs=0, help="print the JSON Schema of --format json, and exit")
    option("--target", metavar="STAGE", help="the stage to build, as for `docker build` (default: the last)")
    option("--every-stage", action="store_true", help="compare every stage that has a name, and the last")
    option(
        "--build-arg",
        metavar="NAME[=VALUE]",
        action="append",
        default=[],
        help=BUILD_ARGUMENT,
    )
    add_base_options(parser)
    _add_verification(parser)


def _add_verification(parser: argparse.ArgumentParser) -> None:
    """Add the options that need engines."""
    option = parser.add_argument
    option(
        "--verify",
        action="store_true",
        help="also build each Dockerfile with both engines, and report where they differ from the prediction",
    )
    for side in ("from", "to"):
        option(
            f"--{side}-at",
            metavar="WHERE",
            default="",
            help=f"with --verify, where the engine of --{side} runs: host, private:SUITE, or an address",
        )


def run(options: argparse.Namespace) -> int:
    """Compare the Dockerfiles, or list the behaviours."""
    if not options.paths:
        before, after = find_dialect(options.before), find_dialect(options.after)
        is_text = options.format == "text"
        text = listing.render(before, after, titles()) if is_text else as_json.of_behaviours(before, after)
        write_output(text)
        return ExitCode.FINDING if changes(before, after) else ExitCode.DONE
    configs = base_configs(options)
    wanted = UpgradeRequest(
        paths=options.paths,
        before=options.before,
        after=options.after,
        build=Build(
            target=options.target,
            every_stage=options.every_stage,
            arguments=build_arguments(options.build_arg),
        ),
        configs=configs,
    )
    found = compare_paths(wanted)
    if found.is_without_target:
        dialects = find_dialect(options.before), find_dialect(options.after)
        why = nearest_stages(options.target, stage_names((file.text for file in found.files), dialects))
        options.parser.error(f"no Dockerfile has a stage {options.target!r}; {why}")
    verdicts = _verdicts(options, found, wanted) if options.verify else None
    if options.format == "json":
        text = as_json.of_files(found, titles(), verdicts)
    else:
        text = as_text.render(found, titles()) + ("" if verdicts is None else verified.render(verdicts))
    write_output(text)
    say_sources(configs)
    say_faults(found.faults)
    return _status(found, verdicts or ())


def _status(found: UpgradeReport, verdicts: Iterable["Verification"]) -> int:
    if found.faults:
        return found.faults[0].exit_code
    if any(verdict.agrees is False for verdict in verdicts):
        return ExitCode.ENGINE_DIFFERS
    if found.changed or found.reread:
        return ExitCode.FINDING
    if found.not_covered and not found.files:
        return ExitCode.NOT_COVERED
    return ExitCode.UNKNOWN if found.unknown else ExitCode.DONE


def _verdicts(
    options: argparse.Namespace, found: UpgradeReport, wanted: UpgradeRequest
) -> list["Verification"]:
    try:
        from cmdpoint.upgrade.verification import verify  # noqa: PLC0415 - see `cmdpoint.commands`
    except ModuleNotFoundError as error:
        raise NotInstalled(
            "cmdpoint cannot connect to engines",
            f"the Python library {error.name} is not installed",
            f"{install('live')}, or omit --verify",
        ) from error
    return list(verify(found, wanted.configs, (options.from_at, options.to_at), say))


class _Schema(argparse.Action):
    """Prints the schema and exits, even if required options are missing."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        write_output(as_json.schema())
        parser.exit()
