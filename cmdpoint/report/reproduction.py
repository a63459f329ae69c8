"""A script for `sh` that reproduces a case on an engine with `docker` alone, without cmdpoint."""

import base64
import json
import posixpath
import shlex
from collections.abc import Iterator
from typing import Final

from cmdpoint.engines.probe import ARCHITECTURES, program
from cmdpoint.oracle.case import (
    Case,
    CommandLine,
    Commit,
    Image,
    ImageConfig,
    Import,
    Load,
    Origin,
    PyCall,
    Request,
    Tag,
    Words,
)
from cmdpoint.oracle.clients.docker_run import IMAGE
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.images import probe
from cmdpoint.oracle.outcome import Outcome, Process

_END: Final = "END_OF_DOCKERFILE"
_LABEL: Final = "cmdpoint.reproduction"


def script(
    case: Case, target: str, level: Level, predicted: Outcome | ImageConfig, observed: Outcome | ImageConfig
) -> str:
    """Write the script.

    It builds the images under their names in the case, so it refuses to run if images with such names exist.
    It removes what it created, however it ends.

    Args:
        case: The case.
        target: The name of the target; the script uses the same builder.
        level: What it shows: the config of the image, the argv of the created container, or what runs.
        predicted: What the oracle predicts.
        observed: What the target did.
    """
    last = case.images[-1].name if case.images else probe.NAME
    lines = [
        "#!/bin/sh",
        f"# Observed on {target}.",
        "set -eu",
        *_builder(target),
        "",
        *_prologue([probe.NAME, *(image.name for image in case.images)]),
        *_probe(_programs(predicted, observed)),
    ]
    for image in case.images:
        lines += _image_commands(image)
    lines += ["", f"# The oracle predicts: {_one_line(predicted)}"]
    match level:
        case "config":
            lines += [
                f"docker image inspect --format '{key} {{{{json .Config.{key}}}}}' {shlex.quote(last)}"
                for key in ("Entrypoint", "Cmd", "Shell", "OnBuild")
            ]
        case "planned":
            lines += [*_create(case.request, last), _INSPECT]
        case "observed":
            lines += [*_create(case.request, last), _INSPECT, "# What runs, one word on each line:", _START]
    return "\n".join(lines) + "\n"


_INSPECT: Final = "docker inspect --format '{{json .Path}} {{json .Args}}' \"$container\""
_START: Final = "docker start -a \"$container\" | tr '\\0' '\\n'"


def _builder(target: str) -> list[str]:
    number = {"classic": "0", "buildkit": "1"}.get(target.rpartition("/")[2])
    return [] if number is None else [f"export DOCKER_BUILDKIT={number}"]


def _prologue(names: list[str]) -> list[str]:
    listed = shlex.join(dict.fromkeys(names))
    return [
        f"for image in {listed}; do",
        '    if docker image inspect "$image" >/dev/null 2>&1; then',
        '        echo "there is an image called $image already; rename it first" >&2',
        "        exit 1",
        "    fi",
        "done",
        "folder=$(mktemp -d)",
        "container=",
        "clean_up() {",
        '    [ -z "$container" ] || docker rm -f "$container" >/dev/null 2>&1 || true',
        f"    docker image rm -f {listed} >/dev/null 2>&1 || true",
        f"    docker image prune -f --filter label={_LABEL} >/dev/null 2>&1 || true",
        '    rm -rf "$folder"',
        "}",
        "trap clean_up EXIT",
        "trap 'exit 1' HUP INT TERM",
        "",
    ]


def _probe(paths: list[str]) -> list[str]:
    """The base image: one program, which writes its argv, at the paths that the case needs."""
    return [
        f"# The base image `{probe.NAME}`: a program that writes its argv, each word ended by a NUL.",
        "case $(docker version --format '{{.Server.Arch}}') in",
        *(f"{cpu}) probe={base64.b64encode(program(cpu)).decode()} ;;" for cpu in ARCHITECTURES),
        '*) echo "there is no program for the CPU of this engine" >&2; exit 1 ;;',
        "esac",
        'mkdir -p "$folder/probe/root/bin"',
        f"for path in {shlex.join(paths)}; do",
        '    printf %s "$probe" | base64 -d >"$folder/probe/root$path"',
        '    chmod 755 "$folder/probe/root$path"',
        "done",
        f"cat >\"$folder/probe/Dockerfile\" <<'{_END}'",
        "FROM scratch",
        "COPY root /",
        f"ENV PATH={probe.PATH}",
        f"LABEL {_LABEL}=1",
        _END,
        f'docker build -q -t {probe.NAME} "$folder/probe"',
    ]


def _programs(*results: Outcome | ImageConfig) -> list[str]:
    """The paths of the programs that the results start, as far as the base image has them."""
    paths = {"/bin/sh"}
    for result in results:
        if isinstance(result, Process):
            name = result.argv[0]
            folders = [""] if "/" in name else probe.PATH.split(":")
            paths |= {posixpath.normpath(f"/{folder}/{name}").replace("//", "/") for folder in folders}
    return sorted(paths & set(probe.FILES))


def _image_commands(origin: Origin) -> Iterator[str]:
    yield ""
    match origin:
        case Image():
            yield from _image(origin)
        case Commit():
            yield from _create(origin.request, origin.base)
            words = shlex.join([*_change_options(origin.changes), "--"])
            yield f'docker commit {words} "$container" {origin.name}'
            yield 'docker rm "$container"'
        case Import():
            yield f"container=$(docker create {probe.NAME} /a)"
            words = shlex.join([*_change_options(origin.changes), "-", origin.name])
            yield f'docker export "$container" | docker import {words}'
            yield 'docker rm "$container"'
        case Load():
            yield f"echo 'Load an image {origin.name} with this config, then go on:'"
            yield f"echo {shlex.quote(origin.config)}"
            yield "exit 1"
        case Tag():
            yield f"docker tag {origin.base} {origin.name}"


def _change_options(changes: Words) -> Iterator[str]:
    for change in changes:
        yield from ("--change", change)


def _image(image: Image) -> Iterator[str]:
    yield 'mkdir "$folder/context"'
    yield from _file(image.dockerfile, '"$folder/context/Dockerfile"')
    options = ["-t", image.name]
    options += [] if image.target is None else ["--target", image.target]
    for name, value in image.build_args:
        options += ["--build-arg", f"{name}={value}"]
    yield f'docker build {shlex.join(options)} "$folder/context"'
    yield 'rm -r "$folder/context"'


def _file(text: str, path: str) -> Iterator[str]:
    """The command that writes a text to a file, byte by byte as it is."""
    lines = text.split("\n")
    if not all(line.replace("\t", "").isprintable() for line in lines) or _END in lines:
        content = base64.b64encode(text.encode("utf-8", "surrogateescape")).decode()
        yield f"echo {content} | base64 -d >{path}"
    elif text.endswith("\n"):
        yield f"cat >{path} <<'{_END}'"
        yield from lines[:-1]
        yield _END
    else:
        yield f"printf %s {shlex.quote(text)} >{path}"


def _create(request: Request | CommandLine | PyCall, image: str) -> list[str]:
    """The commands that create the container and store its id."""
    if isinstance(request, PyCall):
        return [f"echo 'This needs docker-py: {notation.request(request, image)}'", "exit 1"]
    run = request.words if isinstance(request, CommandLine) else notation.docker_run(request)
    if run is not None:
        words = shlex.join(image if word == IMAGE else word for word in run)
        return [f"container=$(docker create --network none {words})"]
    assert isinstance(request, Request)
    # The docker client cannot make this request.
    body = {"Image": image, "NetworkDisabled": True, **request.body()}
    return [
        "host=${DOCKER_HOST:-$(docker context inspect --format '{{.Endpoints.docker.Host}}')}",
        "answer=$(curl -sS --unix-socket \"${host#unix://}\" -H 'Content-Type: application/json' \\",
        f"    -d {shlex.quote(json.dumps(body))} http://localhost/containers/create)",
        """printf '%s\\n' "$answer\"""",
        """container=$(printf '%s' "$answer" | sed -n 's/.*"Id":"\\([0-9a-f]*\\)".*/\\1/p')""",
        '[ -n "$container" ] || exit 1',
    ]


def _one_line(result: Outcome | ImageConfig) -> str:
    """A result in one line."""
    if isinstance(result, Process):
        return notation.words(result.argv)
    if isinstance(result, ImageConfig):
        return notation.value(result)
    return f"refused at {result.phase}: {result.kind}"
