"""The lines that build the base image `probe`: every file of it, with its mode."""

import base64
import shlex
import textwrap
from collections.abc import Iterator
from typing import Final

from cmdpoint.engines.probe import ARCHITECTURES, mode, program
from cmdpoint.oracle.files import File
from cmdpoint.oracle.images import probe
from cmdpoint.report.reproduction.target import ScriptTarget

LABEL: Final = "dev.cmdpoint"
"""The label of everything that cmdpoint creates; see `cmdpoint.engines.driver.labels`."""

OWNER: Final = "reproduction"
"""The label's value on what a script creates."""

NO_CACHE: Final = "--no-cache"
"""The option of each classic build: its search for a cached image fails if another client removes one."""


def base_image(target: ScriptTarget) -> Iterator[str]:
    """The lines that build the base image.

    Args:
        target: The target.
    """
    yield f"# The base image {probe.NAME}: a program that writes its argv, with a NUL after each word."
    yield f"case $({target.client} version --format '{{{{.Server.{_ARCHITECTURE[target.is_podman]}}}}}') in"
    for cpu in ARCHITECTURES:
        yield f"*{cpu}) architecture={cpu} program={base64.b64encode(program(cpu)).decode()} ;;"
    yield '*) stop "there is no program for the CPU of this engine" ;;'
    yield "esac"
    yield 'mkdir "$dir/root"'
    yield 'printf %s "$program" | base64 -d >"$dir/program"'
    yield "put() {  # MODE PATH"
    yield '    mkdir -p "$dir/root${2%/*}" && cat >"$dir/root$2" && chmod "$1" "$dir/root$2"'
    yield "}"
    yield from _files()
    yield "cat >\"$dir/Dockerfile\" <<'END'"
    yield "FROM scratch"
    yield "COPY root /"
    yield f"ENV PATH={probe.PATH}"
    yield f"LABEL {LABEL}={OWNER}"
    yield "END"
    docker = f"DOCKER_BUILDKIT=0 docker build {NO_CACHE}"
    builder = "podman build --format docker" if target.is_podman else docker
    yield f'{builder} -q -t {probe.NAME} "$dir" >"$dir/log" 2>&1 || stop "$(cat "$dir/log")"'


_ARCHITECTURE: Final = {False: "Arch", True: "OsArch"}
"""The client's key for the CPU of the engine: Docker's, and Podman's."""


def _files() -> Iterator[str]:
    programs = [path for path, file in probe.FILES.items() if file == File("program")]
    yield "for path in \\"
    lines = textwrap.wrap(shlex.join(programs), 100, break_long_words=False, break_on_hyphens=False)
    yield from (f"    {line} \\" for line in lines[:-1])
    yield f"    {lines[-1]}"
    yield 'do put 755 "$path" <"$dir/program"; done'
    for path, file in probe.FILES.items():
        if path not in programs:
            yield _put(path, file)


def _put(path: str, file: File) -> str:
    if file.kind == "link":
        return f'mkdir -p "$dir/root{path.rpartition("/")[0]}" && ln -s {file.text} "$dir/root{path}"'
    put = f"put {mode(file):o} {path}"
    match file.kind:
        case "script":
            interpreter = " ".join(file.interpreter).replace("\r", "\\r")
            return f"printf '#!{interpreter}\\ntext\\n' | {put}"
        case "text":
            text = (file.text or "text\n").replace("\n", "\\n")
            return f"printf '{text}' | {put}"
    return f'{put} <"$dir/program"'
