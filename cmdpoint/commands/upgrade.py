"""The command `cmdpoint upgrade`."""

import argparse
import os
import sys
from typing import Final

from cmdpoint.explain import dialect_called
from cmdpoint.printing import printed
from cmdpoint.titles import titles
from cmdpoint.upgrade import listing
from cmdpoint.upgrade import text as as_text
from cmdpoint.upgrade.compare import Build
from cmdpoint.upgrade.question import Question, find
from oracle.behaviour import changes

SUMMARY = "which Dockerfiles run something else under another engine, version or builder, and why"

CHANGED: Final = 3
"""The exit status where something changes."""

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
  40  there is no such file, or no Dockerfile in a folder
  41  a folder was named where a file is wanted
  42  a file or a folder cannot be read      44  there is no such dialect
  43  a file is not UTF-8                    45  a --base is malformed
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


def run(options: argparse.Namespace) -> int:
    """Compare."""
    if not options.paths:
        before, after = dialect_called(options.before), dialect_called(options.after)
        text = listing.render(before, after, titles())
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
    text = as_text.render(found, titles())
    if not printed(text):
        return 1
    for fault in found.faults:
        print(f"cmdpoint: {fault}", file=sys.stderr)
    if found.faults:
        return found.faults[0].exit_code
    return CHANGED if found.changed else 0


def _argument(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    return name, value if equals else os.environ[name]
