"""A script for `sh` that reproduces a case on an engine with the engine's own client, without cmdpoint."""

from collections.abc import Iterable, Iterator

from cmdpoint.oracle.case import Case, Commit, ContainerRequest, Image, PyCall
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.images import probe
from cmdpoint.report.reproduction import containers, images
from cmdpoint.report.reproduction.base_image import LABEL, OWNER, base_image
from cmdpoint.report.reproduction.config import config
from cmdpoint.report.reproduction.target import ScriptTarget


def reproduction_script(
    case: Case,
    target: str,
    level: Level = "observed",
    *,
    comments: Iterable[str] = (),
    shows_statuses: bool = False,
) -> str:
    """Write the script.

    It builds the base image and the case's images under their own names, so it refuses to run if an image
    with such a name exists. It labels what it creates, and removes it however it ends.

    Args:
        case: The case.
        target: The name of the target, such as `docker-28.5.2/buildkit/crun`; the script uses its client,
            builder and runtime.
        level: What the script shows: the config of the last image, the argv of the created container, or what
            process 1 was.
        comments: Lines for the head of the script, such as what is predicted and what was observed.
        shows_statuses: Whether curl sends each `Request`, to show the statuses of the API.

    Returns:
        The text of a POSIX shell script. It prints each exit code; at the level `config` the four keys of the
        config that decide what runs, at `planned` the `Path` and `Args` of the container, and at `observed`
        also the words of process 1. Its exit status is 0 whatever the engine does, and 1 if something that
        the script needs is missing; it prints what.
    """
    head = [f"# {line}".rstrip() for comment in comments for line in comment.splitlines()]
    head.append(f"# Run it with sh, against the same engine as {target}. It removes what it creates.")
    body = _body(case, ScriptTarget.of(target, shows_statuses=shows_statuses), level)
    return "\n".join(["#!/bin/sh", *head, *body]) + "\n"


def _body(case: Case, target: ScriptTarget, level: Level) -> Iterator[str]:
    names = [probe.NAME, *(image.name for image in case.images)]
    yield from _start(target, names)
    yield from _functions(case, target, level)
    yield ""
    yield from base_image(target)
    for image in case.images:
        yield ""
        yield from images.image(image, target)
    yield ""
    yield from _show(case, target, level, names[-1])


def _show(case: Case, target: ScriptTarget, level: Level, image: str) -> Iterator[str]:
    match level:
        case "config":
            yield from config(image, target)
            return
        case "planned":
            yield f"step 'Create a container of {image}'"
            yield from containers.create(case.request, image, target)
        case "observed":
            yield f"step 'Run {image}'"
            yield "container="
            yield from containers.run(case.request, image, target)
    yield from containers.inspect(target)


def _start(target: ScriptTarget, names: Iterable[str]) -> Iterator[str]:
    """Check that everything is there, and arrange that everything is removed."""
    client, all_names = target.client, " ".join(dict.fromkeys(names))
    yield "set -u"
    if target.builder in ("classic", "buildkit"):
        yield f"export DOCKER_BUILDKIT={int(target.builder == 'buildkit')}"
    if target.runtime:
        yield f"# The engine needs the runtime {target.runtime}; {client} info lists those that it has."
    variable = "CONTAINER_HOST" if target.is_podman else "DOCKER_HOST"
    yield 'stop() { echo "$*" >&2; exit 1; }'
    yield f'command -v {client} >/dev/null || stop "{client} is missing: install this command-line client"'
    yield f'{client} version >/dev/null || stop "no engine answers: start one, or set {variable}"'
    yield f"for image in {all_names}; do"
    yield f'    {client} image inspect "$image" >/dev/null 2>&1 && stop "an image $image exists: rename it"'
    yield "done"
    yield 'dir=$(mktemp -d) && mkdir "$dir/context" "$dir/load" || exit 1'
    yield "clean_up() {"
    yield f"    {client} ps -aq --filter label={LABEL}={OWNER} | xargs {client} rm -f"
    yield f"    {client} image rm -f {all_names}"
    yield f"    {client} image prune -f --filter label={LABEL}={OWNER}"
    yield '    rm -rf "$dir"'
    yield "} >/dev/null 2>&1"
    yield "trap clean_up EXIT"
    yield "trap 'exit 1' HUP INT TERM"


def _functions(case: Case, target: ScriptTarget, level: Level) -> Iterator[str]:
    """Define the functions that the rest of the script uses."""
    yield "step() { printf '\\n== %s\\n' \"$1\"; }"
    yield 'code() { code=$?; echo "exit code of $1: $code"; [ "$code" = 0 ] || exit 0; }'
    if level == "observed":
        yield from containers.SHOW_OUTPUT
    requests: list[ContainerRequest] = [image.request for image in case.images if isinstance(image, Commit)]
    requests += [] if level == "config" else [case.request]
    raw = any(containers.needs_api(request, target) for request in requests)
    buildkit = target.builder == "buildkit" and any(isinstance(image, Image) for image in case.images)
    if raw or buildkit or isinstance(case.request, PyCall):
        yield from containers.host(target)
    if raw or buildkit:
        yield from containers.api(target)
    if raw:
        yield "need_api"
    if buildkit:
        yield from images.BUILD
