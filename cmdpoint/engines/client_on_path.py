"""A folder for PATH in which `docker` or `podman` is an engine's own client."""

import shlex
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def client_on_path(product: str, argv: Sequence[str]) -> Iterator[str]:
    """Create the folder, and remove it at the end.

    Args:
        product: The name of the client: `docker` or `podman`.
        argv: The words with which the client is called; none if the engine has no client on this machine.

    Returns:
        The folder.
    """
    with tempfile.TemporaryDirectory(prefix="cmdpoint-path-") as folder:
        if argv:
            client = Path(folder, product)
            client.write_text(f'#!/bin/sh\nexec {shlex.join(_without_host(argv))} "$@"\n')
            client.chmod(0o755)
        yield folder


def _without_host(argv: Sequence[str]) -> Sequence[str]:
    """The words with `DOCKER_HOST` in place of `--host`, which Docker's client takes only once.

    The program that calls the client may name a daemon itself.
    """
    if "--host" not in argv:
        return argv
    at = argv.index("--host")
    return ["env", f"DOCKER_HOST={argv[at + 1]}", *argv[:at], *argv[at + 2 :]]
