"""Write the values of a case for people: quoted, so that blanks and control characters can be seen."""

import json
import re
import shlex
from collections.abc import Iterator
from typing import Final

from cmdpoint.oracle.case import (
    Case,
    CommandLine,
    Commit,
    ContainerRequest,
    Image,
    ImageConfig,
    Import,
    Load,
    Origin,
    PyCall,
    RawRequest,
    Request,
    Tag,
    Words,
)
from cmdpoint.oracle.clients.docker_run import IMAGE, command_line

WIDTH: Final = 100
"""How many characters a line may have."""


def quoted(text: str) -> str:
    """A text as a JSON string in which every invisible character is escaped."""
    return visible(json.dumps(text, ensure_ascii=False))


def words_json(values: Words) -> str:
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


def value_text(content: object) -> str:
    """A value of a step: words and texts as JSON, a config as JSON without its empty keys."""
    match content:
        case None:
            return "nothing"
        case ImageConfig():
            lists = (f'"{key}": {words_json(held)}' for key, held in config_lists(content).items() if held)
            return f"{{{', '.join(lists)}}}"
        case tuple():
            return words_json(tuple(map(str, content)))
        case str():
            return quoted(content)
    return str(content)


def instructions_text(origin: Origin) -> str:
    """The text of an image that is read line by line: its Dockerfile or its changes; empty if it has none."""
    match origin:
        case Image():
            return origin.dockerfile
        case Commit() | Import():
            return "\n".join(origin.changes)
    return ""


def creation_lines(origin: Origin) -> Iterator[str]:
    """The commands that make an image, as lines; under `docker build` the Dockerfile, numbered."""
    match origin:
        case Image():
            target = "" if origin.target is None else f" --target {quoted(origin.target)}"
            arguments = (visible(f"{name}={value}") for name, value in origin.build_args)
            given = "".join(f" --build-arg {argument}" for argument in arguments)
            yield f"docker build -t {origin.name}{target}{given}"
            yield from numbered(origin.dockerfile)
        case Commit():
            yield request_line(origin.request, origin.base).replace("docker run", "docker create")
            yield f"docker commit{_changes(origin.changes)} CONTAINER {origin.name}"
        case Import():
            yield f"docker import{_changes(origin.changes)} FILES {origin.name}"
        case Load():
            yield f"docker load, of an image {origin.name} with the config"
            yield f"  {visible(origin.config)}"
        case Tag():
            yield f"docker tag {origin.base} {origin.name}"


def _changes(changes: Words) -> str:
    return "".join(f" --change {quoted(change)}" for change in changes)


def source_line(case: Case, image: str, line: int) -> str | None:
    """A line of an image's Dockerfile, without the white space around it; None if there is no such line.

    Args:
        case: The case with the image.
        image: The image's name.
        line: The line's number, from 1.
    """
    for candidate in case.images:
        lines = instructions_text(candidate).split("\n")
        if candidate.name == image and line <= len(lines):
            return visible(lines[line - 1].strip())
    return None


def numbered(dockerfile: str) -> Iterator[str]:
    """The lines of a Dockerfile with their numbers, and a remark if the last line has no line end."""
    lines = dockerfile.split("\n")
    ended = lines[-1] == ""
    lines = lines[:-1] if ended else lines
    for number, line in enumerate(lines, start=1):
        yield f"{number:3} | {visible(line)}".rstrip()
    if not dockerfile:
        yield "    (empty)"
    elif not ended:
        yield "    (no line end after the last line)"


def docker_run(requested: Request | RawRequest | CommandLine) -> Words | None:
    """The words after `docker run` that send a request, with `IMAGE` for the image; None if there are none.

    The client always sends every key, with null for an option that was not given; for an engine, null and an
    absent key are the same. The client cannot send an empty list, an entrypoint of several words, or a name
    in `Env` that removes a variable. A command line with invisible characters is not written either.
    """
    if isinstance(requested, CommandLine):
        return requested.words if all(map(str.isprintable, requested.words)) else None
    if isinstance(requested, RawRequest):
        return None
    entrypoint = requested.entrypoint if isinstance(requested.entrypoint, tuple) else None
    cmd = requested.cmd if isinstance(requested.cmd, tuple) else None
    if (entrypoint is not None and len(entrypoint) != 1) or cmd == ():
        return None
    if not all(map(str.isprintable, (entrypoint or ()) + (cmd or ()))):
        return None
    if not all("=" in word and word.isprintable() for word in requested.env):
        return None
    options = [option for word in requested.env for option in ("-e", word)]
    options += ["-w", requested.working_dir] if requested.working_dir else []
    options += ["-u", requested.user] if requested.user else []
    options += ["--init"] if requested.init else []
    return (*options, *command_line(entrypoint[0] if entrypoint else None, cmd or ()).words)


def request_line(requested: ContainerRequest, image: str) -> str:
    """A request as the spec writes it: `docker run ...`, or an API request if the client cannot send it.

    Args:
        requested: The request, the command line or the call.
        image: The name of the image in the line.
    """
    if isinstance(requested, PyCall):
        given = {"command": requested.command, "entrypoint": requested.entrypoint}
        shown = (f"{name}={list(v) if isinstance(v, tuple) else v!r}" for name, v in given.items())
        return visible(f"client.containers.create({image!r}, {', '.join(shown)})")
    run = docker_run(requested)
    if run is not None:
        return shlex.join(["docker", "run", *(image if word == IMAGE else word for word in run)])
    if isinstance(requested, CommandLine):
        return f"docker run, with the words {visible(json.dumps(requested.words, ensure_ascii=False))}"
    return visible(f"POST /containers/create {json.dumps(requested.body(), ensure_ascii=False)}")


def fold(text: str, first: str = "", rest: str | None = None, width: int = WIDTH) -> list[str]:
    """Break a text into lines, at blanks if possible. Only the blanks at the breaks are dropped.

    Args:
        text: The text, without line ends.
        first: The beginning of the first line.
        rest: The beginning of the other lines; by default white space of the same length.
        width: The maximum length of a line, in characters.
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
    """The text with JSON's escape for each invisible character."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


def for_client(text: str, client: str) -> str:
    """A sentence in which the commands of docker are those of another client.

    Args:
        text: The sentence.
        client: `docker` or `podman`.
    """
    return re.sub(r"\bdocker (?=(?:create|exec|run|start|stop)\b)", f"{client} ", text)
