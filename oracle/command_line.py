"""From the words of `docker run` to the request it makes."""

from collections.abc import Sequence

from oracle.model import Request


def request(entrypoint: str | None, arguments: Sequence[str]) -> Request:
    """The request that `docker run` makes.

    Args:
        entrypoint: The value of `--entrypoint`: one word, whatever it holds; None where it is not given.
        arguments: The words after the image.

    Source: docker/cli, `cli/command/container/opts.go:parse`.
    """
    return Request(None if entrypoint is None else (entrypoint,), tuple(arguments) or None)
