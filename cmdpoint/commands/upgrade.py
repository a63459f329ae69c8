"""The command `cmdpoint upgrade`."""

import argparse
import os
import sys
from typing import TYPE_CHECKING, Final

from cmdpoint.bases.given import given
from cmdpoint.cli.explanation import dialect_called
from cmdpoint.cli.faults import NotInstalled
from cmdpoint.cli.printing import printed
from cmdpoint.oracle.dialect.changes import changes
from cmdpoint.spec.titles import titles
from cmdpoint.upgrade import as_json, listing
from cmdpoint.upgrade import text as as_text
from cmdpoint.upgrade import verification_text as verified
from cmdpoint.upgrade.compare import Build
from cmdpoint.upgrade.survey import Found, Question, find

if TYPE_CHECKING:
    from cmdpoint.upgrade.verification import Verdict

SUMMARY = "which Dockerfiles run something else under another engine, version or builder, and why"

CHANGED: Final = 3
"""The exit status where something changes."""

OTHERWISE: Final = 4
"""The exit status where an engine that was asked did otherwise than told."""

_MORE = """\
An engine is named with its version, such as docker-20.10.24 or podman-5.4.2. What
builds is then what `docker build` itself uses there: the classic builder before Docker
23.0, BuildKit from 23.0 on (with the buildx plug-in); Podman builds with Buildah. Any
other is named behind a slash: docker-20.10.24/buildkit, as with DOCKER_BUILDKIT=1.

Without a PATH, what changed between the two is listed, each with an example.

exit status:
  0   nothing changes
  2   the command line is wrong
  3   something changes
  4   with --verify: an engine did otherwise than was told
  40  there is no such file, or no Dockerfile in a folder
  42  a file or a folder cannot be read      44  there is no such dialect
  43  a file is not UTF-8                    45  a --base is malformed
  47  with --verify: a library is missing    60  with --verify: the engine is another
  20 to 30  with --verify: an engine cannot be had, or died
A file that cannot be read does not keep the others from being looked at, but decides the status.
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Give the parser its options."""
    parser.description = f"Tell {SUMMARY}. Needs no daemon."
    parser.epilog = _MORE
    option = parser.add_argument
    option("paths", nargs="*", metavar="PATH", help="a Dockerfile, or a folder to be searched as a tree")
    option("--from", dest="before", metavar="ENGINE", required=True, help="what runs now")
    option("--to", dest="after", metavar="ENGINE", required=True, help="what is to run")
    option("--format", choices=("text", "json"), default="text", help="text for people, by default, or JSON")
    option(
        "--schema", action=_Schema, nargs=0, help="only print the JSON Schema of what --format json prints"
    )
    option("--target", metavar="STAGE", help="the stage to build, as for `docker build`; by default the last")
    option("--every-stage", action="store_true", help="look at every stage that has a name, besides the last")
    option(
        "--build-arg",
        metavar="NAME[=VALUE]",
        action="append",
        default=[],
        help="as for `docker build`; without a value, that of the environment",
    )
    option(
        "--base",
        metavar="NAME=CONFIG",
        action="append",
        default=[],
        help='the config of an image that FROM names: NAME=\'{"Entrypoint": [...], "Cmd": [...]}\'',
    )
    option(
        "--verify",
        action="store_true",
        help="ask both engines about every Dockerfile, and tell what they did",
    )
    for side in ("from", "to"):
        option(
            f"--{side}-at",
            metavar="WHERE",
            default="",
            help=f"with --verify, where the engine of --{side} is: host, private:SUITE, or an address",
        )


def run(options: argparse.Namespace) -> int:
    """Compare."""
    if not options.paths:
        before, after = dialect_called(options.before), dialect_called(options.after)
        is_text = options.format == "text"
        text = listing.render(before, after, titles()) if is_text else as_json.of_behaviours(before, after)
        return (CHANGED if changes(before, after) else 0) if printed(text) else 1
    question = Question(
        paths=options.paths,
        before=options.before,
        after=options.after,
        build=Build(
            target=options.target,
            every_stage=options.every_stage,
            arguments=tuple(
                _argument(word) for word in options.build_arg if "=" in word or word in os.environ
            ),
        ),
        bases=options.base,
    )
    found = find(question)
    verdicts = _verdicts(options, found) if options.verify else None
    if options.format == "json":
        text = as_json.of_files(found, titles(), verdicts)
    else:
        text = as_text.render(found, titles()) + ("" if verdicts is None else verified.render(verdicts))
    if not printed(text):
        return 1
    for fault in found.faults:
        print(f"cmdpoint: {fault}", file=sys.stderr)
    if found.faults:
        return found.faults[0].exit_code
    if any(verdict.agrees is False for verdict in verdicts or ()):
        return OTHERWISE
    return CHANGED if found.changed else 0


def _verdicts(options: argparse.Namespace, found: Found) -> list["Verdict"]:
    try:
        from cmdpoint.upgrade.verification import verify  # noqa: PLC0415 - see `cmdpoint.commands`
    except ModuleNotFoundError as error:
        raise NotInstalled(
            "no engine can be asked",
            f"the Python library {error.name} is not installed",
            "install cmdpoint[live], or leave --verify out",
        ) from error

    def progress(what: str) -> None:
        print(f"cmdpoint: {what}", file=sys.stderr)

    return list(verify(found, given(options.base), (options.from_at, options.to_at), progress))


class _Schema(argparse.Action):
    """Prints the schema and ends, whatever else is or is not on the command line."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        parser.exit(0 if printed(as_json.schema()) else 1)


def _argument(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    return name, value if equals else os.environ[name]
