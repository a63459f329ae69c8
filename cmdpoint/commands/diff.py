"""The command `cmdpoint diff`."""

import argparse
import os
from pathlib import Path
from typing import Final

from cmdpoint.cli.base_configs import BASES_FAULTS, add_base_options, base_configs, say_sources
from cmdpoint.cli.build_arguments import build_arguments
from cmdpoint.cli.context import DOCKERFILE_FOLDER, Contexts
from cmdpoint.cli.dockerfile_files import in_folder, refuse_other_files, refuse_windows
from cmdpoint.cli.explain import find_dialect
from cmdpoint.cli.faults import NoDockerfile
from cmdpoint.cli.git import read_revision
from cmdpoint.cli.git_context import read_revision_context
from cmdpoint.cli.large import lightened, read_dockerfile
from cmdpoint.cli.printing import write_output
from cmdpoint.cli.reading import STANDARD_INPUT, read
from cmdpoint.cli.stages import nearest_stages, stage_names
from cmdpoint.cli.yaml_files import refuse_yaml
from cmdpoint.commands import BUILD_ARGUMENT, DIALECT
from cmdpoint.diff import as_json, text
from cmdpoint.diff.compare import Side, diff
from cmdpoint.exit_codes import ExitCode, help_text
from cmdpoint.oracle.case import Image
from cmdpoint.settings import find_settings
from cmdpoint.upgrade.compare import Build

SUMMARY = "Show whether a change of a Dockerfile breaks those who use its image"

_CONTEXT: Final = (
    "the folder of the build context, at the revision if OLD or NEW is one; {} in it stands for the folder "
    "of the Dockerfile. Also compares whether COPY and ADD bring a program that can be started"
)

_MORE: Final = """\
OLD and NEW are files, folders with a Dockerfile, or git revisions of a file:
  cmdpoint diff Dockerfile.old Dockerfile
  cmdpoint diff main:Dockerfile Dockerfile
  cmdpoint diff main HEAD Dockerfile

Compares what starts for each way to use the image: with and without arguments, with
another entrypoint, in a pod with command or args, and as the base of another image.
Environment variables, users and ports are not compared, and files only with --context.
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.description = f"{SUMMARY}. Needs no daemon."
    codes = help_text(
        (ExitCode.DONE, "nothing changes for those who use the image"),
        (ExitCode.FINDING, "something changes"),
        ExitCode.UNKNOWN,
        ExitCode.NOT_COVERED,
        (ExitCode.NO_FILE, "there is no such file, no Dockerfile in a folder, or a file without FROM"),
        ExitCode.IS_FOLDER,
        ExitCode.UNREADABLE,
        ExitCode.NOT_TEXT,
        ExitCode.BAD_DIALECT,
        ExitCode.BAD_BASE,
        *BASES_FAULTS,
        (ExitCode.NOT_INSTALLED, "git is not installed"),
    )
    parser.epilog = f"{_MORE}\n{codes}"
    parser.usage = (
        "cmdpoint diff OLD NEW [PATH] [--target STAGE] [--build-arg NAME[=VALUE]]... [--context DIR]\n"
        "                     [--dialect NAME] [--base NAME=CONFIG]... [--bases SOURCE]...\n"
        "                     [--format {text,json}] [--schema]"
    )
    option = parser.add_argument
    option("old", metavar="OLD", nargs="?", help="the Dockerfile before the change")
    option("new", metavar="NEW", nargs="?", help="the Dockerfile after it")
    option("path", metavar="PATH", nargs="?", help="a file; then OLD and NEW are git revisions of it")
    option("--format", choices=("text", "json"), default="text", help="how to report (default: text)")
    option("--schema", action="store_true", help="print the JSON Schema of --format json, and exit")
    option("--target", metavar="STAGE", help="the stage to build, as for `docker build` (default: the last)")
    option("--build-arg", metavar="NAME[=VALUE]", action="append", default=[], help=BUILD_ARGUMENT)
    option("--context", metavar="DIR", help=_CONTEXT)
    option("--dialect", metavar="NAME", help=DIALECT)
    add_base_options(parser)


def run(options: argparse.Namespace) -> int:
    """Compare two Dockerfiles."""
    if options.schema:
        write_output(as_json.schema())
        return ExitCode.DONE
    if options.new is None:
        options.parser.error("the following arguments are required: OLD, NEW")
    names = _names(options.old, options.new, options.path)
    settings = find_settings()
    context = settings.context if options.context is None else options.context
    contexts = Contexts(context)
    old, new = (_side(name, contexts, context) for name in names)
    build = Build(target=options.target, arguments=build_arguments(options.build_arg))
    configs = base_configs(options, settings)
    dialect = find_dialect(options.dialect)
    images = [Image(name, side.text) for name, side in zip(names, (old, new), strict=True)]
    for image in images:
        refuse_yaml(image.name, image.dockerfile)
    refuse_windows(images, None, dialect)
    for image in images:
        refuse_other_files(image.name, image.dockerfile)
    found = diff(old, new, build, dialect, configs)
    if found.is_without_target:
        names_of_stages = stage_names((old.text, new.text), (dialect,))
        why = nearest_stages(options.target, names_of_stages)
        options.parser.error(f"neither file has a stage {options.target!r}; {why}")
    render = as_json.render if options.format == "json" else text.render
    write_output(render(found, *names))
    say_sources(configs)
    if found.verdict == "different":
        return ExitCode.FINDING
    return ExitCode.UNKNOWN if found.verdict == "unknown" else ExitCode.DONE


def _names(old: str, new: str, path: str | None) -> list[str]:
    """The names of both files; see `_side`.

    Raises:
        NoDockerfile: They are no files, and may be revisions without a file.
    """
    if path is not None:
        return [f"{name}:{path}" for name in (old, new)]
    if not any(":" in name or name == STANDARD_INPUT or os.path.lexists(name) for name in (old, new)):
        raise NoDockerfile(
            f"there is no file {old}, and no file {new}",
            "without a third word, both name files, or one of a git revision, such as main:Dockerfile",
            f"to compare git revisions, name the file, too: cmdpoint diff {old} {new} Dockerfile",
        )
    return [old, new]


def _side(name: str, contexts: Contexts, folder: str | None) -> Side:
    """A file with its build context, or those of a revision if there is no file of that name.

    Args:
        name: The name.
        contexts: The contexts of files.
        folder: The folder of the context; see `Contexts`.
    """
    revision, colon, path = name.partition(":")
    if name != STANDARD_INPUT and not os.path.lexists(name) and colon and revision and path:
        text = read_revision(revision, path)
        if folder is None:
            return Side(lightened(text))
        inside = folder.replace(DOCKERFILE_FOLDER, str(Path(path).parent))
        return Side(text, read_revision_context(revision, inside, path))
    file = in_folder(name)
    context = contexts.of(file)
    return Side(read_dockerfile(file) if context.files is None else read(file), context)
