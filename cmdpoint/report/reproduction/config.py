"""The lines that show the config of an image."""

from collections.abc import Iterator
from typing import Final

from cmdpoint.report.reproduction.target import ScriptTarget

_KEYS: Final = ("Entrypoint", "Cmd", "Shell", "OnBuild")

_STRING: Final = r'"([^"\\]|\\.)*"'

_VALUE: Final = rf"(\[( *({_STRING}|null),?)*\]|{_STRING})"
"""A JSON string, or an array of strings and nulls, as an extended regular expression."""


def config(image: str, target: ScriptTarget) -> Iterator[str]:
    """The lines that show the four keys of the config that decide what runs.

    Args:
        image: The name of the image.
        target: The target.
    """
    yield f"step 'The config of the image {image}'"
    if target.is_podman:
        yield "# Podman's inspect hides Shell and OnBuild. An archive has them, and older keys before config."
        yield f'podman save -q -o "$dir/image.tar" {image} || stop "podman save failed"'
        yield """file=$(tar -xOf "$dir/image.tar" manifest.json | sed 's/.*"Config":"\\([^"]*\\)".*/\\1/')"""
        yield """tar -xOf "$dir/image.tar" "$file" | sed 's/.*"config": *{//' |"""
        yield f"    grep -oiE '\"({'|'.join(_KEYS)})\": *{_VALUE}' || echo 'all empty'"
    else:
        keys = "\n".join(f'"{key}":{{{{json .Config.{key}}}}}' for key in _KEYS)
        yield f"docker image inspect {image} --format '{keys}'"
