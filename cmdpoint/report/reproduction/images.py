"""The lines that create the images of a case: with a build, a commit, an import, a load or a tag."""

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode

from cmdpoint.oracle.case import Commit, Image, Import, Load, Origin, Tag, Words
from cmdpoint.report.reproduction.base_image import LABEL, NO_CACHE, OWNER
from cmdpoint.report.reproduction.containers import create
from cmdpoint.report.reproduction.quoting import file, word, words
from cmdpoint.report.reproduction.target import ScriptTarget

BUILD: Final = """\
# BuildKit needs the client's plugin buildx, since Docker 23.0.
case $(docker version --format '{{.Client.Version}}') in
20.*) buildx=included ;;
*)
    buildx=$(docker buildx version 2>/dev/null) || {
        echo "docker buildx is missing: curl builds instead. To use docker build, install the plugin buildx."
        need_api
    } ;;
esac
build() {  # QUERY OPTION...: the query says in the API's words what the options say
    query=$1
    shift
    if [ -n "$buildx" ]; then
        docker build "$@" "$dir/context"
    else
        tar -cf - -C "$dir/context" Dockerfile | api POST "/build?version=2&$query" \\
            -H 'Content-Type: application/x-tar' --data-binary @- >"$dir/log" || return
        sed -n -e 's/.*"message":\\(".*"\\)},"error".*/ERROR: \\1/p' \\
            -e 's/^{"message":\\(".*"\\)}$/ERROR: \\1/p' "$dir/log"
        grep -q '^HTTP 200' "$dir/log" && ! grep -q '"error"' "$dir/log"
    fi
}
""".splitlines()
"""The function that builds with BuildKit, whether or not the client has the plugin for it."""


def image(origin: Origin, target: ScriptTarget) -> Iterator[str]:
    """The lines that create an image; if the engine refuses it, the script ends.

    Args:
        origin: How to create it.
        target: The target.
    """
    client = target.client
    match origin:
        case Image():
            yield from file(origin.dockerfile, '"$dir/context/Dockerfile"')
            yield f"step 'Build the image {origin.name}'"
            yield _build(origin, target)
            yield "code build"
        case Commit():
            yield f"step 'Commit a container of {origin.base} as the image {origin.name}'"
            yield from create(origin.request, origin.base, target)
            options = words([*_format(target), *_changes(origin.changes)])
            yield " ".join(filter(None, (client, "commit", options, '"$container"', origin.name)))
            yield "code commit"
        case Import():
            options = words([*_changes(origin.changes), *_changes((f"LABEL {LABEL}={OWNER}",))])
            yield f"step 'Import the image {origin.name}'"
            yield f'tar -cf - -C "$dir/root" . | {client} import {options} - {origin.name}'
            yield "code import"
        case Load():
            yield f"step 'Load the image {origin.name}'"
            yield from _load(origin, target)
            yield "code load"
        case Tag():
            yield f"step 'Tag the image {origin.base} as {origin.name}'"
            yield f"{client} tag {origin.base} {origin.name}"
            yield "code tag"


def _build(origin: Image, target: ScriptTarget) -> str:
    options = ["-t", origin.name]
    options += [] if origin.target is None else ["--target", origin.target]
    for name, value in origin.build_args:
        options += ["--build-arg", f"{name}={value}"]
    if target.builder == "buildkit":
        query = {"t": origin.name} | ({} if origin.target is None else {"target": origin.target})
        query |= {"buildargs": json.dumps(dict(origin.build_args))} if origin.build_args else {}
        return f"build {word(urlencode(query))} {words(options)}"
    first = _format(target) if target.is_podman else (NO_CACHE,)
    return f'{target.client} build {words([*first, *options])} "$dir/context"'


def _format(target: ScriptTarget) -> Words:
    """The option without which Podman's images have no Shell and no OnBuild."""
    return ("--format", "docker") if target.is_podman else ()


def _changes(changes: Words) -> Iterator[str]:
    for change in changes:
        yield from ("--change", change)


def _load(origin: Load, target: ScriptTarget) -> Iterator[str]:
    config: dict[str, Any] = {**json.loads(origin.config), "Labels": {LABEL: OWNER}}
    yield 'tar -cf "$dir/load/layer.tar" -C "$dir/root" .'
    yield "digest=$(sha256sum <\"$dir/load/layer.tar\" | cut -d ' ' -f 1)"
    yield "cat >\"$dir/load/config.json\" <<'END'"
    yield f'{{"architecture": "ARCHITECTURE", "os": "linux", "history": [{{"created_by": "{OWNER}"}}],'
    yield ' "rootfs": {"type": "layers", "diff_ids": ["sha256:DIGEST"]},'
    yield f' "config": {json.dumps(config)}}}'
    yield "END"
    yield "cat >\"$dir/load/manifest.json\" <<'END'"
    yield f'[{{"Config": "config.json", "RepoTags": ["{origin.name}:latest"], "Layers": ["layer.tar"]}}]'
    yield "END"
    yield 'sed "s/DIGEST/$digest/; s/ARCHITECTURE/$architecture/" "$dir/load/config.json" >"$dir/load/filled"'
    yield 'mv "$dir/load/filled" "$dir/load/config.json"'
    yield f'tar -cf - -C "$dir/load" manifest.json config.json layer.tar | {target.client} load'
