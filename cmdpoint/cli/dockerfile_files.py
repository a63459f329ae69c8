"""From the files that the user names to the images of a case: a Dockerfile, a folder, or a chain of them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from cmdpoint.bases.names import is_windows
from cmdpoint.cli.faults import NoDockerfile
from cmdpoint.cli.large import read_dockerfile
from cmdpoint.cli.reading import STANDARD_INPUT, display_name, read
from cmdpoint.cli.yaml_files import refuse_yaml
from cmdpoint.command_lines.faults import NotCovered
from cmdpoint.oracle.case import Image
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.commands import Reader
from cmdpoint.oracle.dockerfile.reference import is_reference
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope

_FROM: Final = re.compile(r"^[ \t\ufeff]*FROM\b", re.IGNORECASE | re.MULTILINE)


def chain(files: Sequence[str], last: Image, *, whole: bool = False) -> tuple[Image, ...]:
    """Read a chain of Dockerfiles.

    Args:
        files: Paths. All but the last are `NAME=PATH`, where NAME is what later files call the image.
        last: The target and the build arguments of the last image; its name and text are replaced.
        whole: Whether a large file is needed with the instructions that decide nothing.

    Raises:
        Fault: A file cannot be read, lacks its name, or is YAML.
    """
    images = []
    for file in files[:-1]:
        name, equals, path = file.partition("=")
        if not equals or not is_reference(name):
            raise NoDockerfile(
                f"the image of {file} has no name",
                "of several files, the later ones name the images of the earlier ones",
                f"write -f NAME={file}, with the name that FROM has in the next file",
            )
        path = in_folder(path)
        images.append(Image(name, read(path), build_args=last.build_args))
        refuse_yaml(path, images[-1].dockerfile)
    path = in_folder(files[-1])
    text = read(path) if whole else read_dockerfile(path)
    refuse_yaml(path, text)
    return (*images, replace(last, name=image_name(path), dockerfile=text))


def in_folder(name: str) -> str:
    """The Dockerfile of a folder; any other name unchanged."""
    path = Path(name)
    try:
        if name == STANDARD_INPUT or not path.is_dir():
            return name
    except ValueError:  # a name that no path can have; reading it reports that
        return name
    names = ("Dockerfile", "Containerfile")
    return str(next((path / each for each in names if (path / each).is_file()), path / "Dockerfile"))


def image_name(file: str) -> str:
    """The name of the image of a file: what the output calls the file, and no FROM can name."""
    name = display_name(file)
    return f"./{name}" if is_reference(name) else name


def refuse_other_files(name: str, text: str) -> None:
    """Refuse a file without a FROM, which is no Dockerfile.

    Raises:
        NoDockerfile: No line begins with FROM.
    """
    if not _FROM.search(text):
        raise NoDockerfile(
            f"{display_name(name)} is not a Dockerfile",
            "no line of it begins with FROM" if text.strip() else "it is empty",
            "name a Dockerfile",
        )


def refuse_windows(images: Sequence[Image], platform: str | None, dialect: Dialect) -> None:
    """Refuse Windows images, whose rules are others.

    Raises:
        NotCovered: The platform or a base is Windows.
    """
    reason = f"the platform is {platform}" if (platform or "").startswith("windows") else None
    for image in images:
        commands = Reader(dialect, Scope.after()).commands(image.dockerfile)
        for command in () if isinstance(commands, Refusal) else commands:
            read_ = command.instruction
            if read_.keyword == "FROM" and read_.words and is_windows(read_.words[0]):
                reason = reason or f"{image.name} line {read_.line} builds on {read_.words[0]}"
    if reason is not None:
        raise NotCovered(
            "Windows images are not covered",
            reason,
            "compare on a Windows daemon; cmdpoint knows Linux images only",
        )
