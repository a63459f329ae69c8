"""Findings about the command line: options behind the image, and arguments without a program."""

import re
from collections.abc import Iterator
from typing import Final

from cmdpoint.findings.finding import Finding
from cmdpoint.oracle.case import Words

_LONG: Final = frozenset(
    {
        *("add-host", "cap-add", "cap-drop", "cpus", "device", "detach", "dns", "entrypoint", "env-file"),
        *(
            "gpus",
            "interactive",
            "ipc",
            "mount",
            "network",
            "privileged",
            "publish",
            "publish-all",
            "restart",
        ),
        *("rm", "security-opt", "shm-size", "tmpfs", "tty", "ulimit", "volume", "volumes-from", "workdir"),
    }
)
_SHORT: Final = re.compile(r"-(?:it|ti|itd|dit|d|P)")
_SHORT_VALUED: Final = re.compile(r"-[vp]")


def options_behind_image(arguments: Words, client: str) -> Iterator[Finding]:
    """Yield a finding if words behind the image look like options of the client.

    Args:
        arguments: The words behind the image.
        client: `docker` or `podman`.
    """
    found = [word for at, word in enumerate(arguments) if _is_option(word, arguments[at + 1 : at + 2])]
    if not found:
        return
    several = ", ".join(dict.fromkeys(found[:3]))
    yield Finding(
        weight=0,
        rule="CLI-1",
        message=f"{several} behind the image: {client} run does not read it, the container's program gets it",
        advice=f"move it before the image: {client} run {' '.join(_moved(arguments))} IMAGE"
        if found[0] == arguments[0]
        else "move options before the image",
    )


def image_among_arguments(image: str | None, arguments: Words) -> Iterator[Finding]:
    """Yield a finding if the word IMAGE is an argument, because another word is taken for the image."""
    if image is not None and image != "IMAGE" and "IMAGE" in arguments:
        yield Finding(
            weight=0,
            rule="CLI-1",
            message=f"{image!r} is taken for the image, and IMAGE is an argument",
            advice="quote blanks in option values, and remove stray words before IMAGE",
        )


def _is_option(word: str, following: Words) -> bool:
    if word.startswith("--"):
        return word[2:].partition("=")[0] in _LONG
    if _SHORT.fullmatch(word):
        return True
    return bool(_SHORT_VALUED.fullmatch(word) and following and ":" in following[0])


def _moved(arguments: Words) -> Iterator[str]:
    """The words at the front that belong to options."""
    for at, word in enumerate(arguments):
        is_value = at > 0 and arguments[at - 1].startswith("-") and "=" not in arguments[at - 1]
        if not word.startswith("-") and not is_value:
            return
        yield word
