"""How the values of a case are written for people: quoted, so that no blank or control character hides."""

import json
import shlex
from collections.abc import Iterator
from typing import Final

from oracle.model import Case, ImageConfig, Request, Words

WIDTH: Final = 100
"""How many characters a line may have."""


def quoted(text: str) -> str:
    """A text as a JSON string in which every character that cannot be seen is escaped."""
    return visible(json.dumps(text, ensure_ascii=False))


def words(values: Words) -> str:
    """A list of words as JSON."""
    return f"[{', '.join(map(quoted, values))}]"


def config_lists(config: ImageConfig) -> dict[str, Words]:
    """The lists of a config by the names they have in Docker's JSON."""
    return {
        "Entrypoint": config.entrypoint,
        "Cmd": config.cmd,
        "Shell": config.shell,
        "OnBuild": config.on_build,
    }


def value(content: object) -> str:
    """A value that a step holds: words and texts as JSON, a config by its keys that are not empty."""
    match content:
        case None:
            return "nothing"
        case ImageConfig():
            lists = (f'"{key}": {words(held)}' for key, held in config_lists(content).items() if held)
            return f"{{{', '.join(lists)}}}"
        case tuple():
            return words(tuple(map(str, content)))
        case str():
            return quoted(content)
    return str(content)


def source(case: Case, image: str, line: int) -> str | None:
    """A line of the Dockerfile of an image, or None where there is none.

    Args:
        case: The case the image is part of.
        image: The image's name.
        line: The line's number, from 1.
    """
    for candidate in case.images:
        lines = candidate.dockerfile.split("\n")
        if candidate.name == image and line <= len(lines):
            return visible(lines[line - 1].strip())
    return None


def numbered(dockerfile: str) -> Iterator[str]:
    """The lines of a Dockerfile with their numbers; a last line that is not ended says so."""
    lines = dockerfile.split("\n")
    ended = lines[-1] == ""
    lines = lines[:-1] if ended else lines
    for number, line in enumerate(lines, start=1):
        yield f"{number:3} | {visible(line)}".rstrip()
    if not dockerfile:
        yield "    (empty)"
    elif not ended:
        yield "    (no line end after the last line)"


def docker_run(request: Request) -> tuple[list[str], list[str]] | None:
    """How `docker run` makes a request: its options, and the words after the image.

    The client cannot leave a key out: it sends null for what it was not given, which no engine can tell from
    an absent key. It cannot send an empty list, nor an entrypoint of several words; and words that cannot be
    seen are nothing for a command line.
    """
    entrypoint = request.entrypoint if isinstance(request.entrypoint, tuple) else None
    cmd = request.cmd if isinstance(request.cmd, tuple) else None
    if (entrypoint is not None and len(entrypoint) != 1) or cmd == ():
        return None
    if not all(word.isprintable() for word in (entrypoint or ()) + (cmd or ())):
        return None
    return ["--entrypoint", *entrypoint] if entrypoint else [], list(cmd or ())


def request(made: Request, image: str) -> str:
    """A request as the spec writes it: a `docker run` line, or the API's where the client cannot make it.

    Args:
        made: The request.
        image: What to call the image.
    """
    run = docker_run(made)
    if run is None:
        return visible(f"POST /containers/create {json.dumps(made.body(), ensure_ascii=False)}")
    options, arguments = run
    return shlex.join(["docker", "run", *options, image, *arguments])


def fold(text: str, first: str = "", rest: str | None = None, width: int = WIDTH) -> list[str]:
    """Break a text into lines, at blanks where that is possible, and lose none of it but those blanks.

    Args:
        text: The text, without line ends.
        first: What the first line begins with.
        rest: What the others begin with; by default as much white space.
        width: How long a line may be, in characters.
    """
    rest = " " * len(first) if rest is None else rest
    lines = []
    while len(first) + len(text) > width:
        room = width - len(first)
        at = text.rfind(" ", 1, room + 1)
        lines.append(first + text[: at if at > 0 else room])
        text = text[at + 1 if at > 0 else room :]
        first = rest
    return [*lines, first + text]


def visible(text: str) -> str:
    """The text with JSON's escape for each character that cannot be seen."""
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)
